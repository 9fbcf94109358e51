#include <algorithm>
#include <cctype>
#include <set>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

// What an option needs to be changed.
std::string PrivilegeFor(const std::string& option, const std::string& value) {
  static const std::set<std::string_view> kCpu = {"cores",    "sockets", "cpu",   "cpulimit", "cpuunits",
                                                  "affinity", "numa",    "vcpus", "smp"};
  static const std::set<std::string_view> kMemory = {"memory", "balloon", "shares", "hugepages",
                                                     "keephugepages"};
  static const std::set<std::string_view> kHardware = {"acpi",   "machine", "vga",    "watchdog", "scsihw",
                                                       "arch",   "kvm",     "rng0",   "hotplug",  "tablet",
                                                       "audio0", "vmgenid", "smbios1"};
  static const std::set<std::string_view> kDisk = {"boot", "bootdisk", "vmstatestorage"};
  if (kCpu.contains(option) || option.starts_with("numa")) return "VM.Config.CPU";
  if (kMemory.contains(option)) return "VM.Config.Memory";
  if (kHardware.contains(option) || option.starts_with("hostpci") || option.starts_with("usb") ||
      option.starts_with("serial") || option.starts_with("virtiofs")) {
    return "VM.Config.HWType";
  }
  if (IsNetwork(option)) return "VM.Config.Network";
  if (option == "nameserver" || option == "searchdomain" || option.starts_with("ipconfig")) {
    return "VM.Config.Network|VM.Config.Cloudinit";
  }
  if (IsCloudInitOption(option)) return "VM.Config.Cloudinit";
  if (IsDrive(option)) return DriveOptions(value).IsCdrom() ? "VM.Config.CDROM" : "VM.Config.Disk";
  if (IsUnused(option) || kDisk.contains(option)) return "VM.Config.Disk";
  return "VM.Config.Options";
}

// Whether a token is refused whatever the value is.
bool IsOfRootAlone(const std::string& option) {
  static const std::set<std::string_view> kNames = {
      "args", "affinity", "amd-sev", "hookscript", "hugepages",     "intel-tdx",         "ivshmem",
      "lock", "meta",     "vmgenid", "arch",       "keephugepages", "spice_enhancements"};
  return kNames.contains(option);
}

// Why only root may set it, or nothing.
Failure RootOnly(const std::string& option, const std::string& value) {
  if (IsOfRootAlone(option)) return Cat({"only root can set '", option, "' config"});
  bool const mapped = value.find("mapping=") != std::string::npos;
  if (option.starts_with("hostpci") && !mapped) {
    return Cat({"only root can set '", option, "' config for non-mapped devices"});
  }
  if (option.starts_with("hostpci") && value.find("romfile=") != std::string::npos) {
    return "only root@pam can set 'romfile' option";
  }
  if (option.starts_with("usb") && !mapped && !value.starts_with("spice") &&
      !value.starts_with("host=spice")) {
    return Cat({"only root can set '", option, "' config for real devices"});
  }
  if (option.starts_with("serial") && value != "socket") {
    return Cat({"only root can set '", option, "' config for real devices"});
  }
  if (option.starts_with("parallel"))
    return Cat({"only root can set '", option, "' config for real devices"});
  return std::nullopt;
}

std::optional<Reply> Require(const Cluster& cluster, const Call& call, const std::string& path,
                             const std::string& privilege) {
  if (Allowed(cluster, call.who, path, privilege)) return std::nullopt;
  return Denied(path, privilege);
}

// The drive of the node itself.
bool IsNodesCdrom(const DriveOptions& drive) { return drive.file == "cdrom"; }

std::optional<Reply> CheckSpace(const Cluster& cluster, const Call& call, const DriveOptions& drive) {
  if (IsNodesCdrom(drive)) return Require(cluster, call, "/", "Sys.Console");
  auto const colon = drive.file.find(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string const storage = drive.file.substr(0, colon);
  if (!cluster.storages.contains(storage)) return Died(Cat({"storage '", storage, "' does not exist"}));
  std::string const rest = drive.file.substr(colon + 1);
  bool const allocates = rest == "cloudinit" || rest.find_first_not_of("0123456789.") == std::string::npos;
  if (!allocates) return std::nullopt;
  return Require(cluster, call, "/storage/" + storage, "Datastore.AllocateSpace");
}

std::optional<Reply> CheckBridge(const Cluster& cluster, const Call& call, const std::string& value) {
  DriveOptions const network(value, "model");
  auto const bridge = network.options.find("bridge");
  if (bridge == network.options.end()) return std::nullopt;
  return Require(cluster, call, "/sdn/zones/localnetwork/" + bridge->second, "SDN.Use");
}

std::optional<Reply> CheckMapping(const Cluster& cluster, const Call& call, const std::string& option,
                                  const std::string& value) {
  std::string const kind = option.starts_with("usb") ? "usb" : option.starts_with("hostpci") ? "pci" : "";
  if (kind.empty()) return std::nullopt;
  DriveOptions const device(value, "host");
  auto const mapping = device.options.find("mapping");
  if (mapping == device.options.end()) return std::nullopt;
  return Require(cluster, call, Cat({"/mapping/", kind, "/", mapping->second}), "Mapping.Use");
}

// What goes beyond the VM itself.
std::optional<Reply> CheckReach(const Cluster& cluster, const Call& call, const std::string& option,
                                const std::string& value) {
  if (option == "vmstatestorage")
    return Require(cluster, call, "/storage/" + value, "Datastore.AllocateSpace");
  if (IsNetwork(option)) return CheckBridge(cluster, call, value);
  return CheckMapping(cluster, call, option, value);
}

std::string CanonicalNetwork(Cluster& cluster, const std::string& value) {
  DriveOptions network(value, "model");
  std::string mac;
  if (auto const given = network.options.find("macaddr"); given != network.options.end()) {
    mac = given->second;
    network.options.erase(given);
  }
  const Property* const net = VmOptions(Version::kNine).Find("net0");
  for (auto option = network.options.begin(); option != network.options.end();) {
    const Property* const known = net->options->Find(option->first);
    if (known != nullptr && known->kind == Property::Kind::kKeyAlias) {
      network.file = option->first;
      mac = option->second;
      option = network.options.erase(option);
    } else {
      ++option;
    }
  }
  if (mac.empty()) mac = cluster.NewMac();
  network.file += "=" + mac;
  return network.Print();
}

std::string CanonicalTags(const std::string& value) {
  std::set<std::string> tags;
  for (std::string tag : SplitList(value)) {
    std::ranges::transform(tag, tag.begin(), [](unsigned char letter) { return std::tolower(letter); });
    tags.insert(std::move(tag));
  }
  return Join(tags, ";");
}

}  // namespace

