#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_CONFIG_TEXT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_CONFIG_TEXT_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace fediversity::proxmox {

// A VM's configuration: every value as text, whether the server sent a string or a number.
using ConfigText = std::map<std::string, std::string, std::less<>>;

// Reads the "data" of GET .../config. Null values are left out. InvalidArgument where it is not an object of
// scalars.
absl::StatusOr<ConfigText> ConfigFromJson(const nlohmann::json& data);
// One value as text: 1 and true are "1". InvalidArgument for null, an array and an object.
absl::StatusOr<std::string> ScalarText(const nlohmann::json& value);

// The value of `key`; null where it is not there.
const std::string* FindValue(const ConfigText& config, std::string_view key);
// The boolean `key`, `by_default` where it is not there; InvalidArgument where it is no boolean.
absl::StatusOr<bool> BoolValue(const ConfigText& config, std::string_view key, bool by_default);

// Whether two texts of `key` mean the same to the server: property strings by what they say, tags as sets,
// sshkeys decoded, the description without blanks at its end, everything else byte for byte.
bool SameValue(std::string_view key, std::string_view a, std::string_view b);

// Without the line breaks and blanks at its end, which the server drops.
std::string_view TrimDescription(std::string_view description);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_CONFIG_TEXT_H_
