#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_KEPT_DISKS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_KEPT_DISKS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "provider/schema/resource.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Disks with `keep_on_destroy`. A volume that was detached keeps that wish, though state has no slot for it any more: the
// volumes are remembered in private state for as long as the VM has them.

// Brings what is remembered up to date with `vm`, which describes `located`. Asks what is in effect where the
// configuration no longer names one of them.
absl::Status RememberKeptDisks(proxmox::Api& api, const ProxmoxVm& vm, const proxmox::LocatedVm& located,
                               VmContext& context);

// Every volume belongs to a VM and goes with it, so those that are to stay get a VM of their own, the keeper, called like
// the old one with "-kept" behind. One that a destruction which was cut short has made is used again.

// The keeper; nullopt where nothing is to be kept. To be called before the VM is stopped, so that what cannot be done is
// known by then: FailedPrecondition where a disk to keep is nowhere, or cannot be handed over, and what making a VM
// answers.
absl::StatusOr<std::optional<proxmox::VmId>> PrepareKeeper(proxmox::Api& api,
                                                           const proxmox::LocatedVm& located, bool running,
                                                           const ProxmoxVm& state, VmContext& context);

// Hands the disks over to it. Warns of where they are, and of detached disks that go with the VM. FailedPrecondition where
// a disk to keep is nowhere; nothing is deleted then. The VM must not run: it may hold what its configuration does not show.
// Sets `incomplete` once the VM may lack a disk.
absl::Status KeepDisks(proxmox::Api& api, const proxmox::LocatedVm& located, const ProxmoxVm& state,
                       const std::optional<proxmox::VmId>& keeper, bool& incomplete, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_KEPT_DISKS_H_
