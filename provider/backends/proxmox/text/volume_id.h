#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_VOLUME_ID_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_VOLUME_ID_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::proxmox {

enum class VolumeType : std::uint8_t {
  kEmpty,         // "none": a CD-ROM drive without a medium
  kHostCdrom,     // "cdrom": the node's own drive
  kNew,           // "local:8": to be allocated, in GiB; "local:0" with import-from
  kNewCloudInit,  // "local:cloudinit": a cloud-init drive to be made
  kPath,          // "/dev/sda": a file or device of the node
  kExisting,      // "local:100/vm-100-disk-0.raw"
};

// What stands for the volume in a drive's string (its option "file") or in unusedN. A value type. The VMIDs
// come from the names that Proxmox gives; a name of another form tells none.
class VolumeId {
 public:
  // InvalidArgument for an empty text, a text without a storage that is no path, and a storage that cannot be
  // one.
  static absl::StatusOr<VolumeId> Parse(std::string_view text);

  VolumeType type() const { return type_; }
  // Empty for kEmpty, kHostCdrom and kPath, and where kNew leaves the storage to the server.
  const std::string& storage() const { return storage_; }
  // What follows the storage: "100/vm-100-disk-0.raw", "8", "cloudinit"; the path for kPath.
  const std::string& name() const { return name_; }
  // The text that was parsed.
  std::string ToText() const;

  // The size in bytes that kNew asks for; none for every other type.
  std::optional<std::int64_t> new_size() const { return new_size_; }
  // The VM to which the volume belongs.
  std::optional<std::int64_t> owner() const { return owner_; }
  // The template's VM where the volume is a linked clone.
  std::optional<std::int64_t> base_owner() const { return base_owner_; }
  bool is_linked_clone() const { return base_owner_.has_value(); }
  // A template's disk ("base-900-disk-0"), which linked clones may read.
  bool is_base() const { return is_base_; }
  // A cloud-init drive, made or to be made.
  bool is_cloud_init() const { return is_cloud_init_; }
  bool is_iso() const { return is_iso_; }
  // The file's format by its suffix: "raw", "qcow2", "vmdk", "subvol"; empty for any other.
  std::string_view format() const;

  friend bool operator==(const VolumeId&, const VolumeId&) = default;

 private:
  void ReadName();

  VolumeType type_ = VolumeType::kEmpty;
  std::string storage_;
  std::string name_;
  std::optional<std::int64_t> new_size_;
  std::optional<std::int64_t> owner_;
  std::optional<std::int64_t> base_owner_;
  bool is_base_ = false;
  bool is_cloud_init_ = false;
  bool is_iso_ = false;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_VOLUME_ID_H_
