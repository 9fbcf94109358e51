#include "provider/wire/msgpack_writer.h"

#include <bit>
#include <optional>

namespace fediversity::wire {

void MsgpackWriter::BigEndian(std::uint64_t value, int size) {
  char buffer[8];
  for (int i = size - 1; i >= 0; --i) {
    buffer[i] = static_cast<char>(value & 0xFFU);
    value >>= 8U;
  }
  bytes_.append(buffer, static_cast<std::size_t>(size));
}

void MsgpackWriter::Int(std::int64_t value) {
  auto const raw = static_cast<std::uint64_t>(value);
  if (value >= 0) {
    if (value < 0x80) return Byte(static_cast<unsigned>(value));
    if (value <= 0xFF) return Byte(0xCC), BigEndian(raw, 1);
    if (value <= 0xFFFF) return Byte(0xCD), BigEndian(raw, 2);
    if (value <= 0xFFFFFFFF) return Byte(0xCE), BigEndian(raw, 4);
    return Byte(0xCF), BigEndian(raw, 8);
  }
  if (value >= -32) return Byte(static_cast<unsigned>(raw & 0xFFU));
  if (value >= INT8_MIN) return Byte(0xD0), BigEndian(raw, 1);
  if (value >= INT16_MIN) return Byte(0xD1), BigEndian(raw, 2);
  if (value >= INT32_MIN) return Byte(0xD2), BigEndian(raw, 4);
  return Byte(0xD3), BigEndian(raw, 8);
}

void MsgpackWriter::Double(double value) {
  Byte(0xCB);
  BigEndian(std::bit_cast<std::uint64_t>(value), 8);
}

void MsgpackWriter::String(std::string_view text) {
  if (text.size() < 32) {
    Byte(0xA0U | static_cast<unsigned>(text.size()));
  } else if (text.size() <= 0xFF) {
    Byte(0xD9);
    BigEndian(text.size(), 1);
  } else if (text.size() <= 0xFFFF) {
    Byte(0xDA);
    BigEndian(text.size(), 2);
  } else {
    Byte(0xDB);
    BigEndian(text.size(), 4);
  }
  bytes_ += text;
}

void MsgpackWriter::Binary(std::string_view bytes) {
  if (bytes.size() <= 0xFF) {
    Byte(0xC4);
    BigEndian(bytes.size(), 1);
  } else if (bytes.size() <= 0xFFFF) {
    Byte(0xC5);
    BigEndian(bytes.size(), 2);
  } else {
    Byte(0xC6);
    BigEndian(bytes.size(), 4);
  }
  bytes_ += bytes;
}

void MsgpackWriter::ArrayHeader(std::size_t count) {
  if (count < 16) return Byte(0x90U | static_cast<unsigned>(count));
  if (count <= 0xFFFF) return Byte(0xDC), BigEndian(count, 2);
  Byte(0xDD), BigEndian(count, 4);
}

void MsgpackWriter::MapHeader(std::size_t count) {
  if (count < 16) return Byte(0x80U | static_cast<unsigned>(count));
  if (count <= 0xFFFF) return Byte(0xDE), BigEndian(count, 2);
  Byte(0xDF), BigEndian(count, 4);
}

void MsgpackWriter::Extension(unsigned char code, std::string_view body) {
  switch (body.size()) {
    case 1: Byte(0xD4); break;
    case 2: Byte(0xD5); break;
    case 4: Byte(0xD6); break;
    case 8: Byte(0xD7); break;
    case 16: Byte(0xD8); break;
    default:
      if (body.size() <= 0xFF) {
        Byte(0xC7);
        BigEndian(body.size(), 1);
      } else {
        Byte(0xC8);
        BigEndian(body.size(), 2);
      }
  }
  Byte(code);
  bytes_ += body;
}

void MsgpackWriter::DecimalNumber(const Number& number) {
  if (std::optional<std::int64_t> const integer = number.ToInt64()) return Int(*integer);
  if (number.is_infinite() || (!number.is_integer() && number.IsExactDouble()))
    return Double(number.ToDouble());
  String(number.ToPlain());
}

}  // namespace fediversity::wire
