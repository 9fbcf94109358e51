#ifndef FEDIVERSITY_PROVIDER_WIRE_DECIMAL_H_
#define FEDIVERSITY_PROVIDER_WIRE_DECIMAL_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::wire {

// The parts of a decimal number: +-digits * 10^exponent. What Number's text is made from and read into.
// `digits` has neither leading nor trailing zeros; zero has none at all, and no sign.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;

  // Plain forms longer than this keep an exponent in the normal form.
  static constexpr std::int64_t kLongestPlain = 500;
  static constexpr std::int64_t kLargestExponent = 100'000;

  // Optional sign, digits with an optional point, optional exponent. Answers InvalidArgument for anything
  // else and for a first digit beyond the power of ten +-kLargestExponent.
  static absl::StatusOr<Decimal> Parse(std::string_view text);
  // Of text that NormalForm() made.
  static Decimal FromNormalForm(std::string_view text);
  // The fewest digits within half a step of 53 bits of the finite double `value`. That is how go-cty prints
  // one, by Go's big.Float; strconv and to_chars differ for subnormals and powers of two.
  static Decimal Shortest(double value);
  // Whether normal form `text` names the finite number `value` without any rounding.
  static bool IsExactly(std::string_view text, double value);

  std::string NormalForm() const;
  // Without an exponent, however long.
  std::string Plain() const;
  // The power of ten of the first digit.
  std::int64_t LeadingExponent() const { return exponent + static_cast<std::int64_t>(digits.size()) - 1; }
  std::strong_ordering CompareMagnitude(const Decimal& other) const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_DECIMAL_H_
