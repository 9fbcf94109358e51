// VMs of bpg/proxmox move here without a change in the plan. Their states, and what real servers held meanwhile, are in
// tests/golden/proxmox/bpg-state.json.

#include "resources/proxmox/vm/bpg_state.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "provider/wire/json.h"
#include "resources/proxmox/vm/bpg_options.h"
#include "tests/resources/proxmox/vm/bpg_fixture.h"

namespace fediversity::resources {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ContainerEq;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Value;

// What a person writes for each VM in place of the block of theirs, everything in it that theirs can say.
std::map<std::string, std::string> WrittenByHand() {
  return {
      {"simple", R"({
        "name": "bpg-simple", "node": "pve", "vmid": 401, "started": false, "on_boot": true,
        "memory": {"size": "512M"}, "scsi_hardware": "virtio-scsi-pci", "boot_order": ["scsi0", "net0"],
        "disks": {"scsi0": {"storage": "local", "size": "1G", "format": "raw"}},
        "networks": {"net0": {"bridge": "vmbr0"}}})"},
      {"full", R"({
        "name": "bpg-full", "node": "pve", "vmid": 402, "description": "everything", "tags": ["web", "prod"],
        "started": false, "on_boot": true, "machine": "q35", "scsi_hardware": "virtio-scsi-single",
        "bios": "seabios", "acpi": true, "tablet": true, "protection": false, "keyboard": "en-us",
        "agent": {"enabled": true, "type": "virtio", "fstrim_cloned_disks": false},
        "cpu": {"cores": 2, "sockets": 1, "type": "x86-64-v2-AES", "units": 200, "numa": false},
        "memory": {"size": "1G", "balloon": "512M"},
        "disks": {
          "scsi0": {"storage": "local", "size": "2G", "discard": "on", "iothread": true, "ssd": true},
          "virtio1": {"storage": "local", "size": "1G", "format": "raw", "backup": false}},
        "cloud_init": {"storage": "local", "drive": "ide2", "user": "ops", "search_domain": "example.org",
          "dns_servers": ["10.0.0.53"],
          "ssh_keys": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMPEeCEYzM5QA4FmlLMIvinGn51RRr6br3+NePRN/sMt ops@example.org"]},
        "networks": {
          "net0": {"bridge": "vmbr0", "vlan": 20, "mtu": 1400,
                   "ipv4": {"address": "10.0.0.7/24", "gateway": "10.0.0.1"}},
          "net1": {"bridge": "vmbr0", "model": "e1000", "firewall": true, "mac_address": "bc:24:11:01:02:09"}},
        "os_type": "l26", "startup": {"order": 3, "up_delay": 30}, "serial_devices": {"serial0": "socket"},
        "vga": {"type": "serial0", "memory": 16}})"},
      {"clone", R"({
        "name": "bpg-clone", "node": "pve", "vmid": 403, "started": false, "on_boot": true,
        "clone": {"source": "409", "full": true}, "memory": {"size": "768M"},
        "disks": {"scsi0": {"storage": "local", "size": "2G"}}, "networks": {"net0": {"bridge": "vmbr0"}}})"},
      {"tmpl", R"({
        "name": "bpg-tmpl", "node": "pve", "vmid": 409, "template": true,
        "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"},
  };
}

json TheirVms() {
  std::ifstream file("tests/golden/proxmox/bpg-state.json");
  EXPECT_TRUE(file) << "run this from the top of the source tree";
  return json::parse(file).at("vms");
}

