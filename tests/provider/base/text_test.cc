#include "provider/base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fediversity {
namespace {

TEST(CatTest, JoinsPiecesInOrder) {
  std::string const owned = "zone";
  EXPECT_EQ(Cat({owned, " ", std::string_view("example.org"), ""}), "zone example.org");
  EXPECT_EQ(Cat({}), "");
}

TEST(CatTest, KeepsNulBytes) { EXPECT_EQ(Cat({std::string_view("a\0b", 3), "c"}), std::string("a\0bc", 4)); }

TEST(JoinTest, PutsTheSeparatorBetweenItemsOnly) {
  EXPECT_EQ(Join(std::vector<std::string>{"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(Join(std::vector<std::string>{"a"}, ", "), "a");
  EXPECT_EQ(Join(std::vector<std::string>{}, ", "), "");
}

TEST(AbslTest, ConvertsBothWays) {
  EXPECT_EQ(ToStd(ToAbsl("text")), "text");
  EXPECT_EQ(ToStd(ToAbsl(std::string_view())), "");
}

TEST(ValidUtf8Test, LeavesUtf8Alone) {
  for (std::string_view const text : {"", "plain", "Zürich", "\u0301", "\uFFFD", "🥣", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(ValidUtf8(text), text);
  }
  EXPECT_EQ(ValidUtf8(std::string_view("\0", 1)), std::string("\0", 1));
}

TEST(ValidUtf8Test, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(ValidUtf8("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(ValidUtf8("\x80"), "\uFFFD") << "continuation without a lead";
  EXPECT_EQ(ValidUtf8("\xC3"), "\uFFFD") << "cut short";
  EXPECT_EQ(ValidUtf8("\xE2\x82z"), "\uFFFD\uFFFDz") << "cut short before an ASCII letter";
  EXPECT_EQ(ValidUtf8("\xC0\x80"), "\uFFFD\uFFFD") << "overlong NUL";
  EXPECT_EQ(ValidUtf8("\xE0\x80\xAF"), "\uFFFD\uFFFD\uFFFD") << "overlong slash";
  EXPECT_EQ(ValidUtf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "surrogate";
  EXPECT_EQ(ValidUtf8("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD") << "above U+10FFFF";
}

TEST(ValidUtf8Test, IsStable) {
  std::string const once = ValidUtf8("\xE2\x82\x41\xF0\x9F\xA5");
  EXPECT_EQ(ValidUtf8(once), once);
}

}  // namespace
}  // namespace fediversity
