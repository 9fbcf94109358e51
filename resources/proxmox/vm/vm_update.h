#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_UPDATE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_UPDATE_H_

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Changes the VM from `prior` to `plan`, in place: migrates it, changes its options, moves and grows its disks, changes
// pool, HA and power, and reboots it where that is needed and allowed. FailedPrecondition for another VM under its VMID;
// Aborted where somebody has changed it since the plan. What was done before a failure is recorded.
absl::StatusOr<ProxmoxVm> UpdateVm(proxmox::Api& api, const ProxmoxVm& prior, const ProxmoxVm& plan,
                                   VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_UPDATE_H_