TEST_F(BpgStateTest, EveryVmMovesWithoutAChange) {
  std::map<std::string, std::string> by_hand = WrittenByHand();
  json const theirs = TheirVms();
  for (const json& vm : theirs) AddVm(vm.at("attributes").at("vm_id"), vm.at("config"));
  for (const json& vm : theirs) {
    SCOPED_TRACE(vm.at("name").get<std::string>());
    auto const hcl = by_hand.extract(vm.at("name").get<std::string>());
    ASSERT_FALSE(hcl.empty());
    schema::StateResponse const moved = Move(vm.at("attributes"));
    ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
    EXPECT_EQ(moved.identity, schema::IdentityOf(resource_->table(), moved.state));
    ExpectNoChange(moved.state, hcl.mapped());
  }
  EXPECT_THAT(by_hand, IsEmpty()) << "a state is missing";
  for (const emulators::LoggedRequest& request : proxmox_.requests()) EXPECT_EQ(request.method, "GET");
}

// Every attribute of theirs that a VM's configuration holds, and what Proxmox calls it.
TEST_F(BpgStateTest, EveryAttributeHasItsPlace) {
  json const state = json::parse(R"({
    "vm_id": 100, "node_name": "pve", "name": "all", "description": "notes", "tags": ["b", "a"], "protection": true,
    "on_boot": false, "acpi": false, "tablet_device": false, "keyboard_layout": "de", "kvm_arguments": "-x",
    "hook_script_file_id": "local:snippets/h.sh", "machine": "q35,viommu=intel", "bios": "ovmf", "scsi_hardware": "lsi",
    "hotplug": "network,usb", "boot_order": ["scsi0", "net0"],
    "agent": [{"enabled": true, "type": "isa", "trim": true}],
    "amd_sev": [{"type": "snp", "allow_smt": false, "kernel_hashes": true, "no_debug": true, "no_key_sharing": false}],
    "audio_device": [{"enabled": true, "device": "AC97", "driver": "spice"}],
    "cpu": [{"type": "host", "flags": ["+aes", "-pcid"], "cores": 4, "sockets": 2, "hotplugged": 3, "limit": 1.5,
             "units": 200, "affinity": "0-3", "numa": true, "architecture": "x86_64"}],
    "efi_disk": [{"datastore_id": "ceph", "file_format": "raw", "type": "4m", "pre_enrolled_keys": true}],
    "tpm_state": [{"datastore_id": "ceph", "version": "v2.0"}],
    "memory": [{"dedicated": 4096, "floating": 2048, "hugepages": "2", "keep_hugepages": true, "shared": 0}],
    "operating_system": [{"type": "win11"}],
    "rng": [{"source": "/dev/urandom", "max_bytes": 1024, "period": 1000}],
    "smbios": [{"uuid": "0C4B8CFA-A4B9-43B6-985C-4D47FC50EEFF", "serial": "s 1", "family": ""}],
    "startup": [{"order": 1, "up_delay": -1, "down_delay": 5}],
    "vga": [{"type": "qxl", "memory": 32, "clipboard": "vnc"}],
    "watchdog": [{"enabled": true, "model": "i6300esb", "action": "reset"}],
    "cdrom": [{"enabled": false, "file_id": "local:iso/n.iso", "interface": "ide3"}],
    "disk": [
      {"interface": "scsi3", "datastore_id": "ceph", "path_in_datastore": "vm-100-disk-0", "size": 40, "aio": "native",
       "backup": false, "cache": "writeback", "discard": "on", "file_format": "raw", "iothread": true, "queues": 4,
       "replicate": false, "serial": "a,b", "ssd": true,
       "speed": [{"iops_read": 1, "iops_read_burstable": 2, "iops_write": 3, "iops_write_burstable": 4, "read": 5,
                  "read_burstable": 6, "write": 7, "write_burstable": 0}]},
      {"interface": "virtio0", "datastore_id": "", "path_in_datastore": "/dev/sdx", "size": 1}],
    "network_device": [
      {"bridge": "vmbr0", "enabled": false, "model": "virtio"},
      {"bridge": "vmbr1", "enabled": true, "model": "e1000", "mac_address": "BC:24:11:00:00:01", "vlan_id": 7,
       "trunks": "10;20", "firewall": true, "disconnected": true, "mtu": 1, "queues": 8, "rate_limit": 12.5}],
    "numa": [{"device": "numa0", "cpus": "0-1", "hostnodes": "0", "memory": 2048, "policy": "bind"}],
    "hostpci": [{"device": "hostpci1", "id": "0000:01:00.0", "mdev": "m", "pcie": true, "rombar": false,
                 "rom_file": "r.bin", "xvga": true}],
    "usb": [{"host": "1234:5678", "usb3": true}, {"mapping": "stick", "usb3": false}],
    "serial_device": [{"device": "socket"}, {"device": "/dev/ttyS0"}],
    "virtiofs": [{"mapping": "share", "cache": "never", "direct_io": true, "expose_acl": true, "expose_xattr": false}],
    "initialization": [{
      "datastore_id": "ceph", "interface": "ide0", "type": "nocloud", "upgrade": false,
      "user_data_file_id": "local:snippets/u", "vendor_data_file_id": "local:snippets/v",
      "network_data_file_id": "local:snippets/n", "meta_data_file_id": "local:snippets/m",
      "dns": [{"domain": "example.org", "servers": ["192.0.2.1", "192.0.2.2"]}],
      "ip_config": [{"ipv4": [{"address": "dhcp", "gateway": ""}], "ipv6": []},
                    {"ipv4": [], "ipv6": [{"address": "2001:db8::7/64", "gateway": "2001:db8::1"}]}],
      "user_account": [{"username": "ops", "password": "not-a-secret", "keys": ["ssh-ed25519 AAAA a@b"]}]}]
  })");
  auto const parsed = wire::ParseJson(state.dump());
  ASSERT_TRUE(parsed.ok());
  VmOptions options;
  ASSERT_TRUE(ReadBpgOptions(*parsed, options).ok());
  std::map<std::string, std::string> held;
  for (const std::string& key : options.Keys()) held[key] = *options.Value(key);
  EXPECT_THAT(
      held,
      ContainerEq((std::map<std::string, std::string>{
          {"acpi", "0"},
          {"affinity", "0-3"},
          {"agent", "1,fstrim_cloned_disks=1,type=isa"},
          {"amd-sev", "snp,allow-smt=0,kernel-hashes=1,no-debug=1,no-key-sharing=0"},
          {"args", "-x"},
          {"audio0", "device=AC97,driver=spice"},
          {"balloon", "2048"},
          {"bios", "ovmf"},
          {"boot", "order=scsi0;net0"},
          {"cicustom",
           "meta=local:snippets/m,network=local:snippets/n,user=local:snippets/u,vendor=local:snippets/v"},
          {"citype", "nocloud"},
          {"ciupgrade", "0"},
          {"ciuser", "ops"},
          {"cores", "4"},
          {"cpu", "host,flags=+aes;-pcid"},
          {"cpulimit", "1.5"},
          {"cpuunits", "200"},
          {"description", "notes"},
          {"efidisk0", "efitype=4m,pre-enrolled-keys=1"},
          {"hookscript", "local:snippets/h.sh"},
          {"hostpci1", "0000:01:00.0,mdev=m,pcie=1,rombar=0,romfile=r.bin,x-vga=1"},
          {"hotplug", "network,usb"},
          {"hugepages", "2"},
          {"ide3", "local:iso/n.iso,media=cdrom"},
          {"ipconfig0", "ip=dhcp"},
          {"ipconfig1", "gw6=2001:db8::1,ip6=2001:db8::7/64"},
          {"keephugepages", "1"},
          {"keyboard", "de"},
          {"machine", "q35,viommu=intel"},
          {"memory", "4096"},
          {"name", "all"},
          {"nameserver", "192.0.2.1 192.0.2.2"},
          {"net1",
           "e1000=BC:24:11:00:00:01,bridge=vmbr1,firewall=1,link_down=1,mtu=1,queues=8,rate=12.5,tag=7,"
           "trunks=10;20"},
          {"numa", "1"},
          {"numa0", "cpus=0-1,hostnodes=0,memory=2048,policy=bind"},
          {"onboot", "0"},
          {"ostype", "win11"},
          {"protection", "1"},
          {"rng0", "/dev/urandom,max_bytes=1024,period=1000"},
          {"scsi3",
           "ceph:vm-100-disk-0,aio=native,backup=0,cache=writeback,discard=on,format=raw,iops_rd=1,"
           "iops_rd_max=2,iops_wr=3,iops_wr_max=4,iothread=1,mbps_rd=5,mbps_rd_max=6,mbps_wr=7,"
           "queues=4,replicate=0,serial=a%2Cb,size=40G,ssd=1"},
          {"scsihw", "lsi"},
          {"searchdomain", "example.org"},
          {"serial0", "socket"},
          {"serial1", "/dev/ttyS0"},
          {"smbios1", "base64=1,serial=cyAx,uuid=0C4B8CFA-A4B9-43B6-985C-4D47FC50EEFF"},
          {"sockets", "2"},
          {"sshkeys", "ssh-ed25519%20AAAA%20a%40b"},
          {"startup", "order=1,down=5"},
          {"tablet", "0"},
          {"tags", "b;a"},
          {"tpmstate0", "version=v2.0"},
          {"usb0", "1234:5678,usb3=1"},
          {"usb1", "mapping=stick,usb3=0"},
          {"vcpus", "3"},
          {"vga", "qxl,clipboard=vnc,memory=32"},
          {"virtio0", "/dev/sdx,size=1G"},
          {"virtiofs0", "share,cache=never,direct-io=1,expose-acl=1,expose-xattr=0"},
          {"watchdog", "i6300esb,action=reset"},
      })));

  schema::StateResponse const moved = Move(state);
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  EXPECT_THAT(Text(moved.state, "efi_disk"),
              AllOf(HasSubstr(R"("storage":"ceph")"), HasSubstr(R"("type":"4m")")));
  EXPECT_THAT(Text(moved.state, "tpm_state"), HasSubstr(R"("storage":"ceph")"));
  EXPECT_THAT(Text(moved.state, "cloud_init"),
              AllOf(HasSubstr(R"("drive":"ide0")"), HasSubstr(R"("storage":"ceph")")));
  EXPECT_THAT(Text(moved.state, "networks"), HasSubstr(R"("address":"2001:db8::7/64")"));
  EXPECT_FALSE(wire::WriteJson(moved.state)->find("not-a-secret") != std::string::npos)
      << "a password in state";
}

