#ifndef FEDIVERSITY_DATASOURCES_ROWS_H_
#define FEDIVERSITY_DATASOURCES_ROWS_H_

// What data sources have in common.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "provider/base/call_limits.h"
#include "provider/schema/typed_data_source.h"

namespace fediversity::datasources {

template <typename T>
CallLimits LimitsOf(const schema::Context<T>& context) {
  return {.cancel = context.cancel(), .deadline = context.deadline()};
}

// Null for what the service does not say.
inline schema::Value<std::string> TextOrNull(const std::string& text) {
  return text.empty() ? schema::Value<std::string>() : schema::Value<std::string>(text);
}

template <typename T>
schema::Value<T> ValueOrNull(const std::optional<T>& value) {
  return value.has_value() ? schema::Value<T>(*value) : schema::Value<T>();
}

template <typename Texts>
schema::Set<std::string> SetOf(const Texts& texts) {
  schema::Set<std::string> set;
  for (const std::string& text : texts) set.items.emplace_back(text);
  return set;
}

// Whether `wanted`, a filter, is left out or is `found`.
template <typename T>
bool Passes(const schema::Value<T>& wanted, const T& found) {
  return !wanted.has_value() || *wanted == found;
}

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_ROWS_H_
