#include "provider/backends/proxmox/text/option_value.h"

#include <gtest/gtest.h>

namespace fediversity::proxmox {
namespace {

TEST(OptionValueTest, BooleansHaveMoreThanOneName) {
  for (const char* const yes : {"1", "on", "ON", "yes", "True"}) EXPECT_EQ(ParseBool(yes), true) << yes;
  for (const char* const no : {"0", "off", "No", "false"}) EXPECT_EQ(ParseBool(no), false) << no;
  for (const char* const other : {"", "2", "enabled", "1 "})
    EXPECT_EQ(ParseBool(other), std::nullopt) << other;
}

TEST(OptionValueTest, NumbersAreComparedByValue) {
  for (const char* const text : {"50", "050", "50.0", "50.00"}) {
    EXPECT_EQ(ComparableValue(Form::kNumber, text, false), "50") << text;
  }
  EXPECT_EQ(ComparableValue(Form::kNumber, "0.50", false), "0.5");
  EXPECT_EQ(ComparableValue(Form::kInteger, "000", false), "0");
  for (const char* const text : {"", ".", "1.", ".5", "-1", "1.2.3", "x"}) {
    EXPECT_EQ(ComparableValue(Form::kNumber, text, false), text);
  }
}

TEST(OptionValueTest, WhatIsNoneOfTheFormIsItself) {
  EXPECT_EQ(ComparableValue(Form::kBool, "perhaps", false), "perhaps");
  EXPECT_EQ(ComparableValue(Form::kSize, "much", false), "much");
  EXPECT_EQ(ComparableValue(Form::kUrlEncoded, "%4", false), "%4");
  EXPECT_EQ(ComparableValue(Form::kMaybeBase64, "!!", true), "!!");
  EXPECT_EQ(ComparableValue(Form::kMaybeBase64, "QQ==", false), "QQ==");
  EXPECT_EQ(ComparableValue(Form::kMaybeBase64, "QQ==", true), "A");
}

TEST(OptionValueTest, TheServerPrintsBooleansAndSizesInOneWay) {
  EXPECT_EQ(PrintedValue(Form::kBool, "off"), "0");
  EXPECT_EQ(PrintedValue(Form::kSize, "1024M"), "1G");
  EXPECT_EQ(PrintedValue(Form::kText, "on"), "on");
}

}  // namespace
}  // namespace fediversity::proxmox