TEST_F(BpgStateTest, WhatNoServerHoldsComesAlong) {
  json const state = {
      {"vm_id", 100},
      {"node_name", "pve"},
      {"pool_id", "prod"},
      {"started", true},
      {"clone", {{{"vm_id", 900}, {"full", false}, {"datastore_id", "ceph"}, {"node_name", "other"}}}},
      {"agent", {{{"enabled", true}, {"wait_for_ip", {{{"ipv4", true}, {"ipv6", false}}}}}}},
      {"timeout_clone", 5400},
      {"timeout_create", 60},
      {"timeout_move_disk", 90},
      {"timeout_migrate", 1800},
      {"timeout_shutdown_vm", 600}};
  auto const moved = Move(state);
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Text(moved.state, "pool"), R"("prod")");
  EXPECT_EQ(Text(moved.state, "started"), "true");
  EXPECT_EQ(Text(moved.state, "clone"),
            R"({"format":null,"full":false,"snapshot":null,"source":"900","storage":"ceph"})");
  EXPECT_THAT(Text(moved.state, "agent"), HasSubstr(R"("wait_for_ip":"ipv4")"));
  EXPECT_EQ(Text(moved.state, "timeouts"), R"({"create":"90m","delete":null,"read":null,"update":"90s"})");
  EXPECT_EQ(Text(moved.state, "shutdown"), R"({"force":null,"timeout":"10m"})");

  auto const defaults = Move(TheirVms().at(0).at("attributes"));
  EXPECT_EQ(Text(defaults.state, "timeouts"), "null") << "their defaults are not what somebody asked for";
  EXPECT_EQ(Text(defaults.state, "shutdown"), "null");
}

