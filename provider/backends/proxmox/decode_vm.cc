#include <utility>

#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/expect.h"
#include "provider/backends/proxmox/json_fields.h"
#include "provider/base/status_macros.h"

namespace fediversity::proxmox {

using nlohmann::json;

absl::StatusOr<VmConfig> DecodeConfig(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectObject(data, what));
  VmConfig config;
  for (const auto& [key, value] : data.items()) {
    std::optional<std::string> text = TextOf(value);
    if (!text.has_value()) continue;
    if (key == "digest") {
      config.digest = *std::move(text);
    } else {
      config.values.emplace(key, *std::move(text));
    }
  }
  return config;
}

absl::StatusOr<std::vector<PendingChange>> DecodePending(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<PendingChange> changes;
  for (const json& row : data) {
    // 1 deletes, 2 deletes by force.
    PendingChange change{.key = TextAt(row, "key"),
                         .value = FindText(row, "value"),
                         .pending = FindText(row, "pending"),
                         .deleted = FlagAt(row, "delete")};
    if (change.pending.has_value() || change.deleted) changes.push_back(std::move(change));
  }
  return changes;
}

absl::StatusOr<std::vector<VmSnapshot>> DecodeSnapshots(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<VmSnapshot> snapshots;
  for (const json& row : data) {
    std::string name = TextAt(row, "name");
    // The VM as it is stands among them.
    if (!name.empty() && name != "current") snapshots.push_back({.name = std::move(name), .config = {}});
  }
  return snapshots;
}

absl::StatusOr<VmStatus> DecodeStatus(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectObject(data, what));
  VmStatus status{.status = TextAt(data, "status"),
                  .qmp_status = TextAt(data, "qmpstatus"),
                  .name = TextAt(data, "name"),
                  .lock = TextAt(data, "lock"),
                  .agent_enabled = FlagAt(data, "agent"),
                  .uptime = IntegerAt(data, "uptime"),
                  .running_machine = TextAt(data, "running-machine"),
                  .running_qemu = TextAt(data, "running-qemu")};
  if (auto const ha = data.find("ha"); ha != data.end()) {
    status.ha_managed = FlagAt(*ha, "managed");
    status.ha_state = TextAt(*ha, "state");
  }
  if (status.status.empty()) return NotAsDescribed(what, "it has no `status`");
  return status;
}

}  // namespace fediversity::proxmox
