#include "resources/proxmox/vm/vm_delete.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/lock_retry.h"
#include "provider/base/clock.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/kept_disks.h"
#include "resources/proxmox/vm/vm_identity.h"
#include "resources/proxmox/vm/vm_power.h"
#include "resources/proxmox/vm/vm_steps.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;

constexpr absl::Duration kPatienceForHa = absl::Seconds(10);

proxmox::HaRequest RequestOf(const proxmox::HaResource& ha) {
  proxmox::HaRequest request{.state = ha.state == "enabled" ? "started" : ha.state,
                             .max_restart = ha.max_restart,
                             .max_relocate = ha.max_relocate};
  if (!ha.group.empty()) request.group = ha.group;
  if (!ha.comment.empty()) request.comment = ha.comment;
  return request;
}

absl::Status RefuseProtected(const proxmox::LocatedVm& vm) {
  if (!vm.config.Holds("protection", "1")) return absl::OkStatus();
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"The VM is protected\nVM ", std::to_string(vm.vm.vmid), " on node ", vm.vm.node,
           " has `protection` on, so Proxmox refuses to delete it. Nothing was changed. Set `protection = false`, apply, "
           "and destroy it then."})),
      "protection");
}

// Deleting takes another privilege than stopping.
absl::Status RefuseForbidden(Api& api, const proxmox::VmId& vm, const CallLimits& limits) {
  std::string const path = Cat({"/vms/", std::to_string(vm.vmid)});
  auto const privileges = api.ReadPrivileges(path, limits);
  if (!privileges.ok() || privileges->contains("VM.Allocate")) return absl::OkStatus();
  return absl::PermissionDeniedError(
      Cat({"The credentials may not delete the VM\nVM ", std::to_string(vm.vmid), " on node ", vm.node,
           " was left as it is: to delete it takes VM.Allocate on ", path,
           ". Grant it there, or on a path above it."}));
}

// The task's word is not taken for it.
absl::Status ExpectGone(Api& api, const proxmox::LocatedVm& deleted, VmContext& context) {
  auto config = api.ReadConfig(deleted.vm, context.limits());
  // With nothing left that grants a right to it, being gone is a refusal as well.
  bool const gone = proxmox::CauseOf(config.status()) == proxmox::Cause::kNoSuchVm ||
                    absl::IsPermissionDenied(config.status());
  if (gone) return absl::OkStatus();
  RETURN_IF_ERROR(config.status());
  proxmox::LocatedVm const found{.vm = deleted.vm, .config = *std::move(config)};
  bool const half_gone = found.config.Holds("lock", "destroyed");
  bool const somebody_elses = !half_gone && !CheckSameVm(found, context.private_state()).ok();
  if (somebody_elses) return absl::OkStatus();
  return absl::FailedPreconditionError(Cat(
      {"The VM is still there\nProxmox says that VM ", std::to_string(deleted.vm.vmid), " on node ",
       deleted.vm.node,
       " was deleted, and has its configuration all the same. It stays in state. Look at the tasks of the node, and "
       "destroy it again."}));
}

// One destruction, with what it has to put right where it does not get to the end.
class Destruction {
 public:
  Destruction(Api& api, const ProxmoxVm& state, VmContext& context)
      : api_(api),
        state_(state),
        context_(context),
        limits_(context.limits()) {}

  absl::Status Run() {
    constexpr int kMoves = 3;
    absl::Status deleted;
    for (int i = 0; i < kMoves; ++i) {
      deleted = DeleteOnce();
      // A node that has it no longer may have passed it on: only FindVm() knows that a VM is gone.
      bool const moved = proxmox::CauseOf(deleted) == proxmox::Cause::kNoSuchVm && !absl::IsNotFound(deleted);
      if (!moved) break;
    }
    bool const is_there = !deleted.ok() && !absl::IsNotFound(deleted);
    return is_there && ha_.has_value() ? BackIntoHa(deleted) : deleted;
  }

