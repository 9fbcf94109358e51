#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_JSON_FIELDS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_JSON_FIELDS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace fediversity::proxmox {

// Members of the service's objects, which come as text or as numbers, the same member one way today and the other
// tomorrow. What is absent, null or of another kind is nullopt, or empty.

// Numbers and booleans as the service would write them in text: 2, 1.5, 1.
std::optional<std::string> TextOf(const nlohmann::json& value);
std::optional<std::string> FindText(const nlohmann::json& object, const char* key);
std::string TextAt(const nlohmann::json& object, const char* key);
// Fractions are cut off; nullopt where the number does not fit.
std::optional<std::int64_t> FindInteger(const nlohmann::json& object, const char* key);
std::int64_t IntegerAt(const nlohmann::json& object, const char* key);
std::optional<double> FindNumber(const nlohmann::json& object, const char* key);
bool FlagAt(const nlohmann::json& object, const char* key, bool otherwise = false);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_JSON_FIELDS_H_
