#include "provider/backends/proxmox/expect.h"

#include "provider/base/text.h"

namespace fediversity::proxmox {

absl::Status NotAsDescribed(std::string_view what, std::string_view problem) {
  return absl::InternalError(ToAbsl(Cat({what,
                                         ": the answer is not what the Proxmox API describes\nThe server "
                                         "answered with success, but ",
                                         problem, "."})));
}

absl::Status ExpectObject(const nlohmann::json& data, std::string_view what) {
  return data.is_object() ? absl::OkStatus() : NotAsDescribed(what, "it is no object");
}

absl::Status ExpectTable(const nlohmann::json& data, std::string_view what) {
  if (!data.is_array()) return NotAsDescribed(what, "it is no list");
  for (const nlohmann::json& row : data) {
    if (!row.is_object()) return NotAsDescribed(what, "it lists something else than objects");
  }
  return absl::OkStatus();
}

}  // namespace fediversity::proxmox
