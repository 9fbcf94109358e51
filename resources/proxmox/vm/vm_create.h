#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "provider/base/journal.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_names.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Makes the VM of `plan`, from nothing or as a clone, or finishes the one that an apply has begun whose process was killed
// (vm_begun.h). AlreadyExists where its name or VMID is taken otherwise: whatever has it may be somebody's. Once the VM
// exists, whatever fails is a warning (Context::Unfinished), so that the next apply carries on.
absl::StatusOr<ProxmoxVm> CreateVm(proxmox::Api& api, VmNames& names, const Journal& journal,
                                   const ProxmoxVm& plan, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_
