#include "resources/garage/instant.h"

#include "provider/base/text.h"

namespace fediversity::resources {

std::optional<absl::Time> ParseInstant(std::string_view text) {
  // The library would also take "infinite-future" and blanks around the text.
  if (text.empty() || text.front() < '0' || text.front() > '9' || text.back() == ' ') return std::nullopt;
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, ToAbsl(text), &time, &error)) return std::nullopt;
  return absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Milliseconds(1));
}

std::string FormatInstant(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace fediversity::resources
