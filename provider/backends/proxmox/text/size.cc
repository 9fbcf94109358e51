#include "provider/backends/proxmox/text/size.h"

#include <limits>
#include <optional>
#include <span>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

__extension__ using Wide = unsigned __int128;

struct Unit {
  std::string_view name;
  std::int64_t bytes;
};

constexpr Unit kServerUnits[] = {
    {"", 1}, {"K", kKibibyte}, {"M", kMebibyte}, {"G", kGibibyte}, {"T", kTebibyte},
};
constexpr Unit kUserUnits[] = {
    {"", 1},
    {"B", 1},
    {"K", kKibibyte},
    {"KiB", kKibibyte},
    {"KB", 1'000},
    {"M", kMebibyte},
    {"MiB", kMebibyte},
    {"MB", 1'000'000},
    {"G", kGibibyte},
    {"GiB", kGibibyte},
    {"GB", 1'000'000'000},
    {"T", kTebibyte},
    {"TiB", kTebibyte},
    {"TB", 1'000'000'000'000},
    {"P", 1024 * kTebibyte},
    {"PiB", 1024 * kTebibyte},
    {"PB", 1'000'000'000'000'000},
};
constexpr Unit kAllocationUnits[] = {{"", kGibibyte}};

enum class Rounding : std::uint8_t { kNone, kDown, kUpToKibibyte };

// digits / 10^decimals.
struct Decimal {
  Wide digits = 0;
  int decimals = 0;
};

absl::Status Refused(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(ToAbsl(Cat({"Not a size\n\"", ValidUtf8(text), "\" ", why, "."})));
}

// All of `text`, digits with at most one '.' between them. No value where it is anything else or has more
// digits than any size needs.
std::optional<Decimal> ReadDecimal(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return std::nullopt;
  constexpr Wide kMost = Wide{1} << 120U;
  Decimal number;
  bool fraction = false;
  for (char const digit : text) {
    if (digit == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (digit < '0' || digit > '9' || number.digits > kMost / 10) return std::nullopt;
    number.digits = number.digits * 10 + static_cast<Wide>(digit - '0');
    if (fraction) ++number.decimals;
  }
  while (number.decimals > 0 && number.digits % 10 == 0) {
    number.digits /= 10;
    --number.decimals;
  }
  return number;
}

absl::StatusOr<std::int64_t> Multiply(std::string_view text, Decimal number, std::int64_t unit,
                                      Rounding rounding) {
  Wide const grain = rounding == Rounding::kUpToKibibyte ? kKibibyte : 1;
  Wide grains = 0;
  if (__builtin_mul_overflow(number.digits, static_cast<Wide>(unit) / grain, &grains)) {
    return Refused(text, number.decimals > 0 ? "has too many digits" : "is larger than any size can be");
  }
  bool remainder = false;
  for (int i = 0; i < number.decimals; ++i) {
    remainder = remainder || grains % 10 != 0;
    grains /= 10;
  }
  if (remainder && rounding == Rounding::kNone) return Refused(text, "is not a whole number of bytes");
  if (remainder && rounding == Rounding::kUpToKibibyte) ++grains;
  if (grains > static_cast<Wide>(std::numeric_limits<std::int64_t>::max()) / grain) {
    return Refused(text, "is larger than any size can be");
  }
  return static_cast<std::int64_t>(grains * grain);
}

absl::StatusOr<std::int64_t> ParseWith(std::string_view text, std::span<const Unit> units, Rounding rounding,
                                       std::string_view grammar) {
  std::size_t const end = text.find_last_of("0123456789.");
  std::size_t const digits = end == std::string_view::npos ? 0 : end + 1;
  std::optional<Decimal> const number = ReadDecimal(text.substr(0, digits));
  for (const Unit& unit : units) {
    if (number.has_value() && text.substr(digits) == unit.name)
      return Multiply(text, *number, unit.bytes, rounding);
  }
  return Refused(text, grammar);
}

}  // namespace

absl::StatusOr<std::int64_t> ParseSize(std::string_view text) {
  return ParseWith(
      text, kUserUnits, Rounding::kNone,
      "is not a number with a unit such as 512M, 40G or 40GiB (binary), 40GB (decimal), or of bytes");
}

absl::StatusOr<std::int64_t> ParseServerSize(std::string_view text) {
  return ParseWith(text, kServerUnits, Rounding::kDown,
                   "is not a number of bytes or with the unit K, M, G or T");
}

std::string FormatSize(std::int64_t bytes) {
  std::span const units(kServerUnits);
  for (std::size_t i = units.size(); i-- > 0;) {
    bool const exact = bytes % units[i].bytes == 0;
    if (exact && (bytes != 0 || units[i].bytes == 1)) {
      return Cat({std::to_string(bytes / units[i].bytes), units[i].name});
    }
  }
  return std::to_string(bytes);
}

absl::StatusOr<std::int64_t> ParseAllocation(std::string_view gibibytes) {
  return ParseWith(gibibytes, kAllocationUnits, Rounding::kUpToKibibyte, "is not a number of GiB");
}

std::string FormatAllocation(std::int64_t bytes) {
  constexpr std::int64_t kKibibytesPerGibibyte = kGibibyte / kKibibyte;
  std::int64_t const kibibytes = bytes / kKibibyte + (bytes % kKibibyte == 0 ? 0 : 1);
  std::string text = std::to_string(kibibytes / kKibibytesPerGibibyte);
  std::int64_t rest = kibibytes % kKibibytesPerGibibyte;
  // Ends after 20 digits, for the divisor is 2^20.
  if (rest != 0) text += '.';
  while (rest != 0) {
    rest *= 10;
    text += static_cast<char>('0' + rest / kKibibytesPerGibibyte);
    rest %= kKibibytesPerGibibyte;
  }
  return text;
}

}  // namespace fediversity::proxmox
