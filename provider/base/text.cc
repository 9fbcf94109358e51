#include "provider/base/text.h"

#include <cstddef>

namespace fediversity {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

// Length of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7), 0 if there is none.
std::size_t SequenceLength(std::string_view text) {
  auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  unsigned char const lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return IsContinuation(byte(1)) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    unsigned char const low = lead == 0xE0 ? 0xA0 : 0x80;
    unsigned char const high = lead == 0xED ? 0x9F : 0xBF;
    return byte(1) >= low && byte(1) <= high && IsContinuation(byte(2)) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    unsigned char const low = lead == 0xF0 ? 0x90 : 0x80;
    unsigned char const high = lead == 0xF4 ? 0x8F : 0xBF;
    bool const well_formed =
        byte(1) >= low && byte(1) <= high && IsContinuation(byte(2)) && IsContinuation(byte(3));
    return well_formed ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string Cat(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (std::string_view const piece : pieces) size += piece.size();
  std::string joined;
  joined.reserve(size);
  for (std::string_view const piece : pieces) joined += piece;
  return joined;
}

std::string ValidUtf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    std::size_t const length = SequenceLength(text);
    if (length == 0) {
      valid += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      valid += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return valid;
}

}  // namespace fediversity
