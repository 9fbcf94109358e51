#include "tests/emulators/common/percent.h"

#include <cctype>
#include <cstdio>

namespace fediversity::emulators {
namespace {

int FromHex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string PercentDecode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && FromHex(text[at + 1]) >= 0 && FromHex(text[at + 2]) >= 0) {
      decoded += static_cast<char>(FromHex(text[at + 1]) * 16 + FromHex(text[at + 2]));
      at += 2;
    } else {
      decoded += plus_is_blank && text[at] == '+' ? ' ' : text[at];
    }
  }
  return decoded;
}

std::string PercentEncode(const std::string& text) {
  std::string encoded;
  for (const char letter : text) {
    auto const byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || letter == '-' || letter == '.' || letter == '_' || letter == '~') {
      encoded += letter;
      continue;
    }
    char digits[4];
    std::snprintf(digits, sizeof(digits), "%%%02X", byte);
    encoded += digits;
  }
  return encoded;
}

}  // namespace fediversity::emulators
