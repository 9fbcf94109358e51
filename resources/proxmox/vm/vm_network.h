#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NETWORK_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NETWORK_H_

// Networks of fediversity_proxmox_vm, with the addresses that cloud-init gives them.

#include <cstdint>
#include <string>

#include "provider/schema/model.h"
#include "provider/wire/number.h"
#include "resources/proxmox/vm/row.h"
#include "resources/proxmox/vm/rules.h"

namespace fediversity::resources {

struct VmIpv4 {
  schema::Value<std::string> address;
  schema::Value<std::string> gateway;
  friend bool operator==(const VmIpv4&, const VmIpv4&) = default;
};

constexpr auto kVmIpv4 = schema::Describe<VmIpv4>(
    AsIs<&VmIpv4::address>("address")
        .Check(kIpv4Config)
        .Doc("Address with its prefix length, `dhcp`, or `manual` for none from cloud-init."),
    AsIs<&VmIpv4::gateway>("gateway").Doc("Default gateway."));

struct VmIpv6 {
  schema::Value<std::string> address;
  schema::Value<std::string> gateway;
  friend bool operator==(const VmIpv6&, const VmIpv6&) = default;
};

constexpr auto kVmIpv6 = schema::Describe<VmIpv6>(
    AsIs<&VmIpv6::address>("address")
        .Check(kIpv6Config)
        .Doc(
            "Address with its prefix length, `dhcp`, `auto` for stateless configuration, or `manual` for none from cloud-init."),
    AsIs<&VmIpv6::gateway>("gateway").Doc("Default gateway."));

struct VmNetwork {
  schema::Value<std::string> bridge;
  schema::Value<std::string> model;
  schema::Value<std::string> mac_address;
  schema::Value<std::int64_t> vlan;
  schema::Value<schema::Set<std::string>> trunks;
  schema::Value<bool> firewall;
  schema::Value<bool> link_down;
  schema::Value<std::int64_t> mtu;
  schema::Value<std::int64_t> queues;
  schema::Value<wire::Number> rate;
  schema::Value<VmIpv4> ipv4;
  schema::Value<VmIpv6> ipv6;
  friend bool operator==(const VmNetwork&, const VmNetwork&) = default;
};

constexpr auto kVmNetwork = schema::Describe<VmNetwork>(
    AsIs<&VmNetwork::bridge>("bridge").Doc("Bridge or VNet that the card is plugged into, such as `vmbr0`."),
    schema::Attr<&VmNetwork::model>("model").DefaultOnCreate("virtio").Doc(
        "Model of the card that the guest sees."),
    AsIs<&VmNetwork::mac_address>("mac_address")
        .Check(kMacAddress)
        .Doc("MAC address; Proxmox draws one when it is left out."),
    AsIs<&VmNetwork::vlan>("vlan").Check(kVlan).Doc("VLAN id that untagged frames get."),
    AsIs<&VmNetwork::trunks>("trunks").Doc("VLAN ids, or ranges of them, that pass tagged."),
    AsIs<&VmNetwork::firewall>("firewall").Doc("Whether Proxmox's firewall stands before the card."),
    AsIs<&VmNetwork::link_down>("link_down").Doc("Whether the cable is pulled."),
    AsIs<&VmNetwork::mtu>("mtu").Doc("Largest frame; `1` takes the bridge's. Virtio cards only."),
    AsIs<&VmNetwork::queues>("queues").Doc("Number of queues of a virtio card."),
    AsIs<&VmNetwork::rate>("rate").Doc("Most megabytes in a second; `0` for no limit."),
    AsIs<&VmNetwork::ipv4>("ipv4").Nested<kVmIpv4>().Doc(
        "IPv4 configuration that cloud-init gives the guest."),
    AsIs<&VmNetwork::ipv6>("ipv6").Nested<kVmIpv6>().Doc(
        "IPv6 configuration that cloud-init gives the guest."));

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NETWORK_H_
