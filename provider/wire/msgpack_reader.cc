#include "provider/wire/msgpack_reader.h"

#include <bit>
#include <limits>
#include <utility>

#include "absl/status/statusor.h"

namespace fediversity::wire {
namespace {

std::optional<Number> FromStatus(absl::StatusOr<Number> number) {
  if (!number.ok()) return std::nullopt;
  return *std::move(number);
}

bool IsFixedNumber(std::uint8_t code) { return code < 0x80 || code >= 0xE0; }

}  // namespace

std::optional<std::uint64_t> MsgpackReader::ReadBigEndian(std::size_t size) {
  if (remaining() < size) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8U | static_cast<std::uint8_t>(bytes_[at_ + i]);
  at_ += size;
  return value;
}

bool MsgpackReader::PeekExtension() const {
  if (at_end()) return false;
  std::uint8_t const code = Peek();
  return (code >= 0xC7 && code <= 0xC9) || (code >= 0xD4 && code <= 0xD8);
}

std::optional<bool> MsgpackReader::ReadBool() {
  if (at_end() || (Peek() != 0xC2 && Peek() != 0xC3)) return std::nullopt;
  return bytes_[at_++] == '\xC3';
}

std::optional<std::int64_t> MsgpackReader::ReadInt() {
  if (at_end()) return std::nullopt;
  std::uint8_t const code = Peek();
  if (IsFixedNumber(code)) {
    ++at_;
    return static_cast<std::int8_t>(code);
  }
  bool const is_unsigned = code >= 0xCC && code <= 0xCF;
  if (!is_unsigned && (code < 0xD0 || code > 0xD3)) return std::nullopt;
  ++at_;
  std::size_t const size = std::size_t{1} << (is_unsigned ? code - 0xCCU : code - 0xD0U);
  std::optional<std::uint64_t> const raw = ReadBigEndian(size);
  if (!raw.has_value()) return std::nullopt;
  if (is_unsigned) {
    if (*raw > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(*raw);
  }
  unsigned const unused = 64 - 8 * static_cast<unsigned>(size);
  return static_cast<std::int64_t>(*raw << unused) >> unused;  // extends the sign
}

std::optional<Number> MsgpackReader::ReadNumber() {
  if (at_end()) return std::nullopt;
  std::uint8_t const code = Peek();
  if (code == 0xCF) {
    ++at_;
    std::optional<std::uint64_t> const raw = ReadBigEndian(8);
    if (!raw.has_value()) return std::nullopt;
    return Number::FromUnsigned(*raw);
  }
  if (code == 0xCA || code == 0xCB) {
    ++at_;
    std::optional<std::uint64_t> const raw = ReadBigEndian(code == 0xCA ? 4 : 8);
    if (!raw.has_value()) return std::nullopt;
    if (code == 0xCA)
      return FromStatus(Number::FromDouble(std::bit_cast<float>(static_cast<std::uint32_t>(*raw))));
    return FromStatus(Number::FromDouble(std::bit_cast<double>(*raw)));
  }
  if (std::optional<std::int64_t> const integer = ReadInt()) return Number(*integer);
  std::optional<std::string_view> const text = ReadString();
  if (!text.has_value()) return std::nullopt;
  return FromStatus(Number::Parse(*text));
}

std::optional<std::string_view> MsgpackReader::ReadString() {
  if (at_end()) return std::nullopt;
  std::uint8_t const code = Peek();
  if (code >= 0xA0 && code <= 0xBF) {
    ++at_;
    return ReadBytes(code & 0x1FU);
  }
  bool const is_binary = code >= 0xC4 && code <= 0xC6;
  if (!is_binary && (code < 0xD9 || code > 0xDB)) return std::nullopt;
  ++at_;
  std::optional<std::uint64_t> const size =
      ReadBigEndian(std::size_t{1} << (is_binary ? code - 0xC4U : code - 0xD9U));
  if (!size.has_value()) return std::nullopt;
  return ReadBytes(*size);
}

std::optional<std::size_t> MsgpackReader::ReadArrayHeader() {
  if (at_end()) return std::nullopt;
  std::uint8_t const code = Peek();
  if (code >= 0x90 && code <= 0x9F) {
    ++at_;
    return code & 0x0FU;
  }
  if (code != 0xDC && code != 0xDD) return std::nullopt;
  ++at_;
  return ReadBigEndian(code == 0xDC ? 2 : 4);
}

std::optional<std::size_t> MsgpackReader::ReadMapHeader() {
  if (at_end()) return std::nullopt;
  std::uint8_t const code = Peek();
  if (code >= 0x80 && code <= 0x8F) {
    ++at_;
    return code & 0x0FU;
  }
  if (code != 0xDE && code != 0xDF) return std::nullopt;
  ++at_;
  return ReadBigEndian(code == 0xDE ? 2 : 4);
}

std::optional<MsgpackReader::ExtensionHeader> MsgpackReader::ReadExtensionHeader() {
  if (!PeekExtension()) return std::nullopt;
  std::uint8_t const code = Peek();
  ++at_;
  ExtensionHeader header;
  if (code >= 0xD4) {
    header.size = std::size_t{1} << (code - 0xD4U);
  } else {
    std::optional<std::uint64_t> const size = ReadBigEndian(std::size_t{1} << (code - 0xC7U));
    if (!size.has_value()) return std::nullopt;
    header.size = *size;
  }
  if (at_end()) return std::nullopt;
  header.code = Peek();
  ++at_;
  return header;
}

std::optional<std::string_view> MsgpackReader::ReadBytes(std::size_t size) {
  if (remaining() < size) return std::nullopt;
  std::string_view const bytes = bytes_.substr(at_, size);
  at_ += size;
  return bytes;
}

bool MsgpackReader::SkipItem() {
  // Counts what is still to come, so that nesting costs no stack.
  std::uint64_t pending = 1;
  for (; pending > 0; --pending) {
    if (at_end()) return false;
    std::uint8_t const code = Peek();
    if (code == 0xC0 || code == 0xC2 || code == 0xC3 || IsFixedNumber(code)) {
      ++at_;
    } else if (std::optional<std::size_t> const elements = ReadArrayHeader()) {
      pending += *elements;
    } else if (std::optional<std::size_t> const entries = ReadMapHeader()) {
      pending += 2 * std::uint64_t{*entries};
    } else if (std::optional<ExtensionHeader> const extension = ReadExtensionHeader()) {
      if (!ReadBytes(extension->size).has_value()) return false;
    } else if (code >= 0xCA && code <= 0xD3) {
      ++at_;
      std::size_t const size = code == 0xCA   ? 4
                               : code == 0xCB ? 8
                                              : std::size_t{1} << (code < 0xD0 ? code - 0xCCU : code - 0xD0U);
      if (!ReadBytes(size).has_value()) return false;
    } else if (!ReadString().has_value()) {
      return false;
    }
  }
  return true;
}

}  // namespace fediversity::wire
