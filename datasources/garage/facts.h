#ifndef FEDIVERSITY_DATASOURCES_GARAGE_FACTS_H_
#define FEDIVERSITY_DATASOURCES_GARAGE_FACTS_H_

// What Garage tells, as the values of data sources.

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "provider/schema/model.h"
#include "resources/garage/instant.h"

namespace fediversity::datasources {

inline schema::Value<std::int64_t> CountOf(std::uint64_t count) { return static_cast<std::int64_t>(count); }
inline schema::Value<std::int64_t> CountOf(const std::optional<std::uint64_t>& count) {
  return count.has_value() ? CountOf(*count) : schema::Value<std::int64_t>();
}

template <typename T>
schema::Value<T> ValueOf(const std::optional<T>& value) {
  return value.has_value() ? schema::Value<T>(*value) : schema::Value<T>();
}

inline schema::Value<schema::Set<std::string>> TextsOf(const std::set<std::string>& texts) {
  return schema::Set<std::string>{{texts.begin(), texts.end()}};
}

inline schema::Value<std::string> InstantOf(const std::optional<absl::Time>& time) {
  return time.has_value() ? schema::Value<std::string>(resources::FormatInstant(*time))
                          : schema::Value<std::string>();
}

// As fediversity_garage_key has it.
inline schema::Value<std::string> ExpirationOf(const std::optional<absl::Time>& time) {
  return time.has_value() ? resources::FormatInstant(*time) : std::string(resources::kNever);
}

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_GARAGE_FACTS_H_
