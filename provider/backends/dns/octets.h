#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_OCTETS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_OCTETS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Big-endian numbers in octet strings.
namespace fediversity::dns {

inline void Append8(std::string& out, unsigned value) { out += static_cast<char>(value); }

inline void Append16(std::string& out, unsigned value) {
  Append8(out, value >> 8 & 0xFF);
  Append8(out, value & 0xFF);
}

inline void Append32(std::string& out, std::uint32_t value) {
  Append16(out, value >> 16);
  Append16(out, value & 0xFFFF);
}

inline void Put16(std::string& out, std::size_t at, unsigned value) {
  out[at] = static_cast<char>(value >> 8 & 0xFF);
  out[at + 1] = static_cast<char>(value & 0xFF);
}

// The reading ones need the octets to be there.
inline unsigned Get8(std::string_view wire, std::size_t at = 0) {
  return static_cast<unsigned char>(wire[at]);
}

inline std::uint16_t Get16(std::string_view wire, std::size_t at = 0) {
  return static_cast<std::uint16_t>(Get8(wire, at) << 8 | Get8(wire, at + 1));
}

inline std::uint32_t Get32(std::string_view wire, std::size_t at = 0) {
  return static_cast<std::uint32_t>(Get16(wire, at)) << 16 | Get16(wire, at + 2);
}

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_OCTETS_H_
