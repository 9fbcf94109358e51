#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_DOOMED_VOLUMES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_DOOMED_VOLUMES_H_

// Volumes that are to be deleted once the VM lets go of them (on_remove = "delete"): an IDE or SATA disk of a running VM,
// or one that the guest holds, becomes an unused disk only at the VM's next start; one that a snapshot names stays for as
// long as the snapshot. Private state remembers them until they are deleted, attached again, or gone.

#include <string>

#include "absl/status/status.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

void DoomVolume(const std::string& volume, schema::PrivateState& private_state);

// Follows them in what the VM holds now. Remembers as well a disk of `state` that has left its slot, for an apply may have
// been killed after it took the disk out: such a volume is doomed if the configuration no longer names the slot.
// Asks for what is pending where a VM that does not run names one of them nowhere.
absl::Status FollowDoomed(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& state,
                          VmOptions& options, bool running, VmContext& context);

// Says which of them an apply deletes, and makes it one that has something to do.
void PlanDoomed(ProxmoxVm& planned, VmContext& context);

// Deletes those that are unused disks of the VM by now, and tells which are not. `plan` is what is being applied.
absl::Status DeleteDoomed(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& plan,
                          VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_DOOMED_VOLUMES_H_
