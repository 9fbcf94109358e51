#include "resources/proxmox/vm/vm_addresses.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "provider/backends/proxmox/text/mac.h"

namespace fediversity::resources {
namespace {

constexpr std::string_view kHostKeyFile = "/etc/ssh/ssh_host_ed25519_key.pub";
constexpr std::int64_t kSshPort = 22;

bool IsReachable(const proxmox::GuestAddress& address) {
  if (!address.ipv6) return !address.address.starts_with("127.") && !address.address.starts_with("169.254.");
  return address.address != "::1" && !address.address.starts_with("fe80:");
}

// "203.0.113.9" of "203.0.113.9/24"; nothing of "dhcp".
std::optional<std::string> HostPart(const schema::Value<std::string>& address) {
  if (!address.has_value()) return std::nullopt;
  std::size_t const slash = address->find('/');
  if (slash == std::string::npos) return std::nullopt;
  return address->substr(0, slash);
}

struct Addresses {
  std::vector<std::string> ipv4;
  std::vector<std::string> ipv6;
};

Addresses Configured(const ProxmoxVm& vm) {
  Addresses found;
  if (!vm.networks.has_value()) return found;
  for (const auto& [slot, network] : *vm.networks) {
    if (!network.has_value()) continue;
    if (network->ipv4.has_value()) {
      if (auto address = HostPart(network->ipv4->address)) found.ipv4.push_back(*std::move(address));
    }
    if (network->ipv6.has_value()) {
      if (auto address = HostPart(network->ipv6->address)) found.ipv6.push_back(*std::move(address));
    }
  }
  return found;
}

Addresses Told(const ProxmoxVm& vm, const std::vector<proxmox::GuestInterface>& interfaces) {
  Addresses found;
  if (!vm.networks.has_value()) return found;
  // In the order of the slots: the agent has none that lasts.
  for (const auto& [slot, network] : *vm.networks) {
    if (!network.has_value() || !network->mac_address.has_value()) continue;
    auto const own = proxmox::Mac::Parse(*network->mac_address);
    if (!own.ok()) continue;
    for (const proxmox::GuestInterface& interface : interfaces) {
      auto const mac = proxmox::Mac::Parse(interface.mac);
      if (!mac.ok() || *mac != *own) continue;
      for (const proxmox::GuestAddress& address : interface.addresses) {
        if (IsReachable(address)) (address.ipv6 ? found.ipv6 : found.ipv4).push_back(address.address);
      }
    }
  }
  return found;
}

Addresses Find(const ProxmoxVm& vm, const GuestInterfaces& interfaces) {
  return interfaces.has_value() ? Told(vm, *interfaces) : Configured(vm);
}

// By slot, as text; empty where a card has none that is known.
std::map<std::string, std::string> MacsOf(const ProxmoxVm& vm) {
  std::map<std::string, std::string> macs;
  if (!vm.networks.has_value()) return macs;
  for (const auto& [slot, network] : *vm.networks) {
    auto const mac = proxmox::Mac::Parse(network.value_or(VmNetwork{}).mac_address.value_or(""));
    macs.emplace(slot, mac.ok() ? mac->ToText() : "");
  }
  return macs;
}

schema::Set<std::string> ToSet(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return {{texts.begin(), texts.end()}};
}

}  // namespace

VmAddresses AddressesOf(const ProxmoxVm& vm, const GuestInterfaces& interfaces) {
  Addresses found = Find(vm, interfaces);
  VmAddresses addresses;
  addresses.ipv4 = ToSet(std::move(found.ipv4));
  addresses.ipv6 = ToSet(std::move(found.ipv6));
  return addresses;
}

VmTarget TargetOf(const ProxmoxVm& vm, const GuestInterfaces& interfaces,
                  schema::Value<std::string> host_key) {
  Addresses const found = Find(vm, interfaces);
  VmTarget target;
  if (!found.ipv4.empty()) {
    target.host = found.ipv4.front();
  } else if (!found.ipv6.empty()) {
    target.host = found.ipv6.front();
  }
  target.port = kSshPort;
  target.user = vm.cloud_init.has_value() ? vm.cloud_init->user.value_or("root") : "root";
  target.host_key = std::move(host_key);
  return target;
}

schema::Value<std::string> ReadHostKey(proxmox::Api& api, const proxmox::VmId& vm, const CallLimits& limits) {
  auto const file = api.ReadGuestFile(vm, kHostKeyFile, limits);
  if (!file.ok()) return {};  // the privilege for it is rare, and whoever needs the key can configure it
  std::string_view key = file->content;
  std::size_t const type_end = key.find(' ');
  if (type_end == std::string_view::npos) return {};
  std::size_t const end = key.find_first_of(" \n", type_end + 1);
  return std::string(key.substr(0, end));
}

bool HasSameMacs(const ProxmoxVm& one, const ProxmoxVm& other) { return MacsOf(one) == MacsOf(other); }

bool HasWantedAddress(const std::string& wanted, const VmAddresses& addresses) {
  bool const ipv4 = !addresses.ipv4->items.empty();
  bool const ipv6 = !addresses.ipv6->items.empty();
  if (wanted == "ipv4") return ipv4;
  if (wanted == "ipv6") return ipv6;
  return wanted == "both" ? ipv4 && ipv6 : ipv4 || ipv6;
}

}  // namespace fediversity::resources
