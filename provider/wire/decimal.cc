#include "provider/wire/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "provider/base/text.h"

namespace fediversity::wire {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

absl::Status NotANumber() { return absl::InvalidArgumentError("a number is required"); }

// Moves zeros at both ends out of the digits.
void Trim(Decimal* decimal) {
  std::size_t const last = decimal->digits.find_last_not_of('0');
  if (last == std::string::npos) {
    *decimal = Decimal();
    return;
  }
  decimal->exponent += static_cast<std::int64_t>(decimal->digits.size() - last - 1);
  decimal->digits.resize(last + 1);
  decimal->digits.erase(0, decimal->digits.find_first_not_of('0'));
}

// Whether `candidate` is within half a step of `value`, where steps are those of 53 bits above `value`: smaller
// than the real ones for a subnormal, greater than the one below for a power of two.
bool IsWithinHalfStep(const char* candidate, double value) {
  int exponent = 0;
  std::frexp(value, &exponent);
  long double const half_step = std::ldexp(1.0L, exponent - std::numeric_limits<double>::digits - 1);
  return std::fabs(std::strtold(candidate, nullptr) - static_cast<long double>(value)) <= half_step;
}

bool IsPowerOfTwo(double value) {
  int exponent = 0;
  return std::fabs(std::frexp(value, &exponent)) == 0.5;
}

}  // namespace

absl::StatusOr<Decimal> Decimal::Parse(std::string_view text) {
  Decimal decimal;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) decimal.negative = text[at++] == '-';
  bool any_digit = false;
  bool point = false;
  for (; at < text.size() && (IsDigit(text[at]) || (text[at] == '.' && !point)); ++at) {
    if (text[at] == '.') {
      point = true;
      continue;
    }
    any_digit = true;
    if (point) --decimal.exponent;
    decimal.digits += text[at];
  }
  if (!any_digit) return NotANumber();
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && text[at] == '+') {
      ++at;
      if (at < text.size() && text[at] == '-') return NotANumber();
    }
    bool const small = at < text.size() && text[at] == '-';
    std::int64_t exponent = 0;
    auto const [stop, error] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (error == std::errc::invalid_argument) return NotANumber();
    at = static_cast<std::size_t>(stop - text.data());
    // Far more than any text is long, so that sums cannot overflow; judged below with the digits.
    constexpr std::int64_t kFar = 1'000'000'000'000;
    if (error != std::errc()) exponent = small ? -kFar : kFar;
    exponent = std::clamp(exponent, -kFar, kFar);
    decimal.exponent += exponent;
  }
  if (at != text.size()) return NotANumber();
  Trim(&decimal);
  if (!decimal.digits.empty() && std::abs(decimal.LeadingExponent()) > kLargestExponent) {
    return absl::InvalidArgumentError("a number is out of range");
  }
  return decimal;
}

Decimal Decimal::FromNormalForm(std::string_view text) {
  Decimal decimal;
  if (text[0] == '-') {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  std::size_t const e = text.find('e');
  if (e != std::string_view::npos) {
    std::from_chars(text.data() + e + 1, text.data() + text.size(), decimal.exponent);
    text = text.substr(0, e);
  }
  std::size_t const point = text.find('.');
  decimal.digits.assign(text.substr(0, point));
  if (point != std::string_view::npos) {
    decimal.digits.append(text.substr(point + 1));
    decimal.exponent -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  Trim(&decimal);
  return decimal;
}

Decimal Decimal::Shortest(double value) {
  std::array<char, 64> buffer{};
  char* end = nullptr;
  if (std::fpclassify(value) == FP_SUBNORMAL || IsPowerOfTwo(value)) {
    // Here to_chars reckons with the real steps and would come to other digits.
    for (int precision = 0; precision < std::numeric_limits<double>::max_digits10; ++precision) {
      end = std::to_chars(buffer.data(), buffer.data() + buffer.size() - 1, value,
                          std::chars_format::scientific, precision)
                .ptr;
      *end = '\0';
      if (IsWithinHalfStep(buffer.data(), value)) break;
    }
  } else {
    end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  }
  return *Parse({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

bool Decimal::IsExactly(std::string_view text, double value) {
  // An odd multiple of 2^-k has k decimals, the last of which is 5.
  Decimal const decimal = FromNormalForm(text);
  if (decimal.digits.empty()) return value == 0;
  if (value == 0) return false;
  if (decimal.exponent < 0) {
    int binary_exponent = 0;
    auto mantissa = static_cast<std::int64_t>(
        std::ldexp(std::frexp(value, &binary_exponent), std::numeric_limits<double>::digits));
    int decimals = std::numeric_limits<double>::digits - binary_exponent;
    while (mantissa % 2 == 0) {
      mantissa /= 2;
      --decimals;
    }
    if (decimal.digits.back() != '5' || decimals != -decimal.exponent) return false;
  }
  // The longest exact form of a double: 1,074 decimals.
  std::array<char, 1536> buffer{};
  auto const decimals = static_cast<int>(std::max<std::int64_t>(0, -decimal.exponent));
  char* const end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals)
          .ptr;
  return *Parse({buffer.data(), static_cast<std::size_t>(end - buffer.data())}) == decimal;
}

std::string Decimal::Plain() const {
  if (digits.empty()) return "0";
  std::string plain = negative ? "-" : "";
  auto const count = static_cast<std::int64_t>(digits.size());
  if (exponent >= 0) {
    plain += digits;
    plain.append(static_cast<std::size_t>(exponent), '0');
  } else if (-exponent < count) {
    auto const before_point = static_cast<std::size_t>(count + exponent);
    plain.append(digits, 0, before_point);
    plain += '.';
    plain.append(digits, before_point);
  } else {
    plain += "0.";
    plain.append(static_cast<std::size_t>(-exponent - count), '0');
    plain += digits;
  }
  return plain;
}

std::string Decimal::NormalForm() const {
  auto const count = static_cast<std::int64_t>(digits.size());
  std::int64_t const plain_size = exponent >= 0 ? count + exponent : std::max(count, -exponent) + 1;
  if (plain_size <= kLongestPlain) return Plain();
  std::string text = negative ? "-" : "";
  text += digits[0];
  if (count > 1) {
    text += '.';
    text.append(digits, 1);
  }
  return text + 'e' + std::to_string(LeadingExponent());
}

std::strong_ordering Decimal::CompareMagnitude(const Decimal& other) const {
  if (digits.empty() || other.digits.empty()) return !digits.empty() <=> !other.digits.empty();
  if (LeadingExponent() != other.LeadingExponent()) return LeadingExponent() <=> other.LeadingExponent();
  return digits.compare(other.digits) <=> 0;
}

}  // namespace fediversity::wire