// Theirs reboots VMs unless told otherwise, which no server holds: to go on so is asked for, and is no more than that.
TEST_F(BpgStateTest, RebootingIsAskedForAnew) {
  AddVm(131, json{{"name", "reboots"}});
  auto const moved = Move({{"vm_id", 131}, {"node_name", "pve"}, {"reboot_after_update", true}});
  EXPECT_EQ(Text(moved.state, "reboot"), "null");
  ExpectNoChange(moved.state, R"({"name": "reboots"})");
  auto const read = schema::ReadResource(*resource_, {moved.state, ""}, {.cancel = never_});
  Value const config = Config(R"({"name": "reboots", "reboot": "when_needed"})");
  auto const plan =
      schema::PlanResource(*resource_,
                           {.prior = read.state,
                            .proposed = oracle::ProposedNew(resource_->table(), read.state, config),
                            .config = config,
                            .prior_private = read.private_bytes},
                           {.cancel = never_});
  EXPECT_THAT(plan.diagnostics.list(), IsEmpty());
  Value expected = read.state;
  expected.Set("reboot", Value::String("when_needed"));
  EXPECT_EQ(plan.planned, expected) << "the plan changes more than that";
}

TEST_F(BpgStateTest, OtherProvidersAndTypesAreNotTakenOver) {
  json const state = {{"vm_id", 100}, {"node_name", "pve"}};
  EXPECT_THAT(Move(state).diagnostics.list(), IsEmpty());
  EXPECT_THAT(Move(state, kVm, "registry.terraform.io/bpg/proxmox").diagnostics.list(), IsEmpty());
  EXPECT_TRUE(Move(state, kVm, "registry.opentofu.org/example/proxmox").diagnostics.has_errors());
  EXPECT_TRUE(Move(state, kVm, "registry.opentofu.org/notbpg/proxmox").diagnostics.has_errors());
  EXPECT_THAT(Move(state, "proxmox_virtual_environment_container").diagnostics.list(),
              ElementsAre(ErrorOn("", "Cannot move proxmox_virtual_environment_container", "removed")));
}

