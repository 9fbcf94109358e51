#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_KEPT_DISKS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_KEPT_DISKS_H_

#include "absl/status/status.h"
#include "provider/backends/proxmox/api.h"
#include "provider/schema/resource.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Disks with `keep_on_destroy`. A volume that was detached keeps that wish, though state has no slot for it any more: the
// volumes are remembered in private state for as long as the VM has them.

// Brings what is remembered up to date with `vm`, which describes what `held` is.
absl::Status RememberKeptDisks(const ProxmoxVm& vm, const proxmox::VmConfig& held,
                               schema::PrivateState& private_state);

// Every volume belongs to a VM and goes with it, so those that are to stay get a VM of their own, called like the old one
// with "-kept" behind. One that a destruction which was cut short has made is used again. Warns of where they are, and of
// detached disks that go with the VM. FailedPrecondition where a disk to keep is not where state has it; nothing is
// deleted then.
absl::Status KeepDisks(proxmox::Api& api, const proxmox::LocatedVm& located, const ProxmoxVm& state,
                       VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_KEPT_DISKS_H_
