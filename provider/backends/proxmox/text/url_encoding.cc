#include "provider/backends/proxmox/text/url_encoding.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "provider/base/text.h"
#include "provider/http/percent.h"

namespace fediversity::proxmox {
namespace {

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
  if (auto decoded = http::PercentDecode(text)) return *std::move(decoded);
  return absl::InvalidArgumentError(ToAbsl(Cat(
      {"Not URL-encoded\nIn \"", ValidUtf8(text), "\", a '%' is not followed by two hexadecimal digits."})));
}

}  // namespace fediversity::proxmox
