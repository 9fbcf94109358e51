#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_IDENTITY_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_IDENTITY_H_

#include <string>

#include "absl/status/status.h"
#include "provider/backends/proxmox/vm.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// A VMID is free again once its VM is gone, and the next VM gets it. So the SMBIOS UUID and the creation time of a VM are
// kept in private state, and compared before anything is done to what has its VMID now.

// Keeps the note (vm_begun.h) of a VM that is about to be made, which is all that tells it from others until RememberVm().
void RememberBegunVm(std::string note, schema::PrivateState& private_state);

// Keeps what tells this VM from others. InvalidArgument where Proxmox holds what cannot be read.
absl::Status RememberVm(const proxmox::LocatedVm& vm, schema::PrivateState& private_state);

// OK for the VM that was remembered, and where none was. FailedPrecondition for another one, Unavailable for one that
// is being made or deleted.
absl::Status CheckSameVm(const proxmox::LocatedVm& vm, const schema::PrivateState& private_state);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_IDENTITY_H_
