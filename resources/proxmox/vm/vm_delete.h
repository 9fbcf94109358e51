#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_DELETE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_DELETE_H_

#include "absl/status/status.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Stops the VM, hands on the volumes that are to be kept, deletes it and sees that it is gone. FailedPrecondition for
// another VM under its VMID and for a protected one.
absl::Status DeleteVm(proxmox::Api& api, const ProxmoxVm& state, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_DELETE_H_
