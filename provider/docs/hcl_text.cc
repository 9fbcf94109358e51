#include "provider/docs/hcl_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "provider/base/text.h"

namespace fediversity::docs {
namespace {

struct CodePoint {
  utf8proc_int32_t value = 0;
  std::string_view bytes;
};

// The first code point of `text`, which is valid UTF-8 and not empty.
CodePoint First(std::string_view text) {
  CodePoint first;
  utf8proc_ssize_t const length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &first.value);
  first.bytes = text.substr(0, static_cast<std::size_t>(std::max<utf8proc_ssize_t>(length, 1)));
  return first;
}

// What a reader would not see, or would see in another place than where it stands.
bool IsInvisible(utf8proc_int32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

void AppendEscaped(utf8proc_int32_t c, std::string& out) {
  std::array<char, 12> code = {};
  std::snprintf(code.data(), code.size(), c > 0xFFFF ? "\\U%08x" : "\\u%04x", static_cast<unsigned>(c));
  out += code.data();
}

// Code points that would join an escape or the opening quote to one character are escaped too, so that normalising
// the text does no harm; with `separate`, all that would join the one before them.
std::string Quote(std::string_view text, bool separate) {
  std::string const valid = ValidUtf8(text);
  std::string quoted = "\"";
  utf8proc_int32_t previous = '"';
  bool escaped = true;
  for (std::string_view rest = valid; !rest.empty();) {
    CodePoint const next = First(rest);
    rest.remove_prefix(next.bytes.size());
    switch (next.value) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\n': quoted += "\\n"; break;
      case '\r': quoted += "\\r"; break;
      case '\t': quoted += "\\t"; break;
      case '$':
      case '%':
        quoted += next.bytes;
        if (rest.starts_with('{')) quoted += next.bytes;
        break;
      default:
        if (IsInvisible(next.value) ||
            ((separate || escaped) && !utf8proc_grapheme_break(previous, next.value))) {
          AppendEscaped(next.value, quoted);
        } else {
          quoted += next.bytes;
        }
    }
    // An escape ends in a letter or digit, whatever it stands for.
    escaped = !quoted.ends_with(next.bytes);
    previous = escaped ? 'x' : next.value;
  }
  return quoted + "\"";
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// `text` decomposed, without accents and in lower case.
std::string Fold(std::string_view text) {
  utf8proc_uint8_t* folded = nullptr;
  auto const options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                      UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD);
  utf8proc_ssize_t const length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                               static_cast<utf8proc_ssize_t>(text.size()), &folded, options);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owner(folded, &std::free);
  if (length < 0) return std::string(text);
  return {reinterpret_cast<const char*>(folded), static_cast<std::size_t>(length)};
}

}  // namespace

std::string QuoteText(std::string_view text) { return Quote(text, /*separate=*/false); }

std::string WriteKey(std::string_view key) {
  // `for` would begin a for expression; the others are values rather than names.
  constexpr std::array<std::string_view, 4> kNoNames = {"for", "true", "false", "null"};
  bool const plain = !key.empty() && IsLetter(key.front()) &&
                     std::ranges::all_of(key, [](char c) { return IsLetter(c) || IsDigit(c) || c == '-'; }) &&
                     std::ranges::find(kNoNames, key) == kNoNames.end();
  return plain ? std::string(key) : Quote(key, /*separate=*/true);
}

std::size_t KeyColumns(std::string_view written_key) {
  // One code point, one column: WriteKey sees to that.
  return static_cast<std::size_t>(std::ranges::count_if(
      written_key, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string LocalName(std::string_view text, Names& taken) {
  std::string name;
  for (char const c : Fold(ValidUtf8(text))) {
    if (IsLetter(c) || IsDigit(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.empty() || IsDigit(name.front())) name.insert(0, "_");
  if (name == "_") name = "unnamed";

  std::string unique = name;
  for (int number = 2; taken.contains(unique); ++number) unique = Cat({name, "_", std::to_string(number)});
  taken.insert(unique);
  return unique;
}

}  // namespace fediversity::docs
