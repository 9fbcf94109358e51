#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/backends/proxmox/pause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

// A reboot's task ends when the guest is down; what watches the VMs then starts it again.
constexpr absl::Duration kPatienceForReboot = absl::Minutes(2);

// `result`, or success where it failed because the VM is there already: somebody else, or HA, was faster.
absl::StatusOr<TaskResult> UnlessDone(absl::StatusOr<TaskResult> result, Cause done) {
  if (CauseOf(result.status()) == done) return TaskResult{};
  return result;
}

std::string Seconds(absl::Duration duration) {
  return absl::StrCat(
      std::max<std::int64_t>(0, absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)))));
}

}  // namespace

absl::Status HttpApi::ExpectPower(const VmId& vm, Power wanted, absl::Duration patience,
                                  std::string_view doing, const CallLimits& limits) {
  std::string const what = What(vm, doing);
  absl::Time const give_up = clock_.Now() + patience;
  for (absl::Duration pause = kFirstPause;; pause = PauseAfter(pause)) {
    ASSIGN_OR_RETURN(VmStatus const status, ReadStatus(vm, limits));
    // HA carries it out, and from now on wants it so.
    if (status.ha_managed) ha_.Drop();
    if (status.running() == (wanted == Power::kRunning)) return absl::OkStatus();
    if (status.ha_managed && status.ha_state == "error") {
      return absl::FailedPreconditionError(ToAbsl(Cat(
          {what, ": HA has given up\nThe VM is ", status.status,
           ", and its state in HA is \"error\": look at its tasks for the reason, take it out of HA or set it "
           "to \"disabled\" there, and try again."})));
    }
    absl::Time const now = clock_.Now();
    if (!status.ha_managed && now >= give_up) {
      return absl::FailedPreconditionError(
          ToAbsl(Cat({what, ": it is ", status.status,
                      " all the same\nThe server says that the task succeeded. QEMU says ",
                      status.qmp_status.empty() ? "nothing" : status.qmp_status,
                      ". Look at the VM's console and at its tasks."})));
    }
    if (now + pause >= limits.deadline) {
      return absl::DeadlineExceededError(
          ToAbsl(Cat({what, ": it is still ", status.status,
                      status.ha_managed ? "\nThe HA manager has yet to do it." : ""})));
    }
    RETURN_IF_ERROR(clock_.Sleep(pause, limits.cancel, Cat({what, ": waiting for it"})));
  }
}

absl::StatusOr<TaskResult> HttpApi::Start(const VmId& vm, const CallLimits& limits) {
  ASSIGN_OR_RETURN(TaskResult result, UnlessDone(Run({.method = http::Method::kPost,
                                                      .path = PathOf(vm, {"status", "start"}),
                                                      .what = What(vm, "starting it")},
                                                     OnAbandon::kLeave, Locks::kBeforeAnything, limits),
                                                 Cause::kRunning));
  RETURN_IF_ERROR(ExpectPower(vm, Power::kRunning, absl::ZeroDuration(), "starting it", limits));
  return result;
}

absl::StatusOr<TaskResult> HttpApi::Shutdown(const VmId& vm, const ShutdownRequest& request,
                                             const CallLimits& limits) {
  Parameters parameters = {{"timeout", Seconds(request.timeout)}};
  if (request.force_stop) parameters.emplace_back("forceStop", "1");
  ASSIGN_OR_RETURN(TaskResult result, UnlessDone(Run({.method = http::Method::kPost,
                                                      .path = PathOf(vm, {"status", "shutdown"}),
                                                      .parameters = std::move(parameters),
                                                      .what = What(vm, "shutting it down")},
                                                     OnAbandon::kLeave, Locks::kBeforeAnything, limits),
                                                 Cause::kNotRunning));
  RETURN_IF_ERROR(ExpectPower(vm, Power::kStopped, absl::ZeroDuration(), "shutting it down", limits));
  return result;
}

absl::StatusOr<TaskResult> HttpApi::Stop(const VmId& vm, const CallLimits& limits) {
  ASSIGN_OR_RETURN(TaskResult result, UnlessDone(Run({.method = http::Method::kPost,
                                                      .path = PathOf(vm, {"status", "stop"}),
                                                      .what = What(vm, "stopping it")},
                                                     OnAbandon::kLeave, Locks::kBeforeAnything, limits),
                                                 Cause::kNotRunning));
  RETURN_IF_ERROR(ExpectPower(vm, Power::kStopped, absl::ZeroDuration(), "stopping it", limits));
  return result;
}

absl::StatusOr<TaskResult> HttpApi::Reboot(const VmId& vm, absl::Duration timeout, const CallLimits& limits) {
  ASSIGN_OR_RETURN(TaskResult result, Run({.method = http::Method::kPost,
                                           .path = PathOf(vm, {"status", "reboot"}),
                                           .parameters = {{"timeout", Seconds(timeout)}},
                                           .what = What(vm, "rebooting it")},
                                          OnAbandon::kLeave, Locks::kBeforeAnything, limits));
  RETURN_IF_ERROR(ExpectPower(vm, Power::kRunning, kPatienceForReboot, "rebooting it", limits));
  return result;
}

}  // namespace fediversity::proxmox
