#ifndef FEDIVERSITY_RESOURCES_GARAGE_INSTANT_H_
#define FEDIVERSITY_RESOURCES_GARAGE_INSTANT_H_

// Points in time as users write them (RFC 3339), to the millisecond, which is what Garage keeps.

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace fediversity::resources {

// What stands for no point in time.
inline constexpr std::string_view kNever = "never";

// nullopt where `text` is none. Finer parts than milliseconds are cut.
std::optional<absl::Time> ParseInstant(std::string_view text);

// In UTC: "2030-01-31T12:00:00Z", with as many decimals as there are.
std::string FormatInstant(absl::Time time);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_INSTANT_H_
