#include "provider/backends/proxmox/text/mac.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

absl::StatusOr<Mac> Mac::Parse(std::string_view text) {
  constexpr std::size_t kLength = 17;
  Mac mac;
  bool well_formed = text.size() == kLength;
  for (std::size_t i = 0; well_formed && i < text.size(); ++i) {
    well_formed = i % 3 == 2 ? text[i] == ':' : absl::ascii_isxdigit(static_cast<unsigned char>(text[i]));
  }
  if (!well_formed) {
    return absl::InvalidArgumentError(ToAbsl(Cat({"Not a MAC address\n\"", ValidUtf8(text),
                                                  "\" is not six pairs of hexadecimal digits between colons, "
                                                  "such as BC:24:11:01:02:03."})));
  }
  for (std::size_t i = 0; i < mac.octets.size(); ++i) {
    std::string const octet = absl::HexStringToBytes(ToAbsl(text.substr(3 * i, 2)));
    mac.octets[i] = static_cast<std::uint8_t>(octet[0]);
  }
  return mac;
}

std::string Mac::ToText() const {
  std::string text;
  for (std::uint8_t const octet : octets) {
    if (!text.empty()) text += ':';
    text += absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(&octet), 1));
  }
  return absl::AsciiStrToUpper(text);
}

}  // namespace fediversity::proxmox
