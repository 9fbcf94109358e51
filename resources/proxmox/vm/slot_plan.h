#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_SLOT_PLAN_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_SLOT_PLAN_H_

#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Plans what becomes of slots and volumes, and says it: which leave the VM, which only leave the state, and which cannot
// be changed. `config` is what the user wrote.
void PlanSlots(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_SLOT_PLAN_H_
