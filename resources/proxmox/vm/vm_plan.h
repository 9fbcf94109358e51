#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PLAN_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PLAN_H_

#include <vector>

#include "absl/status/status.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Completes the plan: what `unset` removes, which computed values a change leaves as they are, what cannot be done, and
// what the user should know before it is. Sends nothing. `prior` is null for a VM to be made; `is_root` says whether the
// credentials may set what only root@pam may.
absl::Status PlanVm(const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned, bool is_root,
                    VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PLAN_H_
