#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_TIMESTAMP_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_TIMESTAMP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fediversity::emulators::garage {

// Milliseconds since 1970 of a time as Garage takes it: RFC 3339 with any offset, a 't' or a blank between date and
// time, and any number of decimals, of which three count. Else nothing and what Garage says in `error`.
std::optional<std::int64_t> ParseTime(std::string_view text, std::string& error);

// "2026-11-23T06:29:16.360Z", without the decimals where they are zero.
std::string FormatTime(std::int64_t milliseconds);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_TIMESTAMP_H_
