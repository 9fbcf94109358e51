#include "provider/wire/json_text.h"

#include <cstddef>

namespace fediversity::wire {
namespace {

// Whether neither kind of escapes can start here; true for nearly every character.
bool IsPlain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' &&
         c != '\xE2';
}

// The escape of `text[at]`, empty where it needs none; sets `length` to the bytes that it stands for.
std::string_view EscapeAt(std::string_view text, std::size_t at, JsonEscapes escapes, std::size_t* length,
                          char* buffer) {
  *length = 1;
  char const c = text[at];
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  bool const go = escapes == JsonEscapes::kGo;
  if (static_cast<unsigned char>(c) < 0x20 || (go && (c == '<' || c == '>' || c == '&'))) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string_view const start = "\\u00";
    start.copy(buffer, start.size());
    buffer[4] = kDigits[static_cast<unsigned char>(c) >> 4U];
    buffer[5] = kDigits[static_cast<unsigned char>(c) & 0xFU];
    return {buffer, 6};
  }
  if (go && c == '\xE2' && text.substr(at, 2) == "\xE2\x80") {
    std::string_view const character = text.substr(at, 3);
    *length = 3;
    if (character == "\xE2\x80\xA8") return "\\u2028";
    if (character == "\xE2\x80\xA9") return "\\u2029";
    *length = 1;
  }
  return {};
}

}  // namespace

void AppendJsonString(std::string_view text, JsonEscapes escapes, std::string* json) {
  json->push_back('"');
  std::size_t copied = 0;
  char buffer[6];
  for (std::size_t at = 0; at < text.size();) {
    if (IsPlain(text[at])) {
      ++at;
      continue;
    }
    std::size_t length = 1;
    std::string_view const escape = EscapeAt(text, at, escapes, &length, buffer);
    if (!escape.empty()) {
      json->append(text, copied, at - copied);
      json->append(escape);
      copied = at + length;
    }
    at += length;
  }
  json->append(text, copied);
  json->push_back('"');
}

}  // namespace fediversity::wire
