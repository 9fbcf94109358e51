#include "resources/proxmox/vm/drive_parts.h"

#include <algorithm>
#include <optional>
#include <string>

#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/volume_id.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/drive_slots.h"

namespace fediversity::resources {
namespace {

using proxmox::VolumeId;

// What Proxmox makes of it does not depend on the number.
constexpr std::string_view kSmallVolume = "1";

template <typename T>
schema::Value<T> NullIfEmpty(const T& text) {
  if (text.empty()) return {};
  return text;
}

absl::StatusOr<schema::Value<std::string>> FormatAt(VmOptions& options, std::string_view key,
                                                    const VolumeId& volume) {
  ASSIGN_OR_RETURN(std::optional<std::string> const format, options.Get(key, "format"));
  return NullIfEmpty(format.value_or(volume.is_block() ? "raw" : std::string(volume.format())));
}

template <typename Drive>
void KeepNothing(const Part<Drive>&, const Drive&, Drive&) {}

template <typename Drive>
bool ClearNothing(const Part<Drive>&, const OptionName&, std::string_view, Drive&) {
  return false;
}

wire::Path SlotPath(std::string_view map, std::string_view slot) {
  return wire::Path().Child(map).AtKey(std::string(slot));
}

// Without a volume its other options would make no drive.
absl::Status RefuseGone(std::string_view map, std::string_view slot, const VmOptions& options) {
  if (options.Has(slot)) return absl::OkStatus();
  return schema::OnAttribute(
      absl::AbortedError(
          Cat({"The VM was changed since it was read\n`", slot,
               "` held a drive when the plan was made and holds none now. Nothing was changed; plan again "
               "to see what is to be done."})),
      SlotPath(map, slot));
}

absl::Status Missing(std::string_view slot, std::string_view attribute, std::string_view why) {
  return schema::OnAttribute(
      absl::InvalidArgumentError(Cat({"A new disk without `", attribute, "`\nThe disk `", slot, "` ", why})),
      SlotPath("disks", slot));
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
  if (prior != nullptr) return RefuseGone("disks", slot, options);
  if (options.Has(slot)) {
    return IsDiskSlot(options, slot) ? absl::OkStatus() : SlotTaken(options, slot, SlotPath("disks", slot));
  }
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
  if (options.Has(slot) && !IsCdromSlot(options, slot)) {
    return SlotTaken(options, slot, SlotPath("cdroms", slot));
  }
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
absl::Status WriteSmall(const Part<Drive>& self, const Drive* prior, const Drive& plan, std::string_view,
                        VmOptions& options) {
  if (prior != nullptr && prior->volume.has_value() && plan.volume.is_null()) {
    options.RemoveKey(self.key);
    return absl::OkStatus();
  }
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
          .clear =
              [](const Part<Drive>& self, const OptionName& name, std::string_view, Drive& drive) {
                bool const clears = name.Covers(self.key, "file") && drive != Drive{};
                if (clears) drive = {};
                return clears;
              },
          .remove = internal::RemoveKey<Drive>};
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

// The slot where the plan wants the drive.
absl::StatusOr<std::string> CloudInitSlot(const VmCloudInit& plan, const VmCloudInit& current,
                                          VmOptions& options) {
  auto const wanted = internal::TextOf<TextFormat>(plan.drive);
  if (!wanted.has_value() && current.drive.has_value()) return *current.drive;
  if (!wanted.has_value()) return FreeCloudInitSlot(options);
  bool const taken = options.Has(*wanted) && current.drive != schema::Value<std::string>(*wanted);
  if (taken) RETURN_IF_ERROR(SlotTaken(options, *wanted, wire::Path().Child("cloud_init").Child("drive")));
  return *wanted;
}

absl::Status WriteCloudInitDrive(const Part<VmCloudInit>& self, const VmCloudInit* prior,
                                 const VmCloudInit& plan, std::string_view, VmOptions& options) {
  if (plan.storage.is_unknown()) return absl::OkStatus();
  auto const storage = internal::TextOf<TextFormat>(plan.storage);
  VmCloudInit current;
  RETURN_IF_ERROR(ReadCloudInitDrive(self, options, "", current));
  if (!storage.has_value()) {
    bool const leaves = prior == nullptr ? plan.storage.has_value()
                                         : internal::TextOf<TextFormat>(prior->storage).has_value();
    if (leaves && current.drive.has_value()) options.RemoveKey(*current.drive);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::string const drive, CloudInitSlot(plan, current, options));
  bool const stays = current.drive == schema::Value<std::string>(drive);
  if (stays && current.storage == plan.storage) return absl::OkStatus();
  if (!stays && current.drive.has_value()) options.RemoveKey(*current.drive);
  return options.Set(drive, "", Cat({*storage, ":cloudinit"}));
}

}  // namespace

Part<VmDisk> DiskVolume() {
  return {.read = ReadDisk,
          .write = WriteDisk,
          .keep = KeepSize,
          .clear = ClearNothing<VmDisk>,
          .remove = internal::RemoveKey<VmDisk>};
}

Part<VmCdrom> CdromVolume() {
  return {.read = ReadCdrom,
          .write = WriteCdrom,
          .keep = KeepNothing<VmCdrom>,
          .clear = ClearNothing<VmCdrom>,
          .remove = internal::RemoveKey<VmCdrom>};
}

Part<VmEfiDisk> EfiVolume() { return SmallVolume<VmEfiDisk>("efidisk0"); }
Part<VmTpmState> TpmVolume() { return SmallVolume<VmTpmState>("tpmstate0"); }

Part<VmCloudInit> CloudInitDrive() {
  return {
      .read = ReadCloudInitDrive,
      .write = WriteCloudInitDrive,
      .keep =
          [](const Part<VmCloudInit>&, const VmCloudInit& known, VmCloudInit& fresh) {
            // Two ways to say that there is none.
            if (fresh.storage.is_null() && known.storage == schema::Value<std::string>(""))
              fresh.storage = known.storage;
          },
      .clear =
          [](const Part<VmCloudInit>&, const OptionName& name, std::string_view, VmCloudInit& cloud_init) {
            bool const clears = cloud_init.drive.has_value() && name.Covers(*cloud_init.drive, "file");
            if (clears) cloud_init.drive = cloud_init.storage = {};
            return clears;
          },
      .remove = internal::RemoveNothing<VmCloudInit>};
}

}  // namespace fediversity::resources
