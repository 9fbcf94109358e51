#ifndef FEDIVERSITY_PROVIDER_CONFIG_BLOCK_HELPERS_H_
#define FEDIVERSITY_PROVIDER_CONFIG_BLOCK_HELPERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "provider/base/environment.h"
#include "provider/base/text.h"
#include "provider/schema/describe.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/model.h"

namespace fediversity::config {

constexpr schema::RuleSpec kNotEmpty = {"must not be empty.",
                                        [](const wire::Value& value) { return !value.string().empty(); }};

// A variable that is set to nothing counts as not set.
inline std::optional<std::string> NonEmpty(std::optional<std::string> text) {
  if (text.has_value() && text->empty()) return std::nullopt;
  return text;
}

// InvalidArgument on the setting of that name.
inline absl::Status InvalidSetting(std::string_view setting, std::string_view message) {
  return schema::OnAttribute(absl::InvalidArgumentError(ToAbsl(message)), setting);
}

// Puts the name of a setting into `unknown` where the setting is not known yet and is the first such.
template <typename T>
void NoteUnknown(const schema::Value<T>& setting, std::string_view name, std::string& unknown) {
  if (unknown.empty() && setting.is_unknown()) unknown = name;
}

}  // namespace fediversity::config

#endif  // FEDIVERSITY_PROVIDER_CONFIG_BLOCK_HELPERS_H_
