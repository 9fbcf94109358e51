#include "provider/base/size.h"

#include <limits>
#include <optional>
#include <span>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr SizeUnit kUserUnits[] = {
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
                                      SizeRounding rounding) {
  Wide const grain = rounding == SizeRounding::kUpToKibibyte ? kKibibyte : 1;
  Wide grains = 0;
  if (__builtin_mul_overflow(number.digits, static_cast<Wide>(unit) / grain, &grains)) {
    return Refused(text, number.decimals > 0 ? "has too many digits" : "is larger than any size can be");
  }
  bool remainder = false;
  for (int i = 0; i < number.decimals; ++i) {
    remainder = remainder || grains % 10 != 0;
    grains /= 10;
  }
  if (remainder && rounding == SizeRounding::kNone) return Refused(text, "is not a whole number of bytes");
  if (remainder && rounding == SizeRounding::kUpToKibibyte) ++grains;
  if (grains > static_cast<Wide>(std::numeric_limits<std::int64_t>::max()) / grain) {
    return Refused(text, "is larger than any size can be");
  }
  return static_cast<std::int64_t>(grains * grain);
}

}  // namespace

absl::StatusOr<std::int64_t> ParseSizeIn(std::string_view text, std::span<const SizeUnit> units,
                                         SizeRounding rounding, std::string_view grammar) {
  std::size_t const end = text.find_last_of("0123456789.");
  std::size_t const digits = end == std::string_view::npos ? 0 : end + 1;
  std::optional<Decimal> const number = ReadDecimal(text.substr(0, digits));
  for (const SizeUnit& unit : units) {
    if (number.has_value() && text.substr(digits) == unit.name)
      return Multiply(text, *number, unit.bytes, rounding);
  }
  return Refused(text, grammar);
}

absl::StatusOr<std::int64_t> ParseSize(std::string_view text) {
  return ParseSizeIn(
      text, kUserUnits, SizeRounding::kNone,
      "is not a number with a unit such as 512M, 40G or 40GiB (binary), 40GB (decimal), or of bytes");
}

std::optional<std::string> NearestSize(std::string_view text, std::int64_t grain) {
  auto const cut = ParseSizeIn(text, kUserUnits, SizeRounding::kDown, "");
  if (!cut.ok() || (*cut % grain == 0 && ParseSize(text).ok())) return std::nullopt;
  std::int64_t const below = *cut / grain;
  bool const up = below == 0 || *cut % grain >= (grain + 1) / 2;
  if (up && below >= std::numeric_limits<std::int64_t>::max() / grain) return FormatSize(below * grain);
  return FormatSize((up ? below + 1 : below) * grain);
}

std::string FormatSize(std::int64_t bytes) {
  std::span const units(kBinarySizeUnits);
  for (std::size_t i = units.size(); i-- > 0;) {
    bool const exact = bytes % units[i].bytes == 0;
    if (exact && (bytes != 0 || units[i].bytes == 1)) {
      return Cat({std::to_string(bytes / units[i].bytes), units[i].name});
    }
  }
  return std::to_string(bytes);
}

}  // namespace fediversity
