#include "provider/wire/nfc.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "provider/base/text.h"

namespace fediversity::wire {
namespace {

struct Free {
  void operator()(utf8proc_uint8_t* memory) const { std::free(memory); }
};

bool IsNfcAtAGlance(std::string_view valid_utf8) {
  // Nothing below U+0300 composes or reorders; its lead bytes are below CC.
  return std::all_of(valid_utf8.begin(), valid_utf8.end(), [](char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0xCC;
  });
}

}  // namespace

bool IsAscii(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    if ((word & 0x8080808080808080U) != 0) return false;
  }
  return std::all_of(at, at + left, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string Nfc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  std::string valid = ValidUtf8(text);
  if (IsNfcAtAGlance(valid)) return valid;
  utf8proc_uint8_t* composed = nullptr;
  utf8proc_ssize_t const size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(valid.data()), static_cast<utf8proc_ssize_t>(valid.size()),
      &composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  std::unique_ptr<utf8proc_uint8_t, Free> const owner(composed);
  // Of its errors only "out of memory" is possible: the text is UTF-8 and the options are fixed.
  if (size < 0) throw std::bad_alloc();
  return std::string(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(size));
}

std::string SafePrefix(std::string_view prefix) {
  // Cut back to whole characters first; the replacement of half a character would be a wrong promise.
  std::size_t end = prefix.size();
  std::size_t lead = end;
  while (lead > 0 && end - lead < 4) {
    --lead;
    auto const byte = static_cast<unsigned char>(prefix[lead]);
    if ((byte & 0xC0U) == 0x80U) continue;
    std::size_t const length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (lead + length > end) end = lead;
    break;
  }
  std::string text = Nfc(prefix.substr(0, end));
  // Delimiters never combine with what follows them.
  constexpr std::string_view kEndsCluster = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";
  if (text.empty()) return text;
  if (kEndsCluster.find(text.back()) != std::string_view::npos) return text;
  std::size_t last_break = 0;
  utf8proc_int32_t previous = 0;
  utf8proc_int32_t state = 0;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t const length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                         static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (length <= 0) break;
    if (at > 0 && utf8proc_grapheme_break_stateful(previous, code, &state)) last_break = at;
    previous = code;
    at += static_cast<std::size_t>(length);
  }
  text.resize(last_break);
  return text;
}

}  // namespace fediversity::wire
