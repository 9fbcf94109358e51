#ifndef FEDIVERSITY_PROVIDER_WIRE_MSGPACK_READER_H_
#define FEDIVERSITY_PROVIDER_WIRE_MSGPACK_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "provider/wire/number.h"

namespace fediversity::wire {

// Reads MessagePack items one by one. Each Read function takes exactly one item (or the header of one) of any
// width, or answers nullopt when the next item is of another kind or not all there. Never reads outside of
// `bytes`, which must outlive the reader and the views that it hands out.
class MsgpackReader {
 public:
  explicit MsgpackReader(std::string_view bytes) : bytes_(bytes) {}

  struct ExtensionHeader {
    std::uint8_t code = 0;
    std::size_t size = 0;
  };

  bool at_end() const { return at_ == bytes_.size(); }
  std::size_t remaining() const { return bytes_.size() - at_; }
  // The first byte of the next item; only before the end.
  std::uint8_t Peek() const { return static_cast<std::uint8_t>(bytes_[at_]); }
  bool PeekNil() const { return !at_end() && Peek() == 0xC0; }
  bool PeekExtension() const;

  // Passes over one byte; only before the end.
  void SkipByte() { ++at_; }
  std::optional<bool> ReadBool();
  // An integer that fits; larger ones are numbers.
  std::optional<std::int64_t> ReadInt();
  // An integer, a float that is not NaN, or decimal text.
  std::optional<Number> ReadNumber();
  // Text or binary.
  std::optional<std::string_view> ReadString();
  std::optional<std::size_t> ReadArrayHeader();
  std::optional<std::size_t> ReadMapHeader();
  // Answers the header; the body follows.
  std::optional<ExtensionHeader> ReadExtensionHeader();
  std::optional<std::string_view> ReadBytes(std::size_t size);
  // Passes over one item of any kind, with all that is in it.
  bool SkipItem();

 private:
  std::optional<std::uint64_t> ReadBigEndian(std::size_t size);

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_MSGPACK_READER_H_
