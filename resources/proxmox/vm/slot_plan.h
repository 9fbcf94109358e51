#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_SLOT_PLAN_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_SLOT_PLAN_H_

#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Plans what becomes of slots and volumes, and says it: which leave the VM, which only leave the state, and which cannot
// be changed. `config` is what the user wrote.
void PlanSlots(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned, VmContext& context);

// Warns of volumes that `config` attaches and that belong to another VM. `prior` is null for a new VM.
void TellOfForeignVolumes(const ProxmoxVm* prior, const ProxmoxVm& config, const ProxmoxVm& planned,
                          schema::Diagnostics& diagnostics);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_SLOT_PLAN_H_
