#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_BPG_STATE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_BPG_STATE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "provider/schema/resource.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// Takes over the state of a VM resource of bpg/proxmox, under any of its names: proxmox_virtual_environment_vm,
// proxmox_vm, proxmox_virtual_environment_vm2, proxmox_virtual_environment_cloned_vm and proxmox_cloned_vm. Beside what
// the VM's configuration holds, which the next read brings up to date, that is where the VM was cloned from, timeouts
// and waits that are not that provider's defaults. Passwords are not taken over.
//
// nullopt for any other type or provider; InvalidArgument for a state without a VMID or a node, and for one that cannot
// be read.
absl::StatusOr<std::optional<ProxmoxVm>> FromBpg(const schema::ForeignState& source);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_BPG_STATE_H_
