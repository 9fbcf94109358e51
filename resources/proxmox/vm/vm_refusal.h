#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_REFUSAL_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_REFUSAL_H_

#include "absl/status/status.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// `status` on the attribute of `plan` that stands in the option which Proxmox refuses. Any other status stays as it is.
absl::Status OnRefusedAttribute(absl::Status status, const ProxmoxVm& plan);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_REFUSAL_H_
