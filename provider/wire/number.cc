#include "provider/wire/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "absl/status/status.h"
#include "provider/base/text.h"
#include "provider/wire/decimal.h"

namespace fediversity::wire {
namespace {

bool IsShortNormalInteger(std::string_view text) {
  return !text.empty() && text.size() < 20 && (text[0] != '0' || text.size() == 1) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Number::Number(std::int64_t value) {
  std::array<char, 24> buffer{};
  auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  text_.assign(buffer.data(), end);
}

Number Number::FromUnsigned(std::uint64_t value) { return Number(std::to_string(value)); }

absl::StatusOr<Number> Number::FromDouble(double value) {
  if (std::isnan(value)) return absl::InvalidArgumentError("not a number");
  if (std::isinf(value)) return Number(value > 0 ? std::string("Inf") : std::string("-Inf"));
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (value >= -kTwoTo63 && value < kTwoTo63 && std::trunc(value) == value) {
    return Number(static_cast<std::int64_t>(value));
  }
  Number number(Decimal::Shortest(value).NormalForm());
  number.origin_ = value;
  return number;
}

absl::StatusOr<Number> Number::Parse(std::string_view text) {
  std::string_view unsigned_text = text;
  bool const negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) unsigned_text.remove_prefix(1);
  if (unsigned_text == "inf" || unsigned_text == "Inf")
    return Number(negative ? std::string("-Inf") : std::string("Inf"));
  if (IsShortNormalInteger(text)) return Number(std::string(text));
  absl::StatusOr<Decimal> decimal = Decimal::Parse(text);
  if (!decimal.ok()) return std::move(decimal).status();
  return Number(decimal->NormalForm());
}

bool Number::is_infinite() const { return text_.back() == 'f'; }

bool Number::is_integer() const {
  if (is_infinite()) return false;
  if (text_.find_first_of(".e") == std::string::npos) return true;
  return Decimal::FromNormalForm(text_).exponent >= 0;
}

std::optional<std::int64_t> Number::ToInt64() const {
  std::int64_t value = 0;
  const char* const end = text_.data() + text_.size();
  auto const [stop, error] = std::from_chars(text_.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

double Number::ToDouble() const {
  if (origin_ != 0) return origin_;
  if (is_infinite()) {
    double const infinity = std::numeric_limits<double>::infinity();
    return text_[0] == '-' ? -infinity : infinity;
  }
  double value = 0;
  auto const error = std::from_chars(text_.data(), text_.data() + text_.size(), value).ec;
  if (error == std::errc()) return value;
  // Out of range, where from_chars does not say on which side.
  Decimal const decimal = Decimal::FromNormalForm(text_);
  double const magnitude = decimal.LeadingExponent() > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return decimal.negative ? -magnitude : magnitude;
}

bool Number::IsExactDouble() const {
  if (origin_ != 0 || is_infinite()) return true;
  // The last decimal of a binary fraction is 5: most decimal fractions are told apart without arithmetic.
  if (text_.back() != '5' && text_.find('.') != std::string::npos && text_.find('e') == std::string::npos) {
    return false;
  }
  double const nearest = ToDouble();
  if (std::isinf(nearest)) return false;
  return Decimal::IsExactly(text_, nearest);
}

std::string Number::ToPlain() const {
  if (is_infinite() || text_.find('e') == std::string::npos) return text_;
  return Decimal::FromNormalForm(text_).Plain();
}

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  if (a.text_ == b.text_) return std::strong_ordering::equal;
  bool const a_negative = a.text_[0] == '-';
  bool const b_negative = b.text_[0] == '-';
  if (a_negative != b_negative)
    return a_negative ? std::strong_ordering::less : std::strong_ordering::greater;
  std::strong_ordering magnitude = std::strong_ordering::equal;
  if (a.is_infinite()) {
    magnitude = std::strong_ordering::greater;
  } else if (b.is_infinite()) {
    magnitude = std::strong_ordering::less;
  } else if (a.text_.find_first_of(".e") == std::string::npos &&
             b.text_.find_first_of(".e") == std::string::npos) {
    magnitude =
        a.text_.size() != b.text_.size() ? a.text_.size() <=> b.text_.size() : a.text_.compare(b.text_) <=> 0;
  } else {
    magnitude = Decimal::FromNormalForm(a.text_).CompareMagnitude(Decimal::FromNormalForm(b.text_));
  }
  if (!a_negative || std::is_eq(magnitude)) return magnitude;
  return std::is_lt(magnitude) ? std::strong_ordering::greater : std::strong_ordering::less;
}

}  // namespace fediversity::wire
