#include "provider/backends/proxmox/text/url_encoding.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

bool IsHexDigit(char digit) { return absl::ascii_isxdigit(static_cast<unsigned char>(digit)); }

bool IsKept(char byte) {
  return absl::ascii_isalnum(static_cast<unsigned char>(byte)) ||
         std::string_view("-_.~!*'()").find(byte) != std::string_view::npos;
}

}  // namespace

std::string UrlEncode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (char const byte : text) {
    if (IsKept(byte)) {
      encoded += byte;
    } else {
      encoded += '%';
      encoded += absl::AsciiStrToUpper(absl::BytesToHexString(absl::string_view(&byte, 1)));
    }
  }
  return encoded;
}

absl::StatusOr<std::string> UrlDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !IsHexDigit(text[i + 1]) || !IsHexDigit(text[i + 2])) {
      return absl::InvalidArgumentError(
          ToAbsl(Cat({"Not URL-encoded\nIn \"", ValidUtf8(text), "\", the '%' at byte ", std::to_string(i),
                      " is not followed by two hexadecimal digits."})));
    }
    decoded += absl::HexStringToBytes(ToAbsl(text.substr(i + 1, 2)));
    i += 2;
  }
  return decoded;
}

}  // namespace fediversity::proxmox
