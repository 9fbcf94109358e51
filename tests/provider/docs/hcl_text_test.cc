#include "provider/docs/hcl_text.h"

#include "gtest/gtest.h"

namespace fediversity::docs {
namespace {

TEST(HclTextTest, QuotesWhatWouldEndOrInterpolateText) {
  EXPECT_EQ(QuoteText(""), R"("")");
  EXPECT_EQ(QuoteText(R"(say "hi" \ back)"), R"("say \"hi\" \\ back")");
  EXPECT_EQ(QuoteText("${a} %{b} $ % $"), R"("$${a} %%{b} $ % $")");
  EXPECT_EQ(QuoteText("$${a}"), R"("$$${a}")");
  EXPECT_EQ(QuoteText("a\nb\r\tc"), R"("a\nb\r\tc")");
}

TEST(HclTextTest, EscapesWhatCannotBeSeen) {
  EXPECT_EQ(QuoteText(std::string_view("\0\x1b\x7f", 3)), R"("\u0000\u001b\u007f")");
  EXPECT_EQ(QuoteText("\u202eabc\u202c\u200d\ufeff"), R"("\u202eabc\u202c\u200d\ufeff")");
  EXPECT_EQ(QuoteText("\u0301a\n\u0301\u0308b"), "\"\\u0301a\\n\\u0301\\u0308b\"");
  EXPECT_EQ(QuoteText("Grüße 😀"), "\"Grüße 😀\"");
  EXPECT_EQ(QuoteText("\xff"), "\"\uFFFD\"");
}

TEST(HclTextTest, WritesKeysPlainlyWhereTheyAreNames) {
  EXPECT_EQ(WriteKey("scsi0"), "scsi0");
  EXPECT_EQ(WriteKey("a-b_c"), "a-b_c");
  EXPECT_EQ(WriteKey("_x"), "_x");
  EXPECT_EQ(WriteKey(""), R"("")");
  EXPECT_EQ(WriteKey("0a"), R"("0a")");
  EXPECT_EQ(WriteKey("-a"), R"("-a")");
  EXPECT_EQ(WriteKey("a.b"), R"("a.b")");
  EXPECT_EQ(WriteKey("${x}"), R"("$${x}")");
  for (const char* const word : {"for", "true", "false", "null"}) EXPECT_EQ(WriteKey(word), QuoteText(word));
}

TEST(HclTextTest, KeepsEveryColumnOfAKeyToOneCodePoint) {
  EXPECT_EQ(WriteKey("e\u0301q\u0301"), "\"e\\u0301q\\u0301\"");
  EXPECT_EQ(WriteKey("\n\u0301\x01\u0301"), "\"\\n\\u0301\\u0001\\u0301\"");
  EXPECT_EQ(WriteKey("\u0301"), "\"\\u0301\"");
  EXPECT_EQ(WriteKey("👍🏽"), "\"👍\\U0001f3fd\"");
  EXPECT_EQ(KeyColumns("plain"), 5U);
  EXPECT_EQ(KeyColumns("\"größe\""), 7U);
}

TEST(HclTextTest, MakesNamesOfAnyText) {
  Names taken;
  EXPECT_EQ(LocalName("www.example.org A", taken), "www_example_org_a");
  EXPECT_EQ(LocalName("WWW.example.org. A", taken), "www_example_org_a_2");
  EXPECT_EQ(LocalName("www example org a", taken), "www_example_org_a_3");
  EXPECT_EQ(LocalName("7 PTR", taken), "_7_ptr");
  EXPECT_EQ(LocalName("_dmarc TXT", taken), "_dmarc_txt");
  EXPECT_EQ(LocalName("Bücher Straße é", taken), "bucher_strasse_e");
  EXPECT_EQ(LocalName("*", taken), "unnamed");
  EXPECT_EQ(LocalName("日本", taken), "unnamed_2");
  EXPECT_EQ(LocalName("", taken), "unnamed_3");
  EXPECT_EQ(taken.size(), 9U);
}

TEST(HclTextTest, NeverGivesANameTwice) {
  Names taken = {"a", "a_2"};
  EXPECT_EQ(LocalName("a", taken), "a_3");
  EXPECT_EQ(LocalName("a_3", taken), "a_3_2");
}

}  // namespace
}  // namespace fediversity::docs
