#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_VALUES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_VALUES_H_

#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// Reports values that do not go together, whatever the VM has. Unknowns pass.
void CheckValues(const ProxmoxVm& config, schema::Diagnostics& diagnostics);

// Plans what follows from a value for another, and reports values that do not go together with what the VM has.
// `prior` is null for a new VM.
void PlanValues(const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned,
                schema::Diagnostics& diagnostics);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_VALUES_H_
