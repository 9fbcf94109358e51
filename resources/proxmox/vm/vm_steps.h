#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_STEPS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_STEPS_H_

// The steps that creating and updating a VM share.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Migrates the VM to the node that `plan` names, online if it is `running`, unless it is there already. `vm` follows.
absl::Status MigrateAsPlanned(proxmox::Api& api, proxmox::VmId& vm, bool running, const ProxmoxVm& plan,
                              VmContext& context);

// The volume of the cloud-init drive has the same name wherever it is plugged in, so where `planned`, which is to become of
// `config`, has the drive in another slot, the old one goes first. Whether that was so: then the VM has to be read anew.
absl::StatusOr<bool> UnplugCloudInit(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& plan,
                                     const VmOptions& planned, const proxmox::VmConfig& config,
                                     const CallLimits& limits);

// Puts the boot order to what `plan` says, where it says it. Proxmox takes devices out of the order and CD-ROM drives into
// it, whatever order the same request asks for; and it is the order in effect that it changes, which then takes the place of
// one that waits for a start.
absl::Status RestoreBootOrder(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& plan,
                              VmContext& context);

// Puts the VM into HA, changes it there, or takes it out, where `plan` differs from `prior`.
absl::Status ChangeHighAvailability(proxmox::Api& api, std::int64_t vmid, const ProxmoxVm* prior,
                                    const ProxmoxVm& plan, const CallLimits& limits);

// Starts or stops the VM as `plan` says, and waits for its addresses where that is asked for. `known` holds what that
// showed, and why no address came of it.
absl::Status ChangePower(proxmox::Api& api, const proxmox::VmId& vm, bool running, const ProxmoxVm& plan,
                         VmContext& context, VmKnowledge& known);

// Shows what tasks warned of.
void ShowWarnings(const proxmox::VmId& vm, const std::vector<std::string>& warnings, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_STEPS_H_
