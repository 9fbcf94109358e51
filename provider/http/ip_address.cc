#include "provider/http/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace fediversity::http {

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (text.find('\0') != text.npos) return std::nullopt;
  std::string const copy(text);
  IpAddress address;
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
  } else if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) {
    address.size = 16;
  } else {
    return std::nullopt;
  }
  return address;
}

bool IpAddress::IsLoopback() const {
  if (size == 4) return bytes[0] == 127;
  return std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; }) &&
         bytes[15] == 1;
}

bool IpAddress::IsWithin(const IpAddress& network, std::size_t bits) const {
  if (size != network.size || bits > 8 * size) return false;
  std::size_t const whole = bits / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole), network.bytes.begin()))
    return false;
  if (bits % 8 == 0) return true;
  auto const shift = static_cast<unsigned>(8 - bits % 8);
  return (static_cast<unsigned>(bytes.at(whole)) >> shift) ==
         (static_cast<unsigned>(network.bytes.at(whole)) >> shift);
}

}  // namespace fediversity::http
