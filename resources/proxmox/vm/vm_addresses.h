#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_ADDRESSES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_ADDRESSES_H_

#include <optional>
#include <string>
#include <vector>

#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

using GuestInterfaces = std::optional<std::vector<proxmox::GuestInterface>>;

// Addresses of the VM's own network cards, told from the guest's other interfaces by their MAC addresses; without an
// answer of the agent those that are configured.
VmAddresses AddressesOf(const ProxmoxVm& vm, const GuestInterfaces& interfaces);
// How to reach it by SSH. The host is null where no address is known.
VmTarget TargetOf(const ProxmoxVm& vm, const GuestInterfaces& interfaces,
                  schema::Value<std::string> host_key);
// The guest's Ed25519 host key in OpenSSH's one-line form, without its comment; null where the agent does not give it.
schema::Value<std::string> ReadHostKey(proxmox::Api& api, const proxmox::VmId& vm, const CallLimits& limits);
// Whether the network cards are the same ones to the guest.
bool HasSameMacs(const ProxmoxVm& one, const ProxmoxVm& other);

// Whether the addresses are what `agent.wait_for_ip` waits for: "any", "ipv4", "ipv6" or "both".
bool HasWantedAddress(const std::string& wanted, const VmAddresses& addresses);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_ADDRESSES_H_
