#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_VALIDATE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_VALIDATE_H_

#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// Reports what is wrong with slots and with attributes that go together. Calls no service; unknowns pass.
void ValidateVm(const ProxmoxVm& config, schema::Diagnostics& diagnostics);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_VALIDATE_H_
