#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/expect.h"
#include "provider/backends/proxmox/json_fields.h"
#include "provider/base/status_macros.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

std::vector<std::string> Kinds(const std::string& list) {
  std::vector<std::string> kinds = absl::StrSplit(list, ',', absl::SkipEmpty());
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

}  // namespace

absl::StatusOr<std::vector<Storage>> DecodeStorages(const json& data, std::string_view node,
                                                    std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<Storage> storages;
  for (const json& row : data) {
    storages.push_back({.name = TextAt(row, "storage"),
                        .node = std::string(node),
                        .type = TextAt(row, "type"),
                        .content = Kinds(TextAt(row, "content")),
                        .shared = FlagAt(row, "shared"),
                        .enabled = FlagAt(row, "enabled", true),
                        .active = FlagAt(row, "active"),
                        .total = IntegerAt(row, "total"),
                        .used = IntegerAt(row, "used"),
                        .available = IntegerAt(row, "avail")});
  }
  return storages;
}

absl::StatusOr<std::vector<Volume>> DecodeVolumes(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<Volume> volumes;
  for (const json& row : data) {
    Volume volume{.volid = TextAt(row, "volid"),
                  .content = TextAt(row, "content"),
                  .format = TextAt(row, "format"),
                  .size = IntegerAt(row, "size"),
                  .vmid = IntegerAt(row, "vmid"),
                  .parent = TextAt(row, "parent"),
                  .notes = TextAt(row, "notes"),
                  .ctime = FindInteger(row, "ctime")};
    if (volume.volid.empty()) return NotAsDescribed(what, "a volume has no `volid`");
    volumes.push_back(std::move(volume));
  }
  return volumes;
}

}  // namespace fediversity::proxmox
