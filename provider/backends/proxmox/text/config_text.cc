#include "provider/backends/proxmox/text/config_text.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "provider/backends/proxmox/text/kind.h"
#include "provider/backends/proxmox/text/option_value.h"
#include "provider/backends/proxmox/text/property_string.h"
#include "provider/backends/proxmox/text/ssh_keys.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

absl::StatusOr<std::string> ScalarText(const nlohmann::json& value) {
  if (const auto* const text = value.get_ptr<const std::string*>()) return *text;
  if (const auto* const flag = value.get_ptr<const bool*>()) return std::string(*flag ? "1" : "0");
  if (value.is_number()) return value.dump();
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"Unexpected value in a configuration\nProxmox sent a value of type ", value.type_name(),
                  " where a text or a number is due."})));
}

absl::StatusOr<ConfigText> ConfigFromJson(const nlohmann::json& data) {
  if (!data.is_object()) {
    return absl::InvalidArgumentError(ToAbsl(Cat({"Unexpected configuration\nProxmox sent a value of type ",
                                                  data.type_name(), " where an object is due."})));
  }
  ConfigText config;
  for (const auto& [key, value] : data.items()) {
    if (value.is_null()) continue;
    ASSIGN_OR_RETURN(config[key], ScalarText(value));
  }
  return config;
}

const std::string* FindValue(const ConfigText& config, std::string_view key) {
  auto const found = config.find(key);
  return found == config.end() ? nullptr : &found->second;
}

absl::StatusOr<bool> BoolValue(const ConfigText& config, std::string_view key, bool by_default) {
  const std::string* const text = FindValue(config, key);
  if (text == nullptr) return by_default;
  std::optional<bool> const flag = ParseBool(*text);
  if (!flag.has_value()) {
    return absl::InvalidArgumentError(ToAbsl(Cat({"Unexpected value in a configuration\n\"", key, "\" is \"",
                                                  ValidUtf8(*text), "\", which is no boolean."})));
  }
  return *flag;
}

bool SameValue(std::string_view key, std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (key == "tags") return ParseTags(a) == ParseTags(b);
  if (key == "sshkeys") return SameSshKeys(a, b);
  if (key == "description") return TrimDescription(a) == TrimDescription(b);
  const Kind* const kind = KindOf(key);
  return kind != nullptr && SameProperty(*kind, a, b);
}

std::string_view TrimDescription(std::string_view description) {
  return ToStd(absl::StripTrailingAsciiWhitespace(ToAbsl(description)));
}

}  // namespace fediversity::proxmox
