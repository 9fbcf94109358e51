#include "resources/proxmox/vm/vm_delete.h"

#include <string>
#include <utility>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_identity.h"
#include "resources/proxmox/vm/vm_power.h"
#include "resources/proxmox/vm/vm_steps.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;

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

std::vector<std::string> KeptDisks(const ProxmoxVm& state) {
  std::vector<std::string> kept;
  if (!state.disks.has_value()) return kept;
  for (const auto& [slot, disk] : *state.disks) {
    if (disk.has_value() && disk->keep_on_destroy.value_or(false)) kept.push_back(slot);
  }
  return kept;
}

// Every volume belongs to a VM and goes with it, so those that are to stay get a VM of their own.
absl::Status KeepDisks(Api& api, const proxmox::LocatedVm& located, const ProxmoxVm& state,
                       VmContext& context) {
  std::vector<std::string> slots;
  for (const std::string& slot : KeptDisks(state)) {
    if (located.config.Find(slot) != nullptr) slots.push_back(slot);
  }
  if (slots.empty()) return absl::OkStatus();
  CallLimits const limits = context.limits();
  std::string const name = state.name.value_or(Cat({"vm-", std::to_string(located.vm.vmid)}));
  proxmox::Parameters const parameters = {
      {"name", Cat({name, "-kept"})},
      {"description", Cat({"Disks of VM ", std::to_string(located.vm.vmid), " (", name,
                           "), which was destroyed with keep_on_destroy."})}};
  ASSIGN_OR_RETURN(proxmox::NewVm const keeper,
                   api.CreateVm({.vmid = 0, .node = located.vm.node}, parameters, {}, limits));
  for (const std::string& slot : slots) {
    RETURN_IF_ERROR(
        api.MoveDisk(located.vm, {.disk = slot, .target_vmid = keeper.vm.vmid, .target_disk = slot}, limits)
            .status());
  }
  context.diagnostics().AddWarning(
      "Disks were kept", Cat({Join(slots, ", "), " of VM ", std::to_string(located.vm.vmid), " belong to VM ",
                              std::to_string(keeper.vm.vmid), " \"", name, "-kept\" on node ", keeper.vm.node,
                              " now. It is managed by nothing: import it, or delete it by hand."}));
  return absl::OkStatus();
}

// The task's word is not taken for it.
absl::Status ExpectGone(Api& api, const proxmox::LocatedVm& deleted, VmContext& context) {
  auto config = api.ReadConfig(deleted.vm, context.limits());
  // NotFound is what is hoped for. With nothing left that grants a right to it, it may be a refusal as well.
  if (!config.ok()) return absl::OkStatus();
  proxmox::LocatedVm const found{.vm = deleted.vm, .config = *std::move(config)};
  bool const somebody_elses = !CheckSameVm(found, context.private_state()).ok();
  if (somebody_elses) return absl::OkStatus();
  return absl::FailedPreconditionError(Cat(
      {"The VM is still there\nProxmox says that VM ", std::to_string(deleted.vm.vmid), " on node ",
       deleted.vm.node,
       " was deleted, and has its configuration all the same. It stays in state. Look at the tasks of the node, and "
       "destroy it again."}));
}

}  // namespace

absl::Status DeleteVm(Api& api, const ProxmoxVm& state, VmContext& context) {
  CallLimits const limits = context.limits();
  ASSIGN_OR_RETURN(proxmox::LocatedVm const located, FindVm(api, state, context));
  RETURN_IF_ERROR(RefuseProtected(located));
  ASSIGN_OR_RETURN(proxmox::VmStatus const status, api.ReadStatus(located.vm, limits));
  // HA would start again what we stop.
  if (status.ha_managed) RETURN_IF_ERROR(api.RemoveHa(located.vm.vmid, limits));
  if (status.running()) RETURN_IF_ERROR(StopVm(api, located.vm, state.shutdown, limits));
  RETURN_IF_ERROR(KeepDisks(api, located, state, context));
  ASSIGN_OR_RETURN(proxmox::TaskResult const task, api.DeleteVm(located.vm, {}, limits));
  ShowWarnings(located.vm, task.warnings, context);
  return ExpectGone(api, located, context);
}

}  // namespace fediversity::resources
