#include "tests/emulators/garage/timestamp.h"

#include <chrono>
#include <cstdio>

#include "tests/emulators/common/pattern.h"

namespace fediversity::emulators::garage {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

}  // namespace

std::optional<std::int64_t> ParseTime(std::string_view text, std::string& error) {
  static const Pattern kTime(
      "(\\d{4})-(\\d\\d)-(\\d\\d)[Tt ](\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d+))?(?:[Zz]|([+-])(\\d\\d):(\\d\\d))");
  static const Pattern kStart("\\d{4}(-\\d\\d(-\\d\\d([Tt ](\\d\\d(:\\d\\d(:\\d\\d)?)?)?)?)?)?");
  auto const parts = kTime.Groups(text);
  if (parts.empty()) {
    error = kStart.Matches(text) ? "premature end of input" : "input contains invalid characters";
    return std::nullopt;
  }
  auto const number = [&](std::size_t at) { return parts[at].empty() ? 0 : std::stoi(parts[at]); };
  std::chrono::year_month_day const date{year(number(0)), month(static_cast<unsigned>(number(1))),
                                         day(static_cast<unsigned>(number(2)))};
  if (!date.ok() || number(3) > 23 || number(4) > 59 || number(5) > 60) {
    error = "input is out of range";
    return std::nullopt;
  }
  std::int64_t time = std::chrono::sys_days(date).time_since_epoch().count() * kDay;
  time += number(3) * kHour + number(4) * kMinute + number(5) * kSecond;
  std::string decimals = parts[6].substr(0, 3);
  decimals.resize(3, '0');
  time += std::stoi(decimals);
  std::int64_t const offset = number(8) * kHour + number(9) * kMinute;
  return parts[7] == "-" ? time + offset : time - offset;
}

std::string FormatTime(std::int64_t milliseconds) {
  std::chrono::sys_time<std::chrono::milliseconds> const time{std::chrono::milliseconds(milliseconds)};
  auto const days = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day const date(days);
  std::chrono::hh_mm_ss const clock(time - days);
  char text[40];
  int const size =
      std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()));
  std::string formatted(text, static_cast<std::size_t>(size));
  if (clock.subseconds().count() != 0) {
    std::snprintf(text, sizeof(text), ".%03d", static_cast<int>(clock.subseconds().count()));
    formatted += text;
  }
  return formatted + "Z";
}

}  // namespace fediversity::emulators::garage
