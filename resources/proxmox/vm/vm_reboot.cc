#include "resources/proxmox/vm/vm_reboot.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/text/config_text.h"
#include "provider/backends/proxmox/text/kind.h"
#include "provider/backends/proxmox/text/property_string.h"
#include "provider/backends/proxmox/text/slot.h"
#include "provider/backends/proxmox/text/volume_id.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/disk_changes.h"
#include "resources/proxmox/vm/format.h"
#include "resources/proxmox/vm/vm_options.h"
#include "resources/proxmox/vm/vm_parts.h"

namespace fediversity::resources {
namespace {

using OptionalText = std::optional<std::string>;

// A key, without the number of its slot, and the feature of `hotplug` by which a running VM takes a change of it; none
// where it always does. What is not listed waits for a start.
struct Plug {
  std::string_view key;
  std::string_view feature = {};
};

constexpr Plug kPlugs[] = {
    {"autostart"},      {"cicustom"},       {"cipassword"},       {"citype"},           {"ciupgrade"},
    {"ciuser"},         {"cpulimit"},       {"cpuunits"},         {"description"},      {"hookscript"},
    {"ipconfig"},       {"lock"},           {"memory", "memory"}, {"migrate_downtime"}, {"migrate_speed"},
    {"name"},           {"nameserver"},     {"net", "network"},   {"onboot"},           {"protection"},
    {"scsi", "disk"},   {"searchdomain"},   {"shares"},           {"sshkeys"},          {"startup"},
    {"tablet", "usb"},  {"tags"},           {"unused"},           {"usb", "usb"},       {"vcpus", "cpu"},
    {"virtio", "disk"}, {"vmstatestorage"},
};

// Of the guests, those into which QEMU plugs USB devices.
constexpr std::string_view kUsbGuests[] = {"l26", "win8", "win10", "win11"};

// Options of a drive that QEMU takes only when it opens it.
constexpr std::string_view kFixedDriveOptions[] = {"aio",    "cache", "discard", "iothread",
                                                   "queues", "ro",    "ssd"};

bool HasFeature(std::string_view hotplug, std::string_view feature) {
  if (hotplug.empty() || hotplug == "1") hotplug = "network,disk,usb";
  std::vector<std::string> const features = absl::StrSplit(ToAbsl(hotplug), ',');
  return std::ranges::find(features, feature) != features.end();
}

bool IsDrive(std::string_view key) {
  auto const slot = proxmox::Slot::Find(key);
  return slot.has_value() && proxmox::IsDiskBus(slot->bus);
}

// Of a drive that stays in its slot; nothing where the volume changes.
std::optional<bool> IsDriveTakenUp(std::string_view key, std::string_view before, std::string_view after) {
  const proxmox::Kind* const kind = proxmox::KindOf(key);
  auto const old = proxmox::PropertyString::Parse(*kind, before);
  auto const now = proxmox::PropertyString::Parse(*kind, after);
  if (!old.ok() || !now.ok()) return std::nullopt;
  bool const is_cdrom = old->Get("media") == "cdrom" && now->Get("media") == "cdrom";
  if (is_cdrom) return true;  // a medium is changed, not a drive
  if (old->Get("file") != now->Get("file")) return std::nullopt;
  return std::ranges::none_of(kFixedDriveOptions,
                              [&](std::string_view option) { return old->Get(option) != now->Get(option); });
}

Plugging PluggingOf(const ProxmoxVm& vm) {
  std::optional<std::string> const hotplug =
      vm.hotplug.has_value() ? HotplugFormat::Text(*vm.hotplug) : std::nullopt;
  return {.hotplug = hotplug.value_or(""), .os_type = vm.os_type.value_or("")};
}

// The device itself comes and goes with a start, and is there unless the option is 0.
bool KeepsBalloon(const OptionalText& before, const OptionalText& after) {
  return (before.value_or("") == "0") == (after.value_or("") == "0");
}

std::vector<std::string> NeedsStart(const ProxmoxVm& prior, const ProxmoxVm& planned) {
  VmOptions written;
  if (!WriteVmOptions(nullptr, prior, written).ok()) return {};
  proxmox::ConfigText held;
  for (const std::string& key : written.Keys()) held[key] = *written.Value(key);
  VmOptions changed(held);
  // What cannot be written is reported where it is.
  if (!WriteVmOptions(&prior, planned, changed).ok()) return {};
  std::set<std::string> keys;
  for (const auto& field : changed.ToSet()) keys.insert(field.name());
  for (const std::string& key : changed.ToRemove()) keys.insert(key);
  Plugging const plugging = PluggingOf(prior);
  std::erase_if(keys, [&](const std::string& key) {
    return IsTakenUpAtOnce(key, written.Value(key), changed.Value(key), plugging);
  });
  return {keys.begin(), keys.end()};
}

}  // namespace

bool IsTakenUpAtOnce(std::string_view key, const OptionalText& before, const OptionalText& after,
                     const Plugging& plugging) {
  if (key == "balloon") return KeepsBalloon(before, after);
  if (IsDrive(key) && before.has_value() && after.has_value()) {
    if (auto const stays = IsDriveTakenUp(key, *before, *after); stays.has_value()) return *stays;
  }
  std::string_view const name = key.substr(0, key.find_last_not_of("0123456789") + 1);
  auto const found = std::ranges::find(kPlugs, name, &Plug::key);
  if (found == std::end(kPlugs)) return false;
  if (name == "usb" && std::ranges::find(kUsbGuests, plugging.os_type) == std::end(kUsbGuests)) return false;
  return found->feature.empty() || HasFeature(plugging.hotplug, found->feature);
}

absl::Status RefuseColdGrowth(bool runs, const ProxmoxVm& prior, const ProxmoxVm& planned) {
  bool const runs_on = runs && planned.started.value_or(false);
  bool const reboots =
      planned.reboot.is_unknown() || planned.reboot == schema::Value<std::string>("when_needed");
  if (!runs_on || reboots || !planned.disks.has_value()) return absl::OkStatus();
  Plugging const plugging = PluggingOf(prior);
  for (const auto& [slot, disk] : *planned.disks) {
    bool const grows = BringsDisk(prior, slot, disk) && disk->size.has_value();
    if (!grows || IsTakenUpAtOnce(slot, std::nullopt, "", plugging)) continue;
    return schema::OnAttribute(
        absl::FailedPreconditionError(Cat(
            {"A disk that is not there yet cannot grow\nThe VM runs and gets `", slot,
             "` at its next start, and Proxmox grows only a disk that a VM has. Set `reboot = \"when_needed\"`; "
             "stop the VM first; use a slot that is plugged in while it runs, such as \"scsi1\"; or leave `size` "
             "out until the VM has the disk."})),
        wire::Path().Child("disks").AtKey(slot).Child("size"));
  }
  return absl::OkStatus();
}

void PlanReboot(const ProxmoxVm& prior, ProxmoxVm& planned, schema::Diagnostics& diagnostics) {
  bool const runs_on = prior.started.value_or(false) && planned.started.value_or(true);
  if (!runs_on) return;
  std::vector<std::string> const keys = NeedsStart(prior, planned);
  bool const waiting = prior.reboot_required.value_or(false);
  if (keys.empty() && !waiting) return;
  bool const reboots = planned.reboot.value_or("never") == "when_needed";
  // Without a change there would be no apply.
  if (waiting && reboots) planned.reboot_required = schema::Value<bool>::Unknown();
  std::string const what =
      keys.empty() ? "Changes that were made before wait for the VM's next start."
                   : Cat({"A running VM takes up changes of ", Join(keys, ", "), " at its next start."});
  diagnostics.AddWarning(
      reboots ? "The VM may be rebooted" : "A reboot will be needed",
      Cat({what,
           reboots
               ? " Apply asks Proxmox which changes wait, and reboots the VM if there are any."
               : " Apply leaves them waiting, since `reboot` is \"never\"; set it to \"when_needed\", or reboot "
                 "the VM when it suits."}),
      wire::Path().Child("reboot"));
}

}  // namespace fediversity::resources
