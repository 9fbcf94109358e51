#include "provider/wire/number.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace fediversity::wire {
namespace {

Number Parse(std::string_view text) {
  absl::StatusOr<Number> number = Number::Parse(text);
  EXPECT_TRUE(number.ok()) << text << ": " << number.status();
  return number.ok() ? *number : Number();
}

Number FromDouble(double value) {
  absl::StatusOr<Number> number = Number::FromDouble(value);
  EXPECT_TRUE(number.ok()) << value;
  return number.ok() ? *number : Number();
}

TEST(NumberTest, BringsTextIntoNormalForm) {
  std::vector<std::pair<std::string, std::string>> const cases = {
      {"0", "0"},
      {"-0", "0"},
      {"+0", "0"},
      {"0.000", "0"},
      {"0e999999999999", "0"},
      {"007", "7"},
      {"+5", "5"},
      {"-5", "-5"},
      {"1.50", "1.5"},
      {"1.0", "1"},
      {"5.", "5"},
      {".5", "0.5"},
      {"-.5", "-0.5"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"1.5e1", "15"},
      {"15e-1", "1.5"},
      {"1e-3", "0.001"},
      {"0.0010", "0.001"},
      {"100e-2", "1"},
      {"123.456e1", "1234.56"},
      {"1e05", "100000"},
      {"12345678901234567890", "12345678901234567890"},
      {"0.10000000000000000000000000001", "0.10000000000000000000000000001"},
  };
  for (const auto& [text, normal] : cases) EXPECT_EQ(Parse(text).text(), normal) << text;
}

TEST(NumberTest, KeepsAnExponentOnlyWhereThePlainFormIsLong) {
  EXPECT_EQ(Parse("1e499").text(), "1" + std::string(499, '0'));
  EXPECT_EQ(Parse("1e500").text(), "1e500");
  EXPECT_EQ(Parse("1e4000").text(), "1e4000");
  EXPECT_EQ(Parse("-12.5e4000").text(), "-1.25e4001");
  EXPECT_EQ(Parse("1e-600").text(), "1e-600");
  EXPECT_EQ(Parse("1e4000").ToPlain(), "1" + std::string(4000, '0'));
  EXPECT_EQ(Parse("-1.25e-600").ToPlain(), "-0." + std::string(599, '0') + "125");
  EXPECT_EQ(Parse("1" + std::string(4000, '0')), Parse("1e4000"));
}

TEST(NumberTest, RefusesWhatIsNoNumber) {
  for (std::string_view const text : std::vector<std::string_view>{"",      " ",
                                                                   " 1",    "1 ",
                                                                   "abc",   "NaN",
                                                                   "0x10",  "1_000",
                                                                   "1,5",   ".",
                                                                   "-",     "+",
                                                                   "--1",   "+-1",
                                                                   "1e",    "1e+",
                                                                   "1e+-5", "1e5.",
                                                                   "1.5.5", "e5",
                                                                   "INF",   "infinity",
                                                                   "inf ",  "1f",
                                                                   "1p5",   std::string_view("1\0", 2)}) {
    EXPECT_EQ(Number::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(NumberTest, RefusesExponentsThatWouldFillMemory) {
  EXPECT_TRUE(Number::Parse("1e100000").ok());
  EXPECT_TRUE(Number::Parse("1e-100000").ok());
  EXPECT_FALSE(Number::Parse("1e100001").ok());
  EXPECT_FALSE(Number::Parse("1e-100001").ok());
  EXPECT_FALSE(Number::Parse("12e100000").ok()) << "whose normal form would have to be 1.2e100001";
  EXPECT_TRUE(Number::Parse("0.0012e100003").ok());
  EXPECT_FALSE(Number::Parse("1e99999999999999999999").ok());
  EXPECT_FALSE(Number::Parse("1e-99999999999999999999").ok());
}

TEST(NumberTest, HoldsInfinities) {
  for (std::string_view const text : {"inf", "Inf", "+Inf"}) EXPECT_EQ(Parse(text).text(), "Inf") << text;
  EXPECT_EQ(Parse("-inf").text(), "-Inf");
  EXPECT_TRUE(Parse("inf").is_infinite());
  EXPECT_FALSE(Parse("inf").is_integer());
  EXPECT_FALSE(Parse("inf").ToInt64().has_value());
  EXPECT_EQ(Parse("-inf").ToDouble(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(FromDouble(std::numeric_limits<double>::infinity()), Parse("inf"));
  EXPECT_FALSE(Number::FromDouble(std::nan("")).ok());
}

TEST(NumberTest, KnowsTheBordersOfInt64) {
  EXPECT_EQ(Number(std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
  EXPECT_EQ(Parse("9223372036854775807").ToInt64(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(Parse("-9223372036854775808").ToInt64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(Parse("9223372036854775808").ToInt64().has_value());
  EXPECT_FALSE(Parse("-9223372036854775809").ToInt64().has_value());
  EXPECT_FALSE(Parse("1e600").ToInt64().has_value());
  EXPECT_FALSE(Parse("0.5").ToInt64().has_value());
  EXPECT_EQ(Number::FromUnsigned(std::numeric_limits<std::uint64_t>::max()).text(), "18446744073709551615");
}

TEST(NumberTest, TellsIntegersFromFractions) {
  for (std::string_view const text : {"0", "-7", "1e3", "1.5e1", "1e4000", "1.25e4000"}) {
    EXPECT_TRUE(Parse(text).is_integer()) << text;
  }
  for (std::string_view const text : {"0.5", "-1.5", "1e-4000", "1.25e-600"}) {
    EXPECT_FALSE(Parse(text).is_integer()) << text;
  }
  EXPECT_FALSE(Parse("1." + std::string(600, '3')).is_integer());
}

TEST(NumberTest, ConvertsToTheNearestDouble) {
  EXPECT_EQ(Parse("0.1").ToDouble(), 0.1);
  EXPECT_EQ(Parse("9007199254740993").ToDouble(), 9007199254740992.0);
  EXPECT_EQ(Parse("1e308").ToDouble(), 1e308);
  EXPECT_EQ(Parse("1e309").ToDouble(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(Parse("-1e4000").ToDouble(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(Parse("1e-400").ToDouble(), 0.0);
  EXPECT_EQ(Parse("5e-324").ToDouble(), std::numeric_limits<double>::denorm_min());
}

TEST(NumberTest, KnowsWhichTextIsADoubleToTheLastBit) {
  for (std::string_view const text : {"0", "0.5", "-0.25", "0.00000095367431640625", "1e22", "123456789.5",
                                      "8.67361737988403547205962240695953369140625e-19"}) {
    EXPECT_TRUE(Parse(text).IsExactDouble()) << text;
  }
  for (std::string_view const text :
       {"0.1", "3.14", "0.10000000149011612", "1e23", "9007199254740993", "1e400", "1e-400",
        "0.5000000000000000000000000000001", "0.25000000000000005", "123456789012345678901234567890.5"}) {
    EXPECT_FALSE(Parse(text).IsExactDouble()) << text;
  }
}

TEST(NumberTest, WritesDoublesShortest) {
  EXPECT_EQ(FromDouble(0.1).text(), "0.1");
  EXPECT_EQ(FromDouble(-0.0).text(), "0");
  EXPECT_EQ(FromDouble(1e23).text(), "1" + std::string(23, '0'));
  EXPECT_EQ(FromDouble(static_cast<double>(0.1F)).text(), "0.10000000149011612");
  // Integers of 64 bits are exact: 4611686018427388000 would be shorter.
  EXPECT_EQ(FromDouble(4611686018427387904.0).text(), "4611686018427387904");
  // As go-cty: 53 bits of precision also below the normal range.
  EXPECT_EQ(FromDouble(5e-324), Parse("4.940656458412465e-324"));
  EXPECT_EQ(FromDouble(std::ldexp(1.0, -44)), Parse("5.684341886080801e-14"));
}

TEST(NumberTest, ReturnsTheVeryDoubleItCameFrom) {
  for (double const value : {0.1, 1.0 / 3, 5e-324, std::ldexp(1.0, -44), std::ldexp(1.0, -1022), 1e300, -2.5,
                             1e22, -std::ldexp(1.0, 158)}) {
    Number const number = FromDouble(value);
    EXPECT_EQ(number.ToDouble(), value);
    if (!number.is_integer()) {
      EXPECT_TRUE(number.IsExactDouble()) << value;
    }
    EXPECT_EQ(number, Parse(number.text())) << "where it came from plays no part";
  }
}

TEST(NumberTest, OrdersByValue) {
  std::vector<std::string> const sorted = {"-Inf",    "-1e4000", "-1000",  "-999.5", "-10",  "-9",  "-1.5",
                                           "-1e-600", "0",       "1e-600", "1e-599", "0.09", "0.1", "0.11",
                                           "0.5",     "9",       "9.5",    "10",     "99",   "100", "100.5",
                                           "1e600",   "2e600",   "1e4000", "Inf"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(Parse(sorted[i]) <=> Parse(sorted[j]), i <=> j) << sorted[i] << " and " << sorted[j];
    }
  }
}

}  // namespace
}  // namespace fediversity::wire
