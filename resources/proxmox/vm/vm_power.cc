#include "resources/proxmox/vm/vm_power.h"

#include <algorithm>

#include "absl/time/time.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/base/clock.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_addresses.h"

namespace fediversity::resources {
namespace {

constexpr absl::Duration kFirstLookPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestLookPause = absl::Seconds(1);

// How long a guest gets to shut down.
absl::Duration ShutdownTimeout(const schema::Value<VmShutdown>& shutdown) {
  absl::Duration timeout = absl::Minutes(3);
  if (shutdown.has_value() && shutdown->timeout.has_value()) {
    absl::ParseDuration(*shutdown->timeout, &timeout);  // a rule has checked it
  }
  return timeout;
}

bool MayForce(const schema::Value<VmShutdown>& shutdown) {
  return !shutdown.has_value() || shutdown->force.value_or(true);
}

}  // namespace

absl::Status StopVm(proxmox::Api& api, const proxmox::VmId& vm, const schema::Value<VmShutdown>& shutdown,
                    const CallLimits& limits) {
  return api.Shutdown(vm, {.timeout = ShutdownTimeout(shutdown), .force_stop = MayForce(shutdown)}, limits)
      .status();
}

absl::StatusOr<proxmox::TaskResult> RebootVm(proxmox::Api& api, const proxmox::VmId& vm,
                                             const schema::Value<VmShutdown>& shutdown,
                                             const CallLimits& limits) {
  auto rebooted = api.Reboot(vm, ShutdownTimeout(shutdown), limits);
  bool const hangs = proxmox::CauseOf(rebooted.status()) == proxmox::Cause::kGuestTimeout;
  if (!hangs || !MayForce(shutdown)) return rebooted;
  RETURN_IF_ERROR(api.Stop(vm, limits).status());
  return api.Start(vm, limits);
}

absl::StatusOr<std::vector<proxmox::GuestInterface>> AwaitAddresses(proxmox::Api& api,
                                                                    const proxmox::VmId& vm,
                                                                    const std::string& wanted,
                                                                    const ProxmoxVm& described,
                                                                    const CallLimits& limits) {
  SystemClock clock;
  absl::Duration pause = kFirstLookPause;
  while (true) {
    auto interfaces = api.ReadGuestInterfaces(vm, limits);
    if (interfaces.ok() && HasWantedAddress(wanted, AddressesOf(described, *interfaces))) return interfaces;
    // A guest that boots does not answer yet; one without an agent, or that may not be asked, never will.
    bool const may_pass = interfaces.ok() || absl::IsUnavailable(interfaces.status());
    if (!may_pass) return schema::OnAttribute(interfaces.status(), "agent");
    if (clock.Now() + pause > limits.deadline) {
      return schema::OnAttribute(
          absl::DeadlineExceededError(
              Cat({"The guest has told no address in time\nVM ", std::to_string(vm.vmid), " on node ",
                   vm.node, " runs, but its agent has not named an address of the kind \"", wanted,
                   "\" on a network card of the VM. ",
                   interfaces.ok() ? "The agent answers: look at the guest's network."
                                   : Cat({"The agent said: ", ToStd(interfaces.status().message())}),
                   " Give it longer with `timeouts`, or leave `agent.wait_for_ip` out."})),
          wire::Path().Child("agent").Child("wait_for_ip"));
    }
    RETURN_IF_ERROR(clock.Sleep(pause, limits.cancel, "the guest's addresses"));
    pause = std::min(pause * 2, kLongestLookPause);
  }
}

}  // namespace fediversity::resources
