#include "tests/provider/docs/random_value.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace fediversity::docs {
namespace {

using wire::Value;

constexpr std::array<std::string_view, 62> kPieces = {
    "$",      "%",      "{",        "}",           "${",     "%{",         "\"",      "\\",     "\n",
    "\t",     "\r",     "\x01",     "\x7f",        "\u0085", "~",          "#",       "//",     "/*",
    "*/",     "<<EOT",  "<<-EOT\n", "EOT",         "=",      "a",          "b",       "z",      "0",
    "9",      "-",      "_",        ".",           ",",      " ",          "for",     "true",   "null",
    "if",     "in",     "é",        "ß",           "ﬁ",      "한",         "\u1112",  "\u0301", "\u0308",
    "\u200d", "\ufe0f", "👩",       "👩‍👧", "🏽",     "🇩",          "🇪",       "\u0e33", "\u0903",
    "\u200e", "\ufeff", "\u2028",   "\ue000",      "日本",   "\U0010ffff", "\\u0041", "[*]"};

template <typename T>
T Pick(std::mt19937& random, T low, T high) {
  return std::uniform_int_distribution<T>(low, high)(random);
}

Value RandomNumber(std::mt19937& random) {
  std::string text = Pick(random, 0, 1) == 0 ? "-" : "";
  for (int digits = Pick(random, 1, 30); digits > 0; --digits)
    text += static_cast<char>('0' + Pick(random, 0, 9));
  if (Pick(random, 0, 2) == 0) text += "." + std::to_string(Pick(random, 0, 99999));
  if (Pick(random, 0, 9) == 0) text += "e" + std::to_string(Pick(random, -600, 600));
  return Value::Num(*wire::Number::Parse(text));
}

}  // namespace

std::string RandomText(std::mt19937& random) {
  std::string text;
  for (int pieces = Pick(random, 0, 8); pieces > 0; --pieces) {
    std::string_view const piece = kPieces[Pick<std::size_t>(random, 0, kPieces.size() - 1)];
    // OpenTofu's jsonencode, by which values come back, writes \r with an accent after it as \ŕ.
    bool const accent = piece == "\u0301" || piece == "\u0308";
    if (!accent || !(text.ends_with('\n') || text.ends_with('\r') || text.ends_with('\t'))) text += piece;
  }
  // A value's text is in normal form, so that what comes back can be compared.
  return Value::String(text).string();
}

Value RandomObject(std::mt19937& random, int depth) {
  Value::Entries entries;
  for (int count = Pick(random, 0, 6); count > 0; --count) {
    entries.emplace_back(RandomText(random), RandomValue(random, depth - 1));
  }
  return Value::Map(std::move(entries));
}

Value RandomValue(std::mt19937& random, int depth) {
  switch (Pick(random, 0, depth > 0 ? 6 : 3)) {
    case 0: return Value::Null();
    case 1: return Value::Bool(Pick(random, 0, 1) == 0);
    case 2: return RandomNumber(random);
    case 3:
    case 4: return Value::String(RandomText(random));
    case 5: {
      Value::Elements elements;
      for (int count = Pick(random, 0, 4); count > 0; --count)
        elements.push_back(RandomValue(random, depth - 1));
      return Value::List(std::move(elements));
    }
    default: return RandomObject(random, depth);
  }
}

}  // namespace fediversity::docs
