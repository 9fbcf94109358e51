#ifndef FEDIVERSITY_PROVIDER_WIRE_NUMBER_H_
#define FEDIVERSITY_PROVIDER_WIRE_NUMBER_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace fediversity::wire {

// A number of any size and precision, kept as exact decimal text in normal form, so that what the host sent
// is what it gets back. Also holds plus and minus infinity; there is no NaN.
//
// Normal form: "0", or digits without leading zeros and, where there is a fraction, without trailing zeros;
// a number whose plain form would be longer than about 500 digits keeps an exponent ("1e4000").
class Number {
 public:
  Number() = default;  // zero
  explicit Number(std::int64_t value);
  static Number FromUnsigned(std::uint64_t value);
  // The exact integer where it is one of 64 bits, otherwise the shortest decimal text, as go-cty has it. ToDouble
  // gives back the same double. Answers InvalidArgument for NaN.
  static absl::StatusOr<Number> FromDouble(double value);
  // Reads decimal text with optional sign, fraction and exponent, also "inf" and "Inf" with optional sign.
  // Answers InvalidArgument for anything else and for magnitudes beyond 1e100000 and 1e-100000.
  static absl::StatusOr<Number> Parse(std::string_view text);

  // Normal form; "Inf" and "-Inf" for the infinities.
  const std::string& text() const { return text_; }
  bool is_infinite() const;
  bool is_integer() const;
  // nullopt where it is no integer or out of range.
  std::optional<std::int64_t> ToInt64() const;
  // The nearest double.
  double ToDouble() const;
  // Whether it is a double to the last bit: it came from one, or its text is the exact value of one.
  bool IsExactDouble() const;
  // The text without an exponent, however long that is.
  std::string ToPlain() const;

  friend bool operator==(const Number& a, const Number& b) { return a.text_ == b.text_; }
  // By numeric value.
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);

 private:
  explicit Number(std::string normal_form) : text_(std::move(normal_form)) {}
  std::string text_ = "0";
  // What FromDouble got, where the text is a shortened form of it; 0 for any other number. A fraction has to go
  // back to the host as the same double. Plays no part in comparisons.
  double origin_ = 0;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_NUMBER_H_
