#ifndef FEDIVERSITY_PROVIDER_BASE_SIZE_H_
#define FEDIVERSITY_PROVIDER_BASE_SIZE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity {

inline constexpr std::int64_t kKibibyte = 1024;
inline constexpr std::int64_t kMebibyte = 1024 * kKibibyte;
inline constexpr std::int64_t kGibibyte = 1024 * kMebibyte;
inline constexpr std::int64_t kTebibyte = 1024 * kGibibyte;

// All sizes are in bytes, none is negative, and the arithmetic is exact. Errors are InvalidArgument; what
// does not fit into 63 bits is one.

// What users write: "512M" and "512MiB" are binary, "512MB" is decimal, for K, M, G, T and P; a number alone
// is bytes. A decimal fraction is taken where it leaves whole bytes ("1.5G").
absl::StatusOr<std::int64_t> ParseSize(std::string_view text);

// The shortest exact text in binary units: "40G", "1363149K", "1700000000". ParseSize() reads it.
std::string FormatSize(std::int64_t bytes);

// For a user's size that is no multiple of `grain` bytes, such as 1.3G, which is 1331.2 MiB: the nearest one that is, at
// least one grain ("1331M" with kMebibyte). No value where `text` is a multiple, or no size at all.
std::optional<std::string> NearestSize(std::string_view text, std::int64_t grain);

// For services with units of their own.
struct SizeUnit {
  std::string_view name;
  std::int64_t bytes;
};
inline constexpr SizeUnit kBinarySizeUnits[] = {
    {"", 1}, {"K", kKibibyte}, {"M", kMebibyte}, {"G", kGibibyte}, {"T", kTebibyte},
};
enum class SizeRounding : std::uint8_t { kNone, kDown, kUpToKibibyte };

// `grammar` completes the error: "\"x\" is not a number of GiB".
absl::StatusOr<std::int64_t> ParseSizeIn(std::string_view text, std::span<const SizeUnit> units,
                                         SizeRounding rounding, std::string_view grammar);

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_SIZE_H_
