#include "provider/backends/proxmox/text/size.h"

#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr SizeUnit kAllocationUnits[] = {{"", kGibibyte}};

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

}  // namespace fediversity::proxmox
