#include "resources/proxmox/vm/vm_delete.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/cause.h"
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
  proxmox::HaRequest request{
      .state = ha.state, .max_restart = ha.max_restart, .max_relocate = ha.max_relocate};
  if (!ha.group.empty()) request.group = ha.group;
  if (!ha.comment.empty()) request.comment = ha.comment;
  return request;
}

absl::Status RefuseProtected(const proxmox::LocatedVm& vm) {
  const std::string* const protection = vm.config.Find("protection");
  if (protection == nullptr || *protection != "1") return absl::OkStatus();
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"The VM is protected\nVM ", std::to_string(vm.vm.vmid), " on node ", vm.vm.node,
           " has `protection` on, so Proxmox refuses to delete it. Nothing was changed. Set `protection = false`, apply, "
           "and destroy it then."})),
      "protection");
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
  bool const somebody_elses = !CheckSameVm(found, context.private_state()).ok();
  if (somebody_elses) return absl::OkStatus();
  return absl::FailedPreconditionError(Cat(
      {"The VM is still there\nProxmox says that VM ", std::to_string(deleted.vm.vmid), " on node ",
       deleted.vm.node,
       " was deleted, and has its configuration all the same. It stays in state. Look at the tasks of the node, and "
       "destroy it again."}));
}

// HA would start again what we stop, so the VM leaves it first, and comes back where it could not be stopped.
absl::Status StopForGood(Api& api, const proxmox::VmId& vm, const proxmox::VmStatus& status,
                         const ProxmoxVm& state, VmContext& context) {
  CallLimits const limits = context.limits();
  std::optional<proxmox::HaResource> ha;
  if (status.ha_managed) {
    ASSIGN_OR_RETURN(ha, api.ReadHa(vm.vmid, limits));
    RETURN_IF_ERROR(api.RemoveHa(vm.vmid, limits));
  }
  if (!status.running()) return absl::OkStatus();
  absl::Status stopped = StopVm(api, vm, state.shutdown, limits);
  if (stopped.ok() || !ha.has_value()) return stopped;
  // What has ended the operation must not keep the VM out of HA.
  CancelToken const uninterrupted;
  absl::Status const back = api.SetHa(vm.vmid, RequestOf(*ha), {uninterrupted, absl::Now() + kPatienceForHa});
  if (back.ok()) return stopped;
  return {stopped.code(),
          Cat({ToStd(stopped.message()), "\n\nVM ", std::to_string(vm.vmid), " is out of HA, where it was \"",
               ha->state, "\", and could not be put back: ", ToStd(back.message())})};
}

absl::Status DeleteOnce(Api& api, const ProxmoxVm& state, VmContext& context) {
  CallLimits const limits = context.limits();
  ASSIGN_OR_RETURN(proxmox::LocatedVm const located, FindVm(api, state, context));
  RETURN_IF_ERROR(RefuseProtected(located));
  ASSIGN_OR_RETURN(proxmox::VmStatus const status, api.ReadStatus(located.vm, limits));
  RETURN_IF_ERROR(StopForGood(api, located.vm, status, state, context));
  RETURN_IF_ERROR(KeepDisks(api, located, state, context));
  ASSIGN_OR_RETURN(proxmox::TaskResult const task, api.DeleteVm(located.vm, {}, limits));
  ShowWarnings(located.vm, task.warnings, context);
  return ExpectGone(api, located, context);
}

}  // namespace

absl::Status DeleteVm(Api& api, const ProxmoxVm& state, VmContext& context) {
  constexpr int kMoves = 3;
  absl::Status deleted;
  for (int i = 0; i < kMoves; ++i) {
    deleted = DeleteOnce(api, state, context);
    // A node that has it no longer may have passed it on: only FindVm() knows that a VM is gone.
    bool const moved = proxmox::CauseOf(deleted) == proxmox::Cause::kNoSuchVm && !absl::IsNotFound(deleted);
    if (!moved) return deleted;
  }
  return deleted;
}

}  // namespace fediversity::resources