Params OptionsOf(const Cluster& cluster, const Call& call) {
  Params options;
  for (const auto& [name, value] : call.params) {
    if (name != "reboot" && VmOptions(cluster.settings.version).Find(name) != nullptr) options[name] = value;
  }
  return options;
}

std::optional<Reply> RefuseOptions(const Cluster& cluster, const Call& call, const Params& options,
                                   bool creating) {
  std::string const vm_path = "/vms/" + call.Get("vmid");
  for (const auto& [option, value] : options) {
    if (!call.who.IsRoot()) {
      if (auto const why = RootOnly(option, value)) return Died(*why);
    }
    if (IsDrive(option)) {
      if (auto refused = CheckSpace(cluster, call, DriveOptions(value))) return refused;
      if (creating) continue;
    }
    std::string const privilege = PrivilegeFor(option, value);
    bool const by_pool =
        creating && call.Has("pool") && Allowed(cluster, call.who, "/pool/" + call.Get("pool"), privilege);
    if (!by_pool && !Allowed(cluster, call.who, vm_path, privilege)) return Denied(vm_path, privilege);
    if (option != "startup") continue;
    // It changes what the node does when it starts.
    if (auto refused = Require(cluster, call, "/", "Sys.Modify")) return refused;
  }
  for (const auto& [option, value] : options) {
    if (auto refused = CheckReach(cluster, call, option, value)) return refused;
  }
  if (auto const script = options.find("hookscript"); script != options.end()) {
    if (cluster.FindVolume(script->second, call.Get("node")) == nullptr) {
      return BadParameter("hookscript", Cat({"script '", script->second, "' does not exist\n"}));
    }
  }
  return std::nullopt;
}

std::optional<Reply> RefuseDeletion(const Cluster& cluster, const Call& call, const std::string& option) {
  std::string const vm_path = "/vms/" + call.Get("vmid");
  if (!call.who.IsRoot()) {
    if (IsOfRootAlone(option)) return Died(Cat({"only root can set '", option, "' config"}));
    auto const vm = cluster.vms.find(call.Vmid());
    if (vm != cluster.vms.end() && vm->second.Has(option)) {
      if (auto const why = RootOnly(option, vm->second.Get(option))) return Died(*why);
    }
  }
  if (option == "startup") {
    if (auto refused = Require(cluster, call, "/", "Sys.Modify")) return refused;
  }
  return Require(cluster, call, vm_path, PrivilegeFor(option, ""));
}

std::optional<Reply> RefuseCopy(const Cluster& cluster, const Call& call, const Params& config,
                                const std::string& storage) {
  for (const auto& [option, value] : config) {
    if (!IsDrive(option)) continue;
    DriveOptions const drive(value);
    if (IsNodesCdrom(drive)) {
      if (auto refused = Require(cluster, call, "/", "Sys.Console")) return refused;
    }
    auto const colon = drive.file.find(':');
    if (drive.IsCdrom() || colon == std::string::npos) continue;
    std::string const path = "/storage/" + (storage.empty() ? drive.file.substr(0, colon) : storage);
    if (auto refused = Require(cluster, call, path, "Datastore.AllocateSpace")) return refused;
  }
  for (const auto& [option, value] : config) {
    if (!call.who.IsRoot() && (option.starts_with("usb") || option.starts_with("hostpci"))) {
      if (auto const why = RootOnly(option, value)) return Died(*why);
    }
    if (auto refused = CheckReach(cluster, call, option, value)) return refused;
  }
  return std::nullopt;
}

bool IsWindows(const std::string& ostype) {
  static const std::set<std::string_view> kNames = {"wxp",  "w2k",  "w2k3",  "w2k8", "wvista",
                                                    "win7", "win8", "win10", "win11"};
  return kNames.contains(ostype);
}

std::string PinnedMachine(const Cluster& cluster, const std::string& machine) {
  DriveOptions type(machine, "type");
  const std::string& version = cluster.settings.qemu_version;
  std::string const major_minor = version.substr(0, version.find('.', version.find('.') + 1));
  if (type.file == "q35") type.file = "pc-q35-" + major_minor;
  if (type.file.empty() || type.file == "pc") type.file = "pc-i440fx-" + major_minor;
  return type.Print();
}

std::string Canonical(Cluster& cluster, const std::string& option, const std::string& value, bool creating) {
  if (IsNetwork(option)) return CanonicalNetwork(cluster, value);
  // Version 8 writes the tags of a new VM as they come.
  if (option == "tags") return creating && !cluster.IsNine() ? value : CanonicalTags(value);
  if (option == "description") return value.substr(0, value.find_last_not_of('\n') + 1);
  if (option == "vmgenid" && value == "1") return cluster.NewUuid();
  return value;
}

}  // namespace fediversity::emulators
