#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SIZE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SIZE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::proxmox {

inline constexpr std::int64_t kKibibyte = 1024;
inline constexpr std::int64_t kMebibyte = 1024 * kKibibyte;
inline constexpr std::int64_t kGibibyte = 1024 * kMebibyte;
inline constexpr std::int64_t kTebibyte = 1024 * kGibibyte;

// All sizes are in bytes, none is negative, and the arithmetic is exact. Errors are InvalidArgument; what
// does not fit into 63 bits is one.

// What users write: "512M" and "512MiB" are binary, "512MB" is decimal, for K, M, G, T and P; a number alone
// is bytes. A decimal fraction is taken where it leaves whole bytes ("1.5G").
absl::StatusOr<std::int64_t> ParseSize(std::string_view text);

// What the server writes into `size=`: bytes, or binary K, M, G or T. A fraction of a byte is cut, as the
// server does.
absl::StatusOr<std::int64_t> ParseServerSize(std::string_view text);

// The shortest exact text in the server's units: "40G", "1363149K", "1700000000". Both parsers above read it.
std::string FormatSize(std::int64_t bytes);

// The size that the server allocates for the number of GiB in "local:0.5", which it rounds up to whole KiB.
absl::StatusOr<std::int64_t> ParseAllocation(std::string_view gibibytes);

// The number of GiB for which the server allocates `bytes`, rounded up to whole KiB: "40", "0.5".
std::string FormatAllocation(std::int64_t bytes);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SIZE_H_
