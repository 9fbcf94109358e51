#include "resources/proxmox/vm/vm_steps.h"

#include <utility>

#include "provider/backends/proxmox/cause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/drive_slots.h"
#include "resources/proxmox/vm/unset.h"
#include "resources/proxmox/vm/vm_parts.h"
#include "resources/proxmox/vm/vm_power.h"

namespace fediversity::resources {

absl::Status MigrateAsPlanned(proxmox::Api& api, proxmox::VmId& vm, bool running, const ProxmoxVm& plan,
                              VmContext& context) {
  if (!plan.node.has_value() || *plan.node == vm.node) return absl::OkStatus();
  proxmox::MigrateRequest request{.target = *plan.node, .online = running};
  if (plan.migration.has_value()) {
    request.with_local_disks = plan.migration->with_local_disks.value_or(false);
    request.target_storage = plan.migration->target_storage.value_or("");
  }
  ASSIGN_OR_RETURN(proxmox::TaskResult const task, api.Migrate(vm, request, context.limits()));
  vm.node = *plan.node;
  ShowWarnings(vm, task.warnings, context);
  return absl::OkStatus();
}

absl::StatusOr<bool> UnplugCloudInit(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& plan,
                                     const VmOptions& planned, const proxmox::VmConfig& config,
                                     const CallLimits& limits) {
  bool const stays = plan.cloud_init.has_value() && !plan.cloud_init->storage.value_or("").empty();
  if (!stays) return false;
  VmOptions held(config.values);
  for (const std::string& slot : planned.ToRemove()) {
    if (!IsCloudInitSlot(held, slot)) continue;
    RETURN_IF_ERROR(api.UpdateConfig(vm, {}, {slot}, config.digest, limits));
    return true;
  }
  return false;
}

absl::Status RestoreBootOrder(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& plan,
                              VmContext& context) {
  bool const is_unset = IsUnset(plan, "boot");
  if (!is_unset && !plan.boot_order.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(proxmox::VmConfig const config, ReadToChange(api, vm, context));
  // Asked for in any case: what it reads as does not show what Proxmox wrote for the next start.
  if (is_unset) return api.UpdateConfig(vm, {}, {"boot"}, config.digest, context.limits());
  VmOptions options(config.values);
  ProxmoxVm held;
  RETURN_IF_ERROR(ReadVmOptions(options, held));
  ProxmoxVm wanted = held;
  wanted.boot_order = plan.boot_order;
  RETURN_IF_ERROR(WriteVmOptions(&held, wanted, options));
  if (!options.changed()) return absl::OkStatus();
  return api.UpdateConfig(vm, options.ToSet(), options.ToRemove(), config.digest, context.limits());
}

absl::Status ChangeHighAvailability(proxmox::Api& api, std::int64_t vmid, const ProxmoxVm* prior,
                                    const ProxmoxVm& plan, const CallLimits& limits) {
  if (!plan.ha.has_value() || (prior != nullptr && prior->ha == plan.ha)) return absl::OkStatus();
  const VmHighAvailability& ha = *plan.ha;
  if (*ha.state == "none") {
    return prior != nullptr && prior->ha.has_value() ? api.RemoveHa(vmid, limits) : absl::OkStatus();
  }
  proxmox::HaRequest request{.state = *ha.state};
  if (ha.group.has_value()) request.group = *ha.group;
  if (ha.max_restart.has_value()) request.max_restart = *ha.max_restart;
  if (ha.max_relocate.has_value()) request.max_relocate = *ha.max_relocate;
  absl::Status status = api.SetHa(vmid, request, limits);
  if (proxmox::CauseOf(status) != proxmox::Cause::kNoHaGroups) return status;
  return schema::OnAttribute(std::move(status), wire::Path().Child("ha").Child("group"));
}

absl::Status ChangePower(proxmox::Api& api, const proxmox::VmId& vm, bool running, const ProxmoxVm& plan,
                         VmContext& context, VmKnowledge& known) {
  CallLimits const limits = context.limits();
  known.running = running;
  if (!plan.started.has_value()) return absl::OkStatus();
  if (running && !*plan.started) {
    RETURN_IF_ERROR(StopVm(api, vm, plan.shutdown, limits));
    known.running = false;
  } else if (!running && *plan.started) {
    ASSIGN_OR_RETURN(proxmox::TaskResult const task, api.Start(vm, limits));
    ShowWarnings(vm, task.warnings, context);
    known.running = true;
    if (plan.agent.has_value() && plan.agent->wait_for_ip.has_value()) {
      ASSIGN_OR_RETURN(proxmox::VmConfig const config, api.ReadConfig(vm, limits));
      ProxmoxVm described;
      VmOptions options(config.values);
      RETURN_IF_ERROR(ReadVmOptions(options, described));
      auto told = AwaitAddresses(api, vm, *plan.agent->wait_for_ip, described, limits);
      known.silence = told.status();
      if (told.ok()) known.interfaces = *std::move(told);
    }
  }
  return absl::OkStatus();
}

void ShowWarnings(const proxmox::VmId& vm, const std::vector<std::string>& warnings, VmContext& context) {
  if (warnings.empty()) return;
  context.diagnostics().AddWarning("Proxmox did it, with warnings",
                                   Cat({"The task on VM ", std::to_string(vm.vmid), " (node ", vm.node,
                                        ") ended well and said:\n", Join(warnings, "\n")}));
}

}  // namespace fediversity::resources
