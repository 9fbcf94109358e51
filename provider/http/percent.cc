#include "provider/http/percent.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

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

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    std::string const digits(text.substr(i + 1, 2));
    bool const hexadecimal = digits.size() == 2 && std::all_of(digits.begin(), digits.end(), [](char digit) {
                               return absl::ascii_isxdigit(static_cast<unsigned char>(digit));
                             });
    if (!hexadecimal) return std::nullopt;
    decoded += absl::HexStringToBytes(digits);
    i += 2;
  }
  return decoded;
}

}  // namespace fediversity::http
