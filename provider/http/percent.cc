#include "provider/http/percent.h"

#include "absl/strings/ascii.h"

namespace fediversity::http {
namespace {

bool IsUnreserved(char byte) {
  return absl::ascii_isalnum(static_cast<unsigned char>(byte)) || byte == '-' || byte == '.' || byte == '_' ||
         byte == '~';
}

}  // namespace

std::string PercentEncode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (char const byte : text) {
    if (IsUnreserved(byte)) {
      encoded += byte;
      continue;
    }
    auto const value = static_cast<unsigned char>(byte);
    encoded += '%';
    encoded += kHex[value >> 4U];
    encoded += kHex[value & 0xFU];
  }
  return encoded;
}

}  // namespace fediversity::http
