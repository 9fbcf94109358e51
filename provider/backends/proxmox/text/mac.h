#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_MAC_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_MAC_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::proxmox {

// A MAC address (IEEE 802 MAC-48). A value type.
struct Mac {
  std::array<std::uint8_t, 6> octets = {};

  // Six pairs of hexadecimal digits between colons, in any case, as the server and the guest agent write
  // them; else InvalidArgument.
  static absl::StatusOr<Mac> Parse(std::string_view text);
  // In upper case, as the server writes those that it makes: "BC:24:11:01:02:03".
  std::string ToText() const;
  // A group's address, which the server refuses for a network.
  bool is_multicast() const { return (octets[0] & 1U) != 0; }

  friend auto operator<=>(const Mac&, const Mac&) = default;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_MAC_H_
