#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_GUEST_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_GUEST_H_

// What fediversity_proxmox_vm tells the guest, and learns from it.

#include <cstdint>
#include <string>

#include "provider/schema/model.h"
#include "resources/proxmox/vm/row.h"
#include "resources/proxmox/vm/rules.h"

namespace fediversity::resources {

struct VmCloudInit {
  schema::Value<std::string> drive;
  schema::Value<std::string> storage;
  schema::Value<std::string> type;
  schema::Value<std::string> user;
  schema::Value<std::string> password_wo;
  schema::Value<std::int64_t> password_wo_version;
  schema::Value<schema::List<std::string>> ssh_keys;
  schema::Value<schema::List<std::string>> dns_servers;
  schema::Value<std::string> search_domain;
  schema::Value<bool> upgrade;
  schema::Value<std::string> user_data;
  schema::Value<std::string> vendor_data;
  schema::Value<std::string> network_data;
  schema::Value<std::string> meta_data;
  friend bool operator==(const VmCloudInit&, const VmCloudInit&) = default;
};

constexpr auto kVmCloudInit = schema::Describe<VmCloudInit>(
    AsIs<&VmCloudInit::drive>("drive").Doc(
        "Slot of the cloud-init drive. Where the VM has none and `storage` is given, it is made at `ide2`, or at another "
        "slot of IDE or SATA where that is taken. It changes its slot only while the VM is stopped."),
    AsIs<&VmCloudInit::storage>("storage").Doc(
        "Storage that holds the cloud-init drive. Empty, the VM has none."),
    AsIs<&VmCloudInit::type>("type").Doc("Format of the drive: `nocloud`, `configdrive2` or `opennebula`."),
    AsIs<&VmCloudInit::user>("user").Doc(
        "User that gets the password and the keys, in place of the image's own."),
    schema::Attr<&VmCloudInit::password_wo>("password_wo")
        .Optional()
        .Sensitive()
        .WriteOnly("password_wo_version")
        .Doc("Password of the user. Never stored in plan or state."),
    schema::Attr<&VmCloudInit::password_wo_version>("password_wo_version")
        .Optional()
        .Doc("Number to raise whenever `password_wo` changes."),
    AsIs<&VmCloudInit::ssh_keys>("ssh_keys").CheckEach(kSshKey).Doc("Public keys of the user."),
    AsIs<&VmCloudInit::dns_servers>("dns_servers")
        .Doc("Addresses of name servers; the node's when left out."),
    AsIs<&VmCloudInit::search_domain>("search_domain")
        .Doc("Domain to complete short names with; the node's when left out."),
    AsIs<&VmCloudInit::upgrade>("upgrade").Doc("Whether the first boot upgrades the guest's packages."),
    AsIs<&VmCloudInit::user_data>("user_data")
        .Doc("Snippet in place of the generated user data, such as `local:snippets/user.yaml`."),
    AsIs<&VmCloudInit::vendor_data>("vendor_data").Doc("Snippet with vendor data."),
    AsIs<&VmCloudInit::network_data>("network_data").Doc("Snippet in place of the generated network data."),
    AsIs<&VmCloudInit::meta_data>("meta_data").Doc("Snippet in place of the generated meta data."));

struct VmAgent {
  schema::Value<bool> enabled;
  schema::Value<std::string> type;
  schema::Value<bool> freeze_fs;
  schema::Value<bool> fstrim_cloned_disks;
  schema::Value<std::string> wait_for_ip;
  schema::Value<bool> network_interfaces;
  friend bool operator==(const VmAgent&, const VmAgent&) = default;
};

constexpr auto kVmAgent = schema::Describe<VmAgent>(
    AsIs<&VmAgent::enabled>("enabled").Doc("Whether the guest runs QEMU's guest agent."),
    AsIs<&VmAgent::type>("type").Doc("How the agent is reached: `virtio` or `isa`."),
    AsIs<&VmAgent::freeze_fs>("freeze_fs").Doc("Whether backups freeze the guest's file systems."),
    AsIs<&VmAgent::fstrim_cloned_disks>("fstrim_cloned_disks")
        .Doc("Whether the guest trims disks after they were copied."),
    schema::Attr<&VmAgent::wait_for_ip>("wait_for_ip")
        .Optional()
        .Check(kWaitForIp)
        .Doc(
            "Waits, once the VM is started, until the agent knows an address that other machines can reach: `any`, "
            "`ipv4`, `ipv6` or `both`. Reading never waits."),
    schema::Attr<&VmAgent::network_interfaces>("network_interfaces")
        .Optional()
        .Doc("Whether reading asks the agent of a running VM, once, for `addresses`."));

struct VmAddresses {
  schema::Value<schema::Set<std::string>> ipv4;
  schema::Value<schema::Set<std::string>> ipv6;
  friend bool operator==(const VmAddresses&, const VmAddresses&) = default;
};

constexpr auto kVmAddresses = schema::Describe<VmAddresses>(
    schema::Attr<&VmAddresses::ipv4>("ipv4").Computed().Doc("IPv4 addresses of the VM's network cards."),
    schema::Attr<&VmAddresses::ipv6>("ipv6").Computed().Doc(
        "IPv6 addresses of the VM's network cards, but for link-local ones."));

struct VmTarget {
  schema::Value<std::string> host;
  schema::Value<std::int64_t> port;
  schema::Value<std::string> user;
  schema::Value<std::string> host_key;
  friend bool operator==(const VmTarget&, const VmTarget&) = default;
};

constexpr auto kVmTarget = schema::Describe<VmTarget>(
    schema::Attr<&VmTarget::host>("host").Computed().Doc(
        "Address: from the agent, else the configured static one."),
    schema::Attr<&VmTarget::port>("port").Computed().Doc("Port of the SSH server."),
    schema::Attr<&VmTarget::user>("user").Computed().Doc(
        "User to log in as: that of cloud-init, else `root`."),
    schema::Attr<&VmTarget::host_key>("host_key")
        .Computed()
        .Doc("SSH host key in OpenSSH's one-line form, read through the agent where that is allowed."));

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_GUEST_H_
