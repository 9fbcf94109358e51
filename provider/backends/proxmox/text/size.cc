#include "provider/backends/proxmox/text/size.h"

#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr SizeUnit kAllocationUnits[] = {{"", kGibibyte}};
constexpr std::int64_t kExtent = 4 * kMebibyte;

}  // namespace

absl::StatusOr<std::int64_t> ParseServerSize(std::string_view text) {
  return ParseSizeIn(text, kBinarySizeUnits, SizeRounding::kDown,
                     "is not a number of bytes or with the unit K, M, G or T");
}

absl::StatusOr<std::int64_t> ParseAllocation(std::string_view gibibytes) {
  return ParseSizeIn(gibibytes, kAllocationUnits, SizeRounding::kUpToKibibyte, "is not a number of GiB");
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

bool IsRoundedUp(std::int64_t asked, std::int64_t held, bool block_storage) {
  std::int64_t const added = held - asked;
  auto const rounds_to = [&](std::int64_t grain) { return added >= 0 && added < grain && held % grain == 0; };
  return added == 0 || rounds_to(kKibibyte) ||
         (block_storage && (rounds_to(kMebibyte) || rounds_to(kExtent)));
}

}  // namespace fediversity::proxmox
