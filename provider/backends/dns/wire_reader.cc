#include "provider/backends/dns/wire_reader.h"

#include "provider/backends/dns/octets.h"

namespace fediversity::dns {
namespace {

constexpr std::size_t kMaxName = 255;
constexpr unsigned kPointer = 0xC0;

absl::Status Short() { return absl::InvalidArgumentError("the message ends too early"); }

}  // namespace

absl::StatusOr<std::uint8_t> WireReader::Read8() {
  if (left() < 1) return Short();
  return static_cast<std::uint8_t>(Get8(message_, at_++));
}

absl::StatusOr<std::uint16_t> WireReader::Read16() {
  if (left() < 2) return Short();
  at_ += 2;
  return Get16(message_, at_ - 2);
}

absl::StatusOr<std::uint32_t> WireReader::Read32() {
  if (left() < 4) return Short();
  at_ += 4;
  return Get32(message_, at_ - 4);
}

absl::StatusOr<std::string_view> WireReader::ReadOctets(std::size_t count) {
  if (left() < count) return Short();
  at_ += count;
  return message_.substr(at_ - count, count);
}

absl::StatusOr<std::string> WireReader::ReadName() {
  std::string name;
  std::size_t from = at_;
  std::size_t bound = at_;  // pointers lead to before this
  bool jumped = false;
  while (true) {
    if (from >= message_.size()) return Short();
    unsigned const octet = Get8(message_, from);
    if ((octet & kPointer) == kPointer) {
      if (message_.size() - from < 2) return Short();
      std::size_t const target = Get16(message_, from) & 0x3FFFU;
      if (target >= bound) return absl::InvalidArgumentError("a compressed name does not point backwards");
      if (!jumped) at_ = from + 2;
      jumped = true;
      bound = target;
      from = target;
      continue;
    }
    if ((octet & kPointer) != 0) return absl::InvalidArgumentError("a label has a length over 63");
    if (message_.size() - from < 1 + octet) return Short();
    name += message_.substr(from, 1 + octet);
    if (name.size() > kMaxName) return absl::InvalidArgumentError("a name is over 255 octets");
    from += 1 + octet;
    if (octet == 0) break;
  }
  if (!jumped) at_ = from;
  return name;
}

absl::Status WireReader::SkipName() {
  while (true) {
    if (left() < 1) return Short();
    unsigned const octet = Get8(message_, at_);
    bool const pointer = (octet & kPointer) == kPointer;
    if (!pointer && (octet & kPointer) != 0)
      return absl::InvalidArgumentError("a label has a length over 63");
    std::size_t const size = pointer ? 2 : 1 + octet;
    if (left() < size) return Short();
    at_ += size;
    if (pointer || octet == 0) return absl::OkStatus();
  }
}

}  // namespace fediversity::dns
