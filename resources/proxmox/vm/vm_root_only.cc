#include "resources/proxmox/vm/vm_root_only.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "provider/base/text.h"
#include "resources/proxmox/vm/option_name.h"

namespace fediversity::resources {
namespace {

using schema::Value;
using wire::Path;

// A file of the node goes with the device, even with one that is mapped.
bool IsReal(const VmPciDevice& device) {
  return device.host.has_value() || !device.rom_file.value_or("").empty();
}
bool IsReal(const VmUsbDevice& device) { return device.host.has_value() && *device.host != "spice"; }
bool IsReal(const std::string& serial) { return serial != "socket"; }

std::string_view MemberAtFault(const VmPciDevice& device) {
  return device.host.has_value() ? "host" : "rom_file";
}
std::string_view MemberAtFault(const VmUsbDevice&) { return "host"; }
std::string_view MemberAtFault(const std::string&) { return ""; }

bool IsPath(const Value<std::string>& volume) { return volume.has_value() && volume->starts_with('/'); }

// The element at `slot`; null where there is none.
template <typename Map>
typename Map::mapped_type ElementAt(const Value<Map>& map, const std::string& slot) {
  if (!map.has_value()) return {};
  auto const found = map->find(slot);
  return found == map->end() ? typename Map::mapped_type() : found->second;
}

// Those that no attribute stands for.
bool IsRootsOption(std::string_view option) {
  constexpr std::string_view kNames[] = {"intel-tdx", "ivshmem", "lock", "spice_enhancements", "vmgenid"};
  std::string_view const key = OptionName::Split(option).key;
  return std::ranges::find(kNames, key) != std::ranges::end(kNames) || key.starts_with("parallel");
}

class RootOnly {
 public:
  explicit RootOnly(schema::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Text(const Path& path, const Value<std::string>& before, const Value<std::string>& after) {
    bool const nothing = before.value_or("").empty() && after.value_or("").empty();
    if (!after.is_unknown() && !nothing && before != after) Refuse(path);
  }

  void Flag(const Path& path, const Value<bool>& before, const Value<bool>& after) {
    if (!after.is_unknown() && before != after) Refuse(path);
  }

  // Devices of the node: root alone puts them in, changes them and takes them out.
  template <typename Map>
  void Devices(std::string_view attribute, const Value<Map>& before, const Value<Map>& after) {
    if (after.is_unknown()) return;
    std::set<std::string> slots;
    for (const auto* const map : {&before, &after}) {
      if (!map->has_value()) continue;
      for (const auto& [slot, device] : **map) slots.insert(slot);
    }
    Path const all = Path().Child(attribute);
    for (const std::string& slot : slots) {
      auto const old = ElementAt(before, slot);
      auto const now = ElementAt(after, slot);
      if (old == now || now.is_unknown()) continue;
      if (now.has_value() && IsReal(*now)) {
        std::string_view const member = MemberAtFault(*now);
        Refuse(member.empty() ? all.AtKey(slot) : all.AtKey(slot).Child(member));
      } else if (old.has_value() && IsReal(*old)) {
        Refuse(now.is_null() ? all : all.AtKey(slot));
      }
    }
  }

  // Files and devices of the node that no storage holds.
  void Disks(const Value<schema::Map<VmDisk>>& before, const Value<schema::Map<VmDisk>>& after) {
    if (!after.has_value()) return;
    for (const auto& [slot, disk] : *after) {
      if (!disk.has_value()) continue;
      Path const path = Path().Child("disks").AtKey(slot);
      Value<VmDisk> const old = ElementAt(before, slot);
      if (!old.has_value() && IsPath(disk->import_from)) Refuse(path.Child("import_from"));
      VmDisk sent = *disk;
      if (old.has_value()) {  // these are told to nobody
        sent.import_from = old->import_from;
        sent.on_remove = old->on_remove;
        sent.keep_on_destroy = old->keep_on_destroy;
      }
      if (IsPath(disk->volume) && old != Value<VmDisk>(sent)) Refuse(path.Child("volume"));
    }
  }

  void Cdroms(const Value<schema::Map<VmCdrom>>& before, const Value<schema::Map<VmCdrom>>& after) {
    if (!after.has_value()) return;
    for (const auto& [slot, cdrom] : *after) {
      if (!cdrom.has_value() || !IsPath(cdrom->volume) || ElementAt(before, slot) == cdrom) continue;
      Refuse(Path().Child("cdroms").AtKey(slot).Child("volume"));
    }
  }

  template <typename T>
  void Object(const Path& path, const Value<T>& before, const Value<T>& after) {
    if (!after.is_unknown() && before != after) Refuse(path);
  }

  // Options that no attribute stands for. Whether the VM has one is not known, so what was there before passes.
  void Unset(const Value<schema::Set<std::string>>& before, const Value<schema::Set<std::string>>& after) {
    if (!after.has_value()) return;
    for (const auto& name : after->items) {
      if (!name.has_value() || !IsRootsOption(*name)) continue;
      bool const is_new =
          !before.has_value() || std::ranges::find(before->items, name) == before->items.end();
      if (is_new) Refuse(Path().Child("unset"), *name);
    }
  }

 private:
  void Refuse(const Path& path) { Refuse(path, path.ToString()); }

  void Refuse(const Path& path, std::string_view name) {
    diagnostics_.AddError(
        Cat({"Only root@pam may set `", name, "`"}),
        Cat({"Proxmox refuses to set, change or remove it to every API token and to every other user, since it reaches "
             "into the node itself. Configure the provider with `username = \"root@pam\"` and its password, have "
             "somebody do it by hand and leave `",
             name, "` out, or use a resource mapping or a volume where the attribute takes one."}),
        path);
  }

  schema::Diagnostics& diagnostics_;
};

}  // namespace

void RefuseRootOnly(const ProxmoxVm& prior, const ProxmoxVm& planned, schema::Diagnostics& diagnostics) {
  RootOnly root(diagnostics);
  root.Text(Path().Child("args"), prior.args, planned.args);
  root.Text(Path().Child("hook_script"), prior.hook_script, planned.hook_script);
  VmCpu const cpu = prior.cpu.value_or(VmCpu{});
  if (!planned.cpu.is_unknown()) {
    root.Text(Path().Child("cpu").Child("affinity"), cpu.affinity, planned.cpu.value_or(VmCpu{}).affinity);
  }
  if (!planned.memory.is_unknown()) {
    VmMemory const old = prior.memory.value_or(VmMemory{});
    VmMemory const now = planned.memory.value_or(VmMemory{});
    Path const memory = Path().Child("memory");
    root.Text(memory.Child("hugepages"), old.hugepages, now.hugepages);
    root.Flag(memory.Child("keep_hugepages"), old.keep_hugepages, now.keep_hugepages);
  }
  root.Object(Path().Child("amd_sev"), prior.amd_sev, planned.amd_sev);
  root.Devices("pci_devices", prior.pci_devices, planned.pci_devices);
  root.Devices("usb_devices", prior.usb_devices, planned.usb_devices);
  root.Devices("serial_devices", prior.serial_devices, planned.serial_devices);
  root.Disks(prior.disks, planned.disks);
  root.Cdroms(prior.cdroms, planned.cdroms);
  // A new VM has none of these, unless it is a clone.
  if (prior.vmid.has_value() || planned.clone.has_value()) root.Unset(prior.unset, planned.unset);
}

}  // namespace fediversity::resources
