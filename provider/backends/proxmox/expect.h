#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_EXPECT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_EXPECT_H_

#include <nlohmann/json.hpp>
#include <string_view>

#include "absl/status/status.h"

namespace fediversity::proxmox {

// Internal: an answer that is not what the API describes. `problem` is a clause about "it".
absl::Status NotAsDescribed(std::string_view what, std::string_view problem);
absl::Status ExpectObject(const nlohmann::json& data, std::string_view what);
// A list of objects.
absl::Status ExpectTable(const nlohmann::json& data, std::string_view what);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_EXPECT_H_
