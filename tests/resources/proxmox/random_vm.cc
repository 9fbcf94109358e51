#include "tests/resources/proxmox/random_vm.h"

#include <initializer_list>
#include <utility>

namespace fediversity::resources {
namespace {

using emulators::Json;

class Generator {
 public:
  Generator(oracle::Random& random, const VmLife& life) : random_(random), life_(life) {}

  Json Vm() {
    Json vm = {{"name", life_.name}, {"memory", Memory()}};
    if (!life_.source.empty()) vm["clone"] = {{"source", life_.source}, {"full", true}};
    Maybe(vm, "node", "pve" + std::to_string(1 + random_.Below(3)));
    Maybe(vm, "description", random_.Percent(30) ? "" : "Grüße " + std::to_string(random_.Below(9)) + "\n");
    Maybe(
        vm, "tags",
        random_.Percent(30) ? Json::array() : Json::array({"Prod", "t" + std::to_string(random_.Below(3))}));
    for (const char* const flag : {"on_boot", "acpi", "tablet", "local_time"}) Maybe(vm, flag, Flag());
    Maybe(vm, "os_type", Pick({"l26", "other"}));
    Maybe(vm, "keyboard", Pick({"de", "en-us"}));
    Maybe(vm, "bios", Pick({"seabios", "ovmf"}));
    Maybe(vm, "scsi_hardware", Pick({"virtio-scsi-pci", "virtio-scsi-single"}));
    Maybe(vm, "hotplug",
          random_.Percent(20) ? Json::array() : Json::array({"disk", Pick({"network", "usb"})}));
    Maybe(vm, "reboot", Pick({"never", "when_needed"}));
    AddPower(vm);
    AddHardware(vm);
    AddGuest(vm);
    Maybe(vm, "disks", Disks());
    AddNetworks(vm);
    AddUnset(vm);
    return vm;
  }

 private:
  bool Flag() { return random_.Percent(50); }
  Json Pick(std::initializer_list<Json> values) { return values.begin()[random_.Below(values.size())]; }
  void Maybe(Json& json, const char* key, Json value) {
    if (random_.Percent(60)) json[key] = std::move(value);
  }

  Json Memory() {
    Json memory = {{"size", Pick({"1G", "2048M"})}};
    Maybe(memory, "balloon", Pick({"512M", "1G", "0"}));
    Maybe(memory, "shares", 500 * (1 + random_.Below(2)));
    return memory;
  }

  // HA and `started` must not contradict one another.
  void AddPower(Json& vm) {
    bool const runs = Flag();
    Maybe(vm, "started", runs);
    if (random_.Percent(30)) {
      vm["ha"] = {{"state", Pick({runs ? "started" : "stopped", "ignored"})},
                  {"max_restart", random_.Below(3)}};
    }
    Maybe(vm, "startup", {{"order", random_.Below(5)}, {"up_delay", 10 * random_.Below(3)}});
    Maybe(vm, "shutdown", {{"timeout", Pick({"1m", "60s"})}, {"force", Flag()}});
  }

  void AddHardware(Json& vm) {
    Json cpu = {{"cores", 1 + random_.Below(4)}, {"limit", 0.5 * static_cast<double>(1 + random_.Below(4))}};
    Maybe(cpu, "type", Pick({"host", "x86-64-v2-AES"}));
    Maybe(cpu, "sockets", 1 + random_.Below(2));
    Maybe(cpu, "units", 100 * (1 + random_.Below(2)));
    Maybe(cpu, "flags", Json::array({Pick({"+aes", "-pcid"})}));
    Maybe(cpu, "numa", Flag());
    Maybe(vm, "cpu", std::move(cpu));
    if (Flag()) {
      vm["machine"] = "q35";
      Maybe(vm, "viommu", Pick({"intel", "virtio"}));
    }
    Maybe(vm, "rng", {{"source", "/dev/urandom"}, {"max_bytes", 1024 * (1 + random_.Below(2))}});
    Maybe(vm, "smbios", {{"serial", "no, " + std::to_string(random_.Below(9))}});
    Maybe(vm, "efi_disk", {{"storage", "shared"}, {"type", "4m"}});
    Maybe(vm, "tpm_state", {{"storage", "shared"}, {"version", "v2.0"}});
    Maybe(vm, "vga", {{"type", Pick({"std", "virtio"})}, {"memory", 16 * (1 + random_.Below(2))}});
    Maybe(vm, "audio", {{"device", Pick({"AC97", "intel-hda"})}});
    Maybe(vm, "watchdog", {{"model", "i6300esb"}, {"action", Pick({"reset", "poweroff"})}});
    Maybe(vm, "serial_devices", Slots("serial", {"socket"}));
    Maybe(vm, "cdroms", Flag() ? Json::object() : Json{{"ide0", {{"volume", Pick({"none", "cdrom"})}}}});
    Maybe(vm, "usb_devices",
          Slots("usb", {Json{{"host", "spice"}}, Json{{"host", "spice"}, {"usb3", true}}}));
    Maybe(vm, "pci_devices",
          Slots("hostpci", {Json{{"mapping", "gpu"}}, Json{{"mapping", "gpu"}, {"rombar", false}}}));
    Maybe(vm, "virtiofs",
          Slots("virtiofs", {Json{{"mapping", "data"}}, Json{{"mapping", "data"}, {"cache", "never"}}}));
  }

