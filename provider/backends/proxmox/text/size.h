#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SIZE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SIZE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/base/size.h"

namespace fediversity::proxmox {

using fediversity::FormatSize;
using fediversity::kGibibyte;
using fediversity::kKibibyte;
using fediversity::kMebibyte;
using fediversity::kTebibyte;
using fediversity::NearestSize;
using fediversity::ParseSize;

// As in provider/base/size.h, whose FormatSize() writes what both parsers read.

// What the server writes into `size=`: bytes, or binary K, M, G or T. A fraction of a byte is cut, as the
// server does.
absl::StatusOr<std::int64_t> ParseServerSize(std::string_view text);

// The size that the server allocates for the number of GiB in "local:0.5", which it rounds up to whole KiB.
absl::StatusOr<std::int64_t> ParseAllocation(std::string_view gibibytes);

// The number of GiB for which the server allocates `bytes`, rounded up to whole KiB: "40", "0.5".
std::string FormatAllocation(std::int64_t bytes);

// Whether a disk of `held` bytes is what Proxmox makes of one of `asked` bytes: it rounds up to whole KiB; on block
// storages also to whole MiB (ZFS, RBD) or to extents of 4 MiB (LVM).
bool IsRoundedUp(std::int64_t asked, std::int64_t held, bool block_storage);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SIZE_H_
