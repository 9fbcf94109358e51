#include "provider/backends/proxmox/text/volume_id.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "absl/strings/ascii.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

absl::Status Refused(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(ToAbsl(Cat({"Not a volume\n\"", ValidUtf8(text), "\" ", why, "."})));
}

bool IsAlphanumeric(char byte) { return absl::ascii_isalnum(static_cast<unsigned char>(byte)); }

// A letter, then letters, digits, '-', '_' and '.', the last a letter or digit.
bool IsStorage(std::string_view text) {
  if (text.size() < 2 || !absl::ascii_isalpha(static_cast<unsigned char>(text.front()))) return false;
  for (char const byte : text) {
    if (!IsAlphanumeric(byte) && byte != '-' && byte != '_' && byte != '.') return false;
  }
  return IsAlphanumeric(text.back());
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.front() != '.' &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string_view LastPart(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Takes `prefix` and the VMID after it off `text`: "vm-100-disk-0" leaves "-disk-0". No value where it does
// not begin so.
std::optional<std::int64_t> TakeVmid(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  std::string_view const after = text.substr(prefix.size());
  std::int64_t vmid = 0;
  auto const [end, error] = std::from_chars(after.data(), after.data() + after.size(), vmid);
  bool const number = error == std::errc() && absl::ascii_isdigit(static_cast<unsigned char>(after.front()));
  if (!number || end == after.data() + after.size() || *end != '-') return std::nullopt;
  text = after.substr(static_cast<std::size_t>(end - after.data()));
  return vmid;
}

// As files are named on storages that keep files. Elsewhere a point is a character of the name like others.
constexpr std::string_view kFormats[] = {"raw", "qcow2", "vmdk", "subvol"};

bool IsCloudInitName(std::string_view name) { return name == "cloudinit" || name.starts_with("cloudinit."); }

}  // namespace

absl::StatusOr<VolumeId> VolumeId::Parse(std::string_view text) {
  VolumeId volume;
  volume.name_ = text;
  if (text.empty()) return Refused(text, "is empty");
  if (text == "none") return volume;
  if (text == "cdrom") {
    volume.type_ = VolumeType::kHostCdrom;
    return volume;
  }
  if (text.starts_with('/')) {
    volume.type_ = VolumeType::kPath;
    return volume;
  }
  std::size_t const colon = text.find(':');
  if (colon == std::string_view::npos && !IsNumber(text)) {
    return Refused(
        text, "names no storage; a volume is written as storage:name, such as local:100/vm-100-disk-0.raw");
  }
  if (colon != std::string_view::npos) {
    volume.storage_ = text.substr(0, colon);
    volume.name_ = text.substr(colon + 1);
    if (!IsStorage(volume.storage_)) return Refused(text, "begins with what cannot be a storage's name");
    if (volume.name_.empty()) return Refused(text, "has no name after the storage");
  }
  if (IsNumber(volume.name_)) {
    volume.type_ = VolumeType::kNew;
    ASSIGN_OR_RETURN(volume.new_size_, ParseAllocation(volume.name_));
    return volume;
  }
  volume.type_ = VolumeType::kExisting;
  volume.ReadName();
  return volume;
}

void VolumeId::ReadName() {
  is_iso_ = name_.starts_with("iso/");
  std::string_view last = LastPart(name_);
  if (IsCloudInitName(last)) {
    if (name_ == last) type_ = VolumeType::kNewCloudInit;
    is_cloud_init_ = true;
    return;
  }
  if (std::optional<std::int64_t> const template_vmid = TakeVmid(last, "base-")) {
    owner_ = template_vmid;
    is_base_ = true;
    return;
  }
  owner_ = TakeVmid(last, "vm-");
  if (!owner_.has_value()) return;
  is_cloud_init_ = IsCloudInitName(last.substr(1));
  // "900/base-900-disk-0.raw/204/vm-204-disk-0.qcow2" where there are directories, else
  // "base-900-disk-0/vm-204-disk-0".
  std::string_view rest = name_;
  while (!base_owner_.has_value() && rest.find('/') != std::string_view::npos) {
    std::string_view part = rest.substr(0, rest.find('/'));
    base_owner_ = TakeVmid(part, "base-");
    rest.remove_prefix(rest.find('/') + 1);
  }
}

std::string VolumeId::ToText() const {
  if (type_ == VolumeType::kEmpty || storage_.empty()) return name_;
  return Cat({storage_, ":", name_});
}

std::string_view VolumeId::format() const {
  if (type_ != VolumeType::kExisting) return {};
  std::string_view const file = LastPart(name_);
  std::size_t const point = file.rfind('.');
  if (point == std::string_view::npos) return {};
  std::string_view const suffix = file.substr(point + 1);
  return std::ranges::find(kFormats, suffix) == std::end(kFormats) ? std::string_view() : suffix;
}

}  // namespace fediversity::proxmox
