#include "resources/proxmox/vm/vm_validate.h"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "provider/backends/proxmox/text/slot.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/format.h"
#include "resources/proxmox/vm/part.h"
#include "resources/proxmox/vm/vm_power_plan.h"

namespace fediversity::resources {
namespace {

using proxmox::Bus;
using schema::Diagnostics;
using wire::Path;

template <typename Map>
void CheckSlots(const schema::Value<Map>& map, std::string_view attribute, std::initializer_list<Bus> buses,
                Diagnostics& diagnostics) {
  if (!map.has_value()) return;
  for (const auto& [key, element] : *map) {
    auto const slot = proxmox::Slot::Parse(key, buses);
    if (slot.ok()) continue;
    diagnostics.AddError(Cat({"`", key, "` is no slot for `", attribute, "`"}),
                         ToStd(slot.status().message()), Path().Child(attribute).AtKey(key));
  }
}

// One drive in one slot.
void CheckDriveSlots(const ProxmoxVm& config, Diagnostics& diagnostics) {
  std::map<std::string, std::string> taken;
  auto take = [&](const std::string& slot, std::string_view attribute, const Path& path) {
    auto const [found, added] = taken.emplace(slot, attribute);
    if (added) return;
    diagnostics.AddError(Cat({"`", slot, "` is used twice"}),
                         Cat({"Both `", found->second, "` and `", attribute,
                              "` put a drive there. Give one of them another slot."}),
                         path);
  };
  if (config.disks.has_value()) {
    for (const auto& [slot, disk] : *config.disks) take(slot, "disks", Path().Child("disks").AtKey(slot));
  }
  if (config.cdroms.has_value()) {
    for (const auto& [slot, cdrom] : *config.cdroms) take(slot, "cdroms", Path().Child("cdroms").AtKey(slot));
  }
  if (config.cloud_init.has_value() && config.cloud_init->drive.has_value()) {
    Path const path = Path().Child("cloud_init").Child("drive");
    auto const slot = proxmox::Slot::Parse(*config.cloud_init->drive, proxmox::kDiskBuses);
    if (!slot.ok()) {
      diagnostics.AddError("The cloud-init drive has no such slot", ToStd(slot.status().message()), path);
    }
    take(*config.cloud_init->drive, "cloud_init", path);
  }
}

void CheckMemory(const ProxmoxVm& config, Diagnostics& diagnostics) {
  if (!config.memory.has_value()) return;
  auto const size = internal::TextOf<MebibyteFormat>(config.memory->size);
  auto const balloon = internal::TextOf<MebibyteFormat>(config.memory->balloon);
  if (!size.has_value() || !balloon.has_value()) return;
  auto const most = IntegerFormat::Parse(*size);
  auto const least = IntegerFormat::Parse(*balloon);
  if (!most.ok() || !least.ok() || *least <= *most) return;
  diagnostics.AddError("The balloon is larger than the memory",
                       Cat({"`balloon` is what the VM keeps of its memory, so it is at most `size`, ",
                            *config.memory->size, "."}),
                       Path().Child("memory").Child("balloon"));
}

void CheckDevices(const ProxmoxVm& config, Diagnostics& diagnostics) {
  auto exactly_one = [&diagnostics](const auto& map, std::string_view attribute) {
    if (!map.has_value()) return;
    for (const auto& [slot, device] : *map) {
      if (!device.has_value() || device->host.is_unknown() || device->mapping.is_unknown()) continue;
      if (device->host.has_value() != device->mapping.has_value()) continue;
      diagnostics.AddError(
          "Which device?",
          Cat({"`", slot,
               "` needs either `host`, a device of the node, or `mapping`, a resource mapping of the "
               "cluster."}),
          Path().Child(attribute).AtKey(slot));
    }
  };
  exactly_one(config.pci_devices, "pci_devices");
  exactly_one(config.usb_devices, "usb_devices");
}

}  // namespace

void ValidateVm(const ProxmoxVm& config, Diagnostics& diagnostics) {
  CheckSlots(config.disks, "disks", proxmox::kDiskBuses, diagnostics);
  CheckSlots(config.cdroms, "cdroms", proxmox::kDiskBuses, diagnostics);
  CheckSlots(config.networks, "networks", {Bus::kNet}, diagnostics);
  CheckSlots(config.numa_nodes, "numa_nodes", {Bus::kNuma}, diagnostics);
  CheckSlots(config.serial_devices, "serial_devices", {Bus::kSerial}, diagnostics);
  CheckSlots(config.pci_devices, "pci_devices", {Bus::kHostPci}, diagnostics);
  CheckSlots(config.usb_devices, "usb_devices", {Bus::kUsb}, diagnostics);
  CheckSlots(config.virtiofs, "virtiofs", {Bus::kVirtiofs}, diagnostics);
  CheckDriveSlots(config, diagnostics);
  CheckMemory(config, diagnostics);
  CheckDevices(config, diagnostics);
  CheckPower(config, diagnostics);
}

}  // namespace fediversity::resources
