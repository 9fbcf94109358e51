#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_POWER_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_POWER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// Shuts the guest down, and switches it off where `shutdown` does not forbid that.
absl::Status StopVm(proxmox::Api& api, const proxmox::VmId& vm, const schema::Value<VmShutdown>& shutdown,
                    const CallLimits& limits);
// Shuts the guest down, as StopVm() does, and starts it with what waits for that.
absl::StatusOr<proxmox::TaskResult> RebootVm(proxmox::Api& api, const proxmox::VmId& vm,
                                             const schema::Value<VmShutdown>& shutdown,
                                             const CallLimits& limits);

// Asks the agent, every 100 ms to 1 s, until it knows the addresses that `plan` waits for. The status of the limit that
// ended the wait where it never does. `described` names the network cards.
absl::StatusOr<std::vector<proxmox::GuestInterface>> AwaitAddresses(proxmox::Api& api,
                                                                    const proxmox::VmId& vm,
                                                                    const std::string& wanted,
                                                                    const ProxmoxVm& described,
                                                                    const CallLimits& limits);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_POWER_H_
