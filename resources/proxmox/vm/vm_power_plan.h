#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_POWER_PLAN_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_POWER_PLAN_H_

// `started` and the state of HA, which follow one another.

#include "provider/backends/proxmox/api.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Reports a configuration in which they contradict each other.
void CheckPower(const ProxmoxVm& config, schema::Diagnostics& diagnostics);

// Plans the one that is left out as the change of the other brings it about, and refuses a template that is to run.
// `prior` is null for a VM to be made.
void PlanPower(const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned,
               schema::Diagnostics& diagnostics);

// Refuses an HA group that is to be set on a cluster without groups. Asks the cluster only where there is one to set.
void RefuseHaGroup(proxmox::Api& api, const ProxmoxVm* prior, const ProxmoxVm& planned, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_POWER_PLAN_H_
