#include "provider/http/fingerprint.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::http {
namespace {

constexpr std::size_t kDigits = 2 * std::tuple_size_v<Fingerprint>;
constexpr std::size_t kWithColons = kDigits + kDigits / 2 - 1;

// The digits alone; empty where a colon is not where it belongs.
std::string WithoutColons(std::string_view text) {
  if (text.size() == kDigits) return std::string(text);
  if (text.size() != kWithColons) return {};
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 != 2) {
      digits += text[i];
    } else if (text[i] != ':') {
      return {};
    }
  }
  return digits;
}

int ValueOf(char digit) { return digit <= '9' ? digit - '0' : absl::ascii_tolower(digit) - 'a' + 10; }

}  // namespace

absl::StatusOr<Fingerprint> ParseFingerprint(std::string_view text) {
  std::string const digits = WithoutColons(text);
  bool valid = !digits.empty();
  for (char const digit : digits) valid = valid && absl::ascii_isxdigit(static_cast<unsigned char>(digit));
  if (!valid) {
    return absl::InvalidArgumentError(ToAbsl(Cat(
        {"not a SHA-256 fingerprint\n\"", ValidUtf8(text),
         "\" should be 32 bytes in hexadecimal with colons between them, as in \"A1:B2:...\". The command "
         "`openssl x509 -noout -fingerprint -sha256 -in cert.pem` prints that of a certificate."})));
  }
  Fingerprint fingerprint{};
  for (std::size_t i = 0; i < fingerprint.size(); ++i) {
    fingerprint.at(i) = static_cast<std::uint8_t>(ValueOf(digits[2 * i]) * 16 + ValueOf(digits[2 * i + 1]));
  }
  return fingerprint;
}

absl::StatusOr<std::vector<Fingerprint>> ParseFingerprints(std::string_view text) {
  std::vector<Fingerprint> fingerprints;
  for (auto const one : absl::StrSplit(ToAbsl(text), ',')) {
    ASSIGN_OR_RETURN(Fingerprint const fingerprint, ParseFingerprint(ToStd(absl::StripAsciiWhitespace(one))));
    fingerprints.push_back(fingerprint);
  }
  return fingerprints;
}

std::string ToText(const Fingerprint& fingerprint) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (std::uint8_t const byte : fingerprint) {
    if (!text.empty()) text += ':';
    text += kHex[byte >> 4U];
    text += kHex[byte & 0xFU];
  }
  return text;
}

}  // namespace fediversity::http
