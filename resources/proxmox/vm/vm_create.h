#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_names.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Makes the VM of `plan`, from nothing or as a clone. AlreadyExists where its name or VMID is taken: an apply that was cut
// off may have made it, and a second one would be an orphan. Once the VM exists, whatever fails is a warning
// (Context::Unfinished), so that the next apply carries on.
absl::StatusOr<ProxmoxVm> CreateVm(proxmox::Api& api, VmNames& names, const ProxmoxVm& plan,
                                   VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_
