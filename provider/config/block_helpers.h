#ifndef FEDIVERSITY_PROVIDER_CONFIG_BLOCK_HELPERS_H_
#define FEDIVERSITY_PROVIDER_CONFIG_BLOCK_HELPERS_H_

#include <optional>
#include <string>
#include <utility>

#include "provider/base/environment.h"
#include "provider/schema/describe.h"

namespace fediversity::config {

constexpr schema::RuleSpec kNotEmpty = {"must not be empty.",
                                        [](const wire::Value& value) { return !value.string().empty(); }};

// A variable that is set to nothing counts as not set.
inline std::optional<std::string> NonEmpty(std::optional<std::string> text) {
  if (text.has_value() && text->empty()) return std::nullopt;
  return text;
}

}  // namespace fediversity::config

#endif  // FEDIVERSITY_PROVIDER_CONFIG_BLOCK_HELPERS_H_
