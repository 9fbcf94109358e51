#include "resources/proxmox/vm/drive_parts.h"

#include <algorithm>
#include <optional>
#include <string>

#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/volume_id.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"

namespace fediversity::resources {
namespace {

using proxmox::VolumeId;

constexpr const char* kDefaultCloudInitDrive = "ide2";
// What Proxmox makes of it does not depend on the number.
constexpr std::string_view kSmallVolume = "1";

template <typename T>
schema::Value<T> NullIfEmpty(const T& text) {
  if (text.empty()) return {};
  return text;
}

// The volume in a drive's string; nullopt where there is no drive.
absl::StatusOr<std::optional<VolumeId>> VolumeAt(VmOptions& options, std::string_view key) {
  ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(key, "file"));
  if (!file.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(VolumeId volume, VolumeId::Parse(*file));
  return volume;
}

absl::StatusOr<schema::Value<std::string>> FormatAt(VmOptions& options, std::string_view key,
                                                    const VolumeId& volume) {
  ASSIGN_OR_RETURN(std::optional<std::string> const format, options.Get(key, "format"));
  return NullIfEmpty(format.value_or(volume.is_block() ? "raw" : std::string(volume.format())));
}

template <typename Drive>
void KeepNothing(const Part<Drive>&, const Drive&, Drive&) {}

template <typename Drive>
void ClearNothing(const Part<Drive>&, std::string_view, Drive&) {}

absl::Status Missing(std::string_view slot, std::string_view attribute, std::string_view why) {
  return schema::OnAttribute(
      absl::InvalidArgumentError(Cat({"A new disk without `", attribute, "`\nThe disk `", slot, "` ", why})),
      wire::Path().Child("disks").AtKey(std::string(slot)));
}

absl::Status ReadDisk(const Part<VmDisk>&, VmOptions& options, std::string_view slot, VmDisk& disk) {
  disk.volume = disk.storage = disk.format = disk.size = {};
  ASSIGN_OR_RETURN(std::optional<VolumeId> const volume, VolumeAt(options, slot));
  if (!volume.has_value()) return absl::OkStatus();
  disk.volume = volume->ToText();
  disk.storage = NullIfEmpty(volume->storage());
  ASSIGN_OR_RETURN(disk.format, FormatAt(options, slot, *volume));
  ASSIGN_OR_RETURN(std::optional<std::string> const size, options.Get(slot, "size"));
  if (size.has_value()) {
    ASSIGN_OR_RETURN(disk.size, SizeFormat::Parse(*size));
  }
  return absl::OkStatus();
}

absl::Status WriteDisk(const Part<VmDisk>&, const VmDisk* prior, const VmDisk& plan, std::string_view slot,
                       VmOptions& options) {
  if (prior != nullptr || options.Has(slot)) return absl::OkStatus();
  if (plan.volume.has_value()) return options.Set(slot, "file", *plan.volume);
  if (!plan.storage.has_value()) {
    return Missing(slot, "storage",
                   "does not exist yet. Say on which `storage` it is to be made, or which `volume` it is.");
  }
  if (plan.import_from.has_value()) {
    RETURN_IF_ERROR(options.Set(slot, "file", Cat({*plan.storage, ":0"})));
    RETURN_IF_ERROR(options.Set(slot, "import-from", *plan.import_from));
  } else {
    if (!plan.size.has_value()) {
      return Missing(slot, "size", "does not exist yet. Say which `size` it is to have.");
    }
    ASSIGN_OR_RETURN(std::int64_t const bytes, proxmox::ParseSize(*plan.size));
    RETURN_IF_ERROR(options.Set(slot, "file", Cat({*plan.storage, ":", proxmox::FormatAllocation(bytes)})));
  }
  return plan.format.has_value() ? options.Set(slot, "format", *plan.format) : absl::OkStatus();
}

void KeepSize(const Part<VmDisk>&, const VmDisk& known, VmDisk& fresh) {
  if (!known.size.has_value() || !fresh.size.has_value()) return;
  auto const one = proxmox::ParseSize(*known.size);
  auto const other = proxmox::ParseSize(*fresh.size);
  auto const volume = VolumeId::Parse(fresh.volume.value_or(known.volume.value_or("")));
  if (!one.ok() || !other.ok()) return;
  bool const block_storage = volume.ok() && volume->is_block();
  // Either may be what is asked for: a plan is compared with what is held, and what is held with a plan.
  if (proxmox::IsRoundedUp(std::min(*one, *other), std::max(*one, *other), block_storage)) {
    fresh.size = known.size;
  }
}

absl::Status ReadCdrom(const Part<VmCdrom>&, VmOptions& options, std::string_view slot, VmCdrom& cdrom) {
  ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(slot, "file"));
  cdrom.volume = file.has_value() ? schema::Value<std::string>(*file) : schema::Value<std::string>();
  return absl::OkStatus();
}

absl::Status WriteCdrom(const Part<VmCdrom>&, const VmCdrom* prior, const VmCdrom& plan,
                        std::string_view slot, VmOptions& options) {
  if (!plan.volume.has_value() || (prior != nullptr && prior->volume == plan.volume)) return absl::OkStatus();
  RETURN_IF_ERROR(options.Set(slot, "file", *plan.volume));
  RETURN_IF_ERROR(options.Remove(slot, "size"));  // the other image's
  return options.Set(slot, "media", "cdrom");
}

// EFI disks and TPM states: a storage, a volume, and nothing to choose about the size.
template <typename Drive>
absl::Status ReadSmall(const Part<Drive>& self, VmOptions& options, std::string_view, Drive& drive) {
  drive.storage = drive.volume = {};
  ASSIGN_OR_RETURN(std::optional<VolumeId> const volume, VolumeAt(options, self.key));
  if (!volume.has_value()) return absl::OkStatus();
  drive.volume = volume->ToText();
  drive.storage = NullIfEmpty(volume->storage());
  if constexpr (requires { drive.format; }) {
    ASSIGN_OR_RETURN(drive.format, FormatAt(options, self.key, *volume));
  }
  return absl::OkStatus();
}

template <typename Drive>
absl::Status WriteSmall(const Part<Drive>& self, const Drive*, const Drive& plan, std::string_view,
                        VmOptions& options) {
  if (options.Has(self.key) || !plan.storage.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(options.Set(self.key, "file", Cat({*plan.storage, ":", kSmallVolume})));
  if constexpr (requires { plan.format; }) {
    if (plan.format.has_value()) RETURN_IF_ERROR(options.Set(self.key, "format", *plan.format));
  }
  return absl::OkStatus();
}

template <typename Drive>
Part<Drive> SmallVolume(const char* key) {
  return {.key = key,
          .read = ReadSmall<Drive>,
          .write = WriteSmall<Drive>,
          .keep = KeepNothing<Drive>,
          .clear = [](const Part<Drive>& self, std::string_view cleared, Drive& drive) {
            if (cleared == self.key) drive = {};
          }};
}

absl::Status ReadCloudInitDrive(const Part<VmCloudInit>&, VmOptions& options, std::string_view,
                                VmCloudInit& cloud_init) {
  cloud_init.drive = cloud_init.storage = {};
  for (const std::string& key : options.Keys()) {
    if (!IsCloudInitSlot(options, key)) continue;
    ASSIGN_OR_RETURN(std::optional<VolumeId> const volume, VolumeAt(options, key));
    cloud_init.drive = key;
    cloud_init.storage = NullIfEmpty(volume->storage());
  }
  return absl::OkStatus();
}

absl::Status WriteCloudInitDrive(const Part<VmCloudInit>& self, const VmCloudInit*, const VmCloudInit& plan,
                                 std::string_view, VmOptions& options) {
  if (!plan.storage.has_value()) return absl::OkStatus();
  VmCloudInit current;
  RETURN_IF_ERROR(ReadCloudInitDrive(self, options, "", current));
  std::string const drive = plan.drive.value_or(current.drive.value_or(kDefaultCloudInitDrive));
  if (current.drive.has_value() && *current.drive != drive) {
    options.RemoveKey(*current.drive);
    current = {};
  }
  if (current.storage == plan.storage) return absl::OkStatus();
  return options.Set(drive, "", Cat({*plan.storage, ":cloudinit"}));
}

}  // namespace

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

bool IsDiskSlot(VmOptions& options, std::string_view slot) {
  return !IsCdromSlot(options, slot) && !IsCloudInitSlot(options, slot);
}

Part<VmDisk> DiskVolume() {
  return {.read = ReadDisk, .write = WriteDisk, .keep = KeepSize, .clear = ClearNothing<VmDisk>};
}

Part<VmCdrom> CdromVolume() {
  return {
      .read = ReadCdrom, .write = WriteCdrom, .keep = KeepNothing<VmCdrom>, .clear = ClearNothing<VmCdrom>};
}

Part<VmEfiDisk> EfiVolume() { return SmallVolume<VmEfiDisk>("efidisk0"); }
Part<VmTpmState> TpmVolume() { return SmallVolume<VmTpmState>("tpmstate0"); }

Part<VmCloudInit> CloudInitDrive() {
  return {.read = ReadCloudInitDrive,
          .write = WriteCloudInitDrive,
          .keep = KeepNothing<VmCloudInit>,
          .clear = ClearNothing<VmCloudInit>};
}

}  // namespace fediversity::resources
