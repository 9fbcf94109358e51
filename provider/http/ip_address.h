#ifndef FEDIVERSITY_PROVIDER_HTTP_IP_ADDRESS_H_
#define FEDIVERSITY_PROVIDER_HTTP_IP_ADDRESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fediversity::http {

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t size = 0;  // 4 or 16

  static std::optional<IpAddress> Parse(std::string_view text);
  bool IsLoopback() const;
  // Whether the first `bits` bits are those of `network`, which is of the same family.
  bool IsWithin(const IpAddress& network, std::size_t bits) const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_IP_ADDRESS_H_