  void AddGuest(Json& vm) {
    Json agent = {{"enabled", Flag()}};
    Maybe(agent, "type", Pick({"virtio", "isa"}));
    Maybe(agent, "freeze_fs", Flag());
    Maybe(vm, "agent", std::move(agent));
    Json cloud_init = {{"storage", "shared"}};
    Maybe(cloud_init, "user", Pick({"ops", "Ops"}));
    Maybe(cloud_init, "type", Pick({"nocloud", "configdrive2"}));
    Maybe(cloud_init, "dns_servers", Json::array({"10.0.0.53", Pick({"10.0.0.54", "2001:DB8::53"})}));
    Maybe(cloud_init, "search_domain", Pick({"example.org", "example.net"}));
    Maybe(cloud_init, "ssh_keys",
          Json::array({Pick({"ssh-ed25519 AAAA ops", "ssh-ed25519 BBBB ops@example.org"})}));
    if (random_.Percent(40)) vm["cloud_init"] = std::move(cloud_init);
  }

  // None, one or two of the slots.
  Json Slots(const std::string& bus, std::initializer_list<Json> values) {
    Json slots = Json::object();
    for (const char* const number : {"0", "1"}) {
      if (Flag()) slots[bus + number] = Pick(values);
    }
    return slots;
  }

  Json Disks() {
    Json disks = Json::object();
    for (const char* const slot : {"scsi0", "scsi7", "virtio1", "sata3"}) {
      if (Flag()) continue;
      // Shared, since the VM moves between nodes.
      std::string const size = std::to_string(life_.gigabytes);
      Json disk = {{"storage", "shared"},
                   {"size", Flag() ? size + "G" : std::to_string(life_.gigabytes * 1024) + "M"}};
      Maybe(disk, "discard", Pick({"on", "ignore"}));
      Maybe(disk, "backup", Flag());
      Maybe(disk, "cache", Pick({"none", "writeback"}));
      Maybe(disk, "serial", Pick({"a,b", "disk 1"}));
      Maybe(disk, "mbps_rd", Pick({10, 20.5}));
      Maybe(disk, "replicate", Flag());
      if (random_.Percent(40)) disk["on_remove"] = Pick({"delete", "detach"});
      disks[slot] = std::move(disk);
    }
    return disks;
  }

  void AddNetworks(Json& vm) {
    Json net0 = {{"bridge", "vmbr0"}};
    Maybe(net0, "vlan", 1 + random_.Below(4094));
    Maybe(net0, "firewall", Flag());
    Maybe(net0, "mtu", 1300 + 100 * random_.Below(2));
    Maybe(net0, "link_down", Flag());
    Maybe(net0, "ipv4", {{"address", Pick({"10.0.0.7/24", "dhcp"})}});
    Maybe(net0, "ipv6", {{"address", Pick({"2001:DB8::7/64", "auto"})}});
    Json networks = {{"net0", std::move(net0)}};
    if (random_.Percent(40)) {
      networks["net2"] = {{"bridge", "vmbr0"}, {"model", "e1000"}, {"mac_address", "bc:24:11:0a:00:01"}};
    }
    if (random_.Percent(40)) return;
    vm["networks"] = std::move(networks);
    Maybe(vm, "boot_order", Json::array({"net0"}));
  }

  // Only what the configuration leaves out can be unset.
  void AddUnset(Json& vm) {
    constexpr std::pair<const char*, const char*> kOptions[] = {
        {"watchdog", "watchdog"}, {"audio", "audio0"}, {"rng", "rng0"},       {"vga", "vga"},
        {"startup", "startup"},   {"tags", "tags"},    {"networks", "net0"},  {"serial_devices", "serial0"},
        {"disks", "scsi7"},       {"cpu", "cpulimit"}, {"boot_order", "boot"}};
    Json unset = Json::array();
    for (const auto& [attribute, option] : kOptions) {
      if (!vm.contains(attribute) && random_.Percent(20)) unset.push_back(option);
    }
    if (!unset.empty()) vm["unset"] = std::move(unset);
  }

  oracle::Random& random_;
  const VmLife& life_;
};

}  // namespace

Json RandomVm(oracle::Random& random, VmLife& life) {
  if (random.Percent(20)) ++life.gigabytes;
  return Generator(random, life).Vm();
}

}  // namespace fediversity::resources
