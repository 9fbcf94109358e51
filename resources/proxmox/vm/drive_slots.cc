#include "resources/proxmox/vm/drive_slots.h"

#include "provider/backends/proxmox/text/slot.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"

namespace fediversity::resources {
namespace {

using proxmox::VolumeId;

// The machine q35 has one drive at each of ide0 and ide2 only.
constexpr std::string_view kCloudInitSlots[] = {"ide2",  "ide0",  "ide3",  "ide1",  "sata0",
                                                "sata1", "sata2", "sata3", "sata4", "sata5"};

}  // namespace

absl::StatusOr<std::optional<VolumeId>> VolumeAt(VmOptions& options, std::string_view slot) {
  ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(slot, "file"));
  if (!file.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(VolumeId volume, VolumeId::Parse(*file));
  return volume;
}

absl::StatusOr<std::map<std::string, std::string>> VolumesBySlot(VmOptions& options) {
  using enum proxmox::Bus;
  std::map<std::string, std::string> volumes;
  for (const std::string& key : options.Keys()) {
    auto const slot = proxmox::Slot::Find(key);
    if (!slot.has_value()) continue;
    bool const holds_volume = proxmox::IsDiskBus(slot->bus) || slot->bus == kUnused ||
                              slot->bus == kEfiDisk || slot->bus == kTpmState;
    if (!holds_volume) continue;
    ASSIGN_OR_RETURN(std::optional<std::string> file, options.Get(key, "file"));
    if (file.has_value()) volumes.emplace(key, *std::move(file));
  }
  return volumes;
}

bool IsUnusedSlot(std::string_view slot) { return slot.starts_with(proxmox::BusName(proxmox::Bus::kUnused)); }

bool IsCloudInitSlot(VmOptions& options, std::string_view slot) {
  auto const found = proxmox::Slot::Find(slot);
  if (!found.has_value() || !proxmox::IsDiskBus(found->bus)) return false;
  auto const volume = VolumeAt(options, slot);
  return volume.ok() && volume->has_value() && (*volume)->is_cloud_init();
}

bool IsCdromSlot(VmOptions& options, std::string_view slot) {
  auto const media = options.Get(slot, "media");
  return media.ok() && *media == "cdrom" && !IsCloudInitSlot(options, slot);
}

std::optional<std::int64_t> OtherOwner(std::string_view volume, std::int64_t vmid) {
  auto const id = proxmox::VolumeId::Parse(volume);
  std::optional<std::int64_t> const owner = id.ok() ? id->owner() : std::nullopt;
  return owner == vmid ? std::nullopt : owner;
}

bool IsDiskSlot(VmOptions& options, std::string_view slot) {
  return !IsCdromSlot(options, slot) && !IsCloudInitSlot(options, slot);
}

absl::StatusOr<std::string> FreeCloudInitSlot(const VmOptions& options) {
  for (std::string_view const slot : kCloudInitSlots) {
    if (!options.Has(slot)) return std::string(slot);
  }
  return schema::OnAttribute(
      absl::FailedPreconditionError(
          "No slot is free for the cloud-init drive\nAll of IDE and SATA are taken. Say in "
          "`drive` at which slot of another bus it is to be, such as \"scsi30\"."),
      wire::Path().Child("cloud_init").Child("drive"));
}

absl::Status SlotTaken(VmOptions& options, std::string_view slot, const wire::Path& path) {
  ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(slot, "file"));
  std::string const held = file.value_or("a drive");
  std::string_view const kind = IsCloudInitSlot(options, slot) ? "the cloud-init drive "
                                : IsCdromSlot(options, slot)   ? "a CD-ROM drive with "
                                                               : "the volume ";
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"The slot is taken\n`", slot, "` holds ", kind, held,
           ", which this configuration did not know of there. It was left alone. Choose another slot; or, to manage "
           "what is there, name it in the configuration as what it is: a disk by `volume = \"",
           held, "\"`. To have it gone, take it out first, and apply again."})),
      path);
}

absl::Status RefuseTakenSlots(const ProxmoxVm& prior, const ProxmoxVm& plan, VmOptions& options) {
  if (!plan.disks.has_value()) return absl::OkStatus();
  for (const auto& [slot, disk] : *plan.disks) {
    bool const is_new = !prior.disks.has_value() || !prior.disks->contains(slot);
    if (!disk.has_value() || !is_new || !options.Has(slot)) continue;
    ASSIGN_OR_RETURN(std::optional<std::string> const held, options.Get(slot, "file"));
    bool const same = held.has_value() && disk->volume == schema::Value<std::string>(*held);
    if (!same) return SlotTaken(options, slot, wire::Path().Child("disks").AtKey(slot));
  }
  return absl::OkStatus();
}

}  // namespace fediversity::resources
