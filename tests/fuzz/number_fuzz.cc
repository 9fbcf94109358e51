#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "provider/wire/number.h"

namespace {

using fediversity::wire::Number;

void Require(bool holds) {
  if (!holds) std::abort();
}

// Normal form is stable and all views of a number agree.
void CheckNumber(const Number& number) {
  auto const again = Number::Parse(number.text());
  Require(again.ok() && *again == number && again->text() == number.text());
  auto const plain = Number::Parse(number.ToPlain());
  Require(plain.ok() && *plain == number);
  if (auto const integer = number.ToInt64()) Require(number.is_integer() && Number(*integer) == number);
  if (number.IsExactDouble()) {
    auto const rounded = Number::FromDouble(number.ToDouble());
    Require(rounded.ok() && rounded->ToDouble() == number.ToDouble());
  }
}

void CheckPair(const Number& a, const Number& b) {
  Require((a < b) == (b > a));
  Require(std::is_eq(a <=> b) == (a == b));
  if (a.ToDouble() < b.ToDouble()) Require(a < b);
}

}  // namespace

// Two numbers as text, divided by a space; the first eight bytes also as a double.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<const char*>(data), size);
  std::size_t const space = text.find(' ');
  auto const first = Number::Parse(text.substr(0, space));
  if (first.ok()) CheckNumber(*first);
  if (space != std::string_view::npos) {
    auto const second = Number::Parse(text.substr(space + 1));
    if (second.ok()) CheckNumber(*second);
    if (first.ok() && second.ok()) CheckPair(*first, *second);
  }
  if (size >= sizeof(double)) {
    double value = 0;
    std::memcpy(&value, data, sizeof value);
    auto const number = Number::FromDouble(value);
    Require(number.ok() == !std::isnan(value));
    if (number.ok()) {
      CheckNumber(*number);
      Require(number->ToDouble() == value);
    }
  }
  return 0;
}