TEST_F(BpgStateTest, StateThatNamesNoVmOrHoldsNonsenseSaysWhatToDo) {
  auto const fails = ElementsAre(
      ErrorOn("", "State of proxmox_virtual_environment_vm cannot be taken over", "import the VM by its"));
  for (const json& state :
       {json::array(), json("text"), json(nullptr), json::object(), json{{"vm_id", 100}},
        json{{"node_name", "pve"}}, json{{"vm_id", -1}, {"id", ""}, {"node_name", "pve"}},
        json{{"vm_id", 100}, {"node_name", "pve"}, {"disk", {{{"interface", "floppy0"}, {"size", 1}}}}},
        json{{"vm_id", 100}, {"node_name", "pve"}, {"cpu", {{{"cores", "many"}}}}},
        json{{"vm_id", 100},
             {"node_name", "pve"},
             {"network_device", {{{"model", "virtio"}, {"bridge", "a,b"}}}}}}) {
    SCOPED_TRACE(state.dump());
    auto const moved = Move(state);
    EXPECT_THAT(moved.diagnostics.list(), fails);
    EXPECT_TRUE(moved.state.is_null());
  }
  EXPECT_THAT(Move({{"id", "100"}, {"node_name", "pve"}}).diagnostics.list(), IsEmpty())
      << "older states have only id";
}

}  // namespace
}  // namespace fediversity::resources
