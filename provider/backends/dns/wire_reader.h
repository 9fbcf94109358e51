#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_WIRE_READER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fediversity::dns {

// Reads a DNS message from its first octet on; names may be compressed (RFC 1035, 4.1.4). Every method
// answers InvalidArgument where the message ends too early or breaks a rule, and then the position is of no
// use.
class WireReader {
 public:
  // `message` outlives the reader.
  explicit WireReader(std::string_view message, std::size_t at = 0) : message_(message), at_(at) {}

  std::size_t at() const { return at_; }
  std::size_t left() const { return message_.size() - at_; }

  absl::StatusOr<std::uint8_t> Read8();
  absl::StatusOr<std::uint16_t> Read16();
  absl::StatusOr<std::uint32_t> Read32();
  absl::StatusOr<std::string_view> ReadOctets(std::size_t count);
  // Uncompressed wire form, case kept. A pointer must point before the name that it is part of, so that
  // reading ends; 255 octets bound the name.
  absl::StatusOr<std::string> ReadName();
  // Moves past a name without following it.
  absl::Status SkipName();

 private:
  std::string_view message_;
  std::size_t at_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_WIRE_READER_H_