 private:
  absl::Status DeleteOnce() {
    ASSIGN_OR_RETURN(proxmox::LocatedVm located, FindVm(api_, state_, context_));
    RETURN_IF_ERROR(RefuseProtected(located));
    ASSIGN_OR_RETURN(proxmox::VmStatus const status, api_.ReadStatus(located.vm, limits_));
    // What cannot be done is known before the VM is stopped.
    if (status.running() || status.ha_managed) RETURN_IF_ERROR(RefuseForbidden(api_, located.vm, limits_));
    if (!keeper_.has_value()) {
      ASSIGN_OR_RETURN(keeper_, PrepareKeeper(api_, located, status.running(), state_, context_));
    }
    if (status.ha_managed) RETURN_IF_ERROR(SuspendHa(located.vm));
    if (status.running()) {
      RETURN_IF_ERROR(StopVm(api_, located.vm, state_.shutdown, limits_));
      // A VM that ran has given up only now what was to leave it.
      ASSIGN_OR_RETURN(located.config, api_.ReadConfig(located.vm, limits_));
      RETURN_IF_ERROR(CheckSameVm(located, context_.private_state()));
    }
    RETURN_IF_ERROR(KeepDisks(api_, located, state_, keeper_, incomplete_, context_));
    // Deleting the VM would leave the rules that name it, for the next one of its VMID.
    if (ha_.has_value()) {
      absl::Status const removed = api_.RemoveHa(located.vm.vmid, limits_);
      without_rules_ = without_rules_ || !proxmox::IsDefinite(removed);
      RETURN_IF_ERROR(removed);
    }
    ASSIGN_OR_RETURN(proxmox::TaskResult const task, Delete(located));
    ShowWarnings(located.vm, task.warnings, context_);
    return ExpectGone(api_, located, context_);
  }

  // Behind a lock somebody may make another VM of this number, so what has it is looked at before each further try.
  absl::StatusOr<proxmox::TaskResult> Delete(proxmox::LocatedVm& located) {
    constexpr auto kWaitedFor = proxmox::Locks::kBeforeAnything;
    SystemClock clock;
    bool again = false;
    std::string const what =
        Cat({"VM ", std::to_string(located.vm.vmid), ": waiting for a lock to delete it"});
    auto const attempt = [&]() -> absl::StatusOr<proxmox::TaskResult> {
      if (std::exchange(again, true)) {
        ASSIGN_OR_RETURN(located, FindVm(api_, state_, context_));
      }
      auto task = api_.DeleteVm(located.vm, {}, limits_);
      bool const locked = proxmox::PassesByItself(proxmox::CauseOf(task.status()), kWaitedFor);
      deleting_ = !locked && !proxmox::IsDefinite(task.status());
      return task;
    };
    return proxmox::RetryLocked(clock, limits_, kWaitedFor, what, attempt);
  }

  // HA would start again what we stop. While it ignores a VM, all that it knows of it stays.
  absl::Status SuspendHa(const proxmox::VmId& vm) {
    ASSIGN_OR_RETURN(auto const found, api_.ReadHa(vm.vmid, limits_));
    if (!found.has_value() || found->state == "ignored") return absl::OkStatus();
    absl::Status set = api_.SetHa(vm.vmid, {.state = "ignored"}, limits_);
    if (!proxmox::IsDefinite(set)) ha_ = found;
    return set;
  }

  absl::Status BackIntoHa(const absl::Status& why) {
    std::string const vm = Cat({"\n\nVM ", std::to_string(*state_.vmid)});
    std::string const before = Cat({"in HA, where it was \"", ha_->state, "\""});
    if (deleting_ && proxmox::MayGoOn(why)) {
      // HA would have the next VM of this VMID, too.
      return {why.code(), Cat({ToStd(why.message()), vm, " is no longer ", before,
                               ", and was not put back, for it may still be deleted."})};
    }
    proxmox::HaRequest request = RequestOf(*ha_);
    bool const stays_off = (incomplete_ || deleting_) && request.state == "started";
    if (stays_off) request.state = "stopped";
    // What has ended the operation must not keep the VM out of HA.
    CancelToken const uninterrupted;
    absl::Status const back =
        api_.SetHa(*state_.vmid, request, {uninterrupted, absl::Now() + kPatienceForHa});
    if (!back.ok()) {
      return {why.code(), Cat({ToStd(why.message()), vm, " is no longer looked after ", before,
                               ", and could not be put back: ", ToStd(back.message())})};
    }
    std::string message(ToStd(why.message()));
    if (stays_off) {
      message += Cat({vm, " is back ", before, ", but as \"stopped\", for it may lack some of its disks."});
    }
    if (without_rules_)
      message += Cat({vm, " is in no HA rule any more. Where one named it, name it there again."});
    return {why.code(), message};
  }

  Api& api_;
  const ProxmoxVm& state_;
  VmContext& context_;
  CallLimits limits_;
  std::optional<proxmox::VmId> keeper_;
  std::optional<proxmox::HaResource> ha_;  // what it was there, before we took it out
  bool without_rules_ = false;             // those of HA that named it do so no longer
  bool incomplete_ = false;                // it may lack disks that are kept
  bool deleting_ = false;                  // Proxmox was told to delete it
};

}  // namespace

absl::Status DeleteVm(Api& api, const ProxmoxVm& state, VmContext& context) {
  return Destruction(api, state, context).Run();
}

}  // namespace fediversity::resources
