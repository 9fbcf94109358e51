#ifndef FEDIVERSITY_PROVIDER_WIRE_MSGPACK_WRITER_H_
#define FEDIVERSITY_PROVIDER_WIRE_MSGPACK_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "provider/wire/number.h"

namespace fediversity::wire {

// Appends MessagePack items (https://github.com/msgpack/msgpack/blob/master/spec.md), each in its shortest form.
class MsgpackWriter {
 public:
  void Nil() { Byte(0xC0); }
  void Bool(bool value) { Byte(value ? 0xC3 : 0xC2); }
  void Int(std::int64_t value);
  void Double(double value);
  void String(std::string_view text);
  void Binary(std::string_view bytes);
  void ArrayHeader(std::size_t count);
  void MapHeader(std::size_t count);
  void Extension(unsigned char code, std::string_view body);
  // A number as go-cty writes it: an integer where it is one of 64 bits, a double where that is exact, otherwise
  // decimal text.
  void DecimalNumber(const Number& number);

  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }
  void Reserve(std::size_t size) { bytes_.reserve(size); }

 private:
  void Byte(unsigned byte) { bytes_.push_back(static_cast<char>(byte)); }
  void BigEndian(std::uint64_t value, int size);

  std::string bytes_;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_MSGPACK_WRITER_H_
