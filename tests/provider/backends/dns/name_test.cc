#include "provider/backends/dns/name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace fediversity::dns {
namespace {

using ::testing::HasSubstr;

Name N(std::string_view text) { return *Name::ParseAbsolute(text); }

TEST(NameTest, RelativeNamesAreJoinedToTheZone) {
  Name const zone = N("example.org");
  EXPECT_EQ(Name::Parse("www", zone)->ToText(), "www.example.org.");
  EXPECT_EQ(Name::Parse("a.b", zone)->ToText(), "a.b.example.org.");
  EXPECT_EQ(Name::Parse("@", zone)->ToText(), "example.org.");
  EXPECT_EQ(Name::Parse("www.example.net.", zone)->ToText(), "www.example.net.");
  EXPECT_EQ(Name::Parse(".", zone)->ToText(), ".");
  EXPECT_EQ(Name::Parse("www", Name())->ToText(), "www.");
}

TEST(NameTest, AbsoluteNamesNeedNoDot) {
  EXPECT_EQ(N("example.org"), N("EXAMPLE.org."));
  EXPECT_EQ(N("example.org").wire(), std::string("\7example\3org\0", 13));
  EXPECT_FALSE(Name::ParseAbsolute("@").ok());
}

TEST(NameTest, EscapesStandForOctets) {
  Name const name = N(R"(a\.b.c\032d\000.\@.x\\y)");
  EXPECT_EQ(name.wire(), std::string("\3a.b\4c d\0\1@\3x\\y\0", 16));
  EXPECT_EQ(name.ToText(), R"(a\.b.c\032d\000.\@.x\\y.)");
  EXPECT_EQ(N(name.ToText()), name);
}

TEST(NameTest, ShowsItselfAsUsersWriteIt) {
  Name const zone = N("example.org");
  EXPECT_EQ(N("www.example.org").ToTextWithin(zone), "www");
  EXPECT_EQ(zone.ToTextWithin(zone), "@");
  EXPECT_EQ(N("www.example.net").ToTextWithin(zone), "www.example.net.");
  EXPECT_EQ(N("example.org").ToPlainText(), "example.org");
  EXPECT_EQ(Name().ToPlainText(), ".");
  EXPECT_EQ(N("www.org").ToTextWithin(Name()), "www.org");
}

TEST(NameTest, InternationalLabelsBecomeALabels) {
  Name const zone = N("example.org");
  EXPECT_EQ(Name::Parse("bücher", zone)->ToText(), "xn--bcher-kva.example.org.");
  EXPECT_EQ(Name::Parse("BÜCHER", zone)->ToText(), "xn--bcher-kva.example.org.");
  EXPECT_EQ(Name::Parse("bu\xCC\x88"
                        "cher",
                        zone)
                ->ToText(),
            "xn--bcher-kva.example.org.")
      << "decomposed";
  EXPECT_EQ(Name::Parse("straße", zone)->ToText(), "xn--strae-oqa.example.org.");
  EXPECT_EQ(Name::Parse("*.bücher", zone)->ToText(), "*.xn--bcher-kva.example.org.");
  EXPECT_EQ(Name::Parse("_sip._tcp.bücher", zone)->ToText(), "_sip._tcp.xn--bcher-kva.example.org.");
  EXPECT_EQ(Name::Parse("例え.テスト", zone)->ToText(), "xn--r8jz45g.xn--zckzah.example.org.");
}

struct Bad {
  std::string text;
  std::string why;
};

class BadNameTest : public ::testing::TestWithParam<Bad> {};

TEST_P(BadNameTest, IsRefusedWithTheReason) {
  absl::StatusOr<Name> const name = Name::Parse(GetParam().text, N("example.org"));
  ASSERT_FALSE(name.ok()) << name->ToText();
  EXPECT_EQ(name.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(name.status().message()), HasSubstr(GetParam().why));
}

std::string LongName() {
  std::string name;
  for (int i = 0; i < 5; ++i) name += std::string(62, 'a') + ".";
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Names, BadNameTest,
    ::testing::Values(Bad{"", "empty"}, Bad{"a..b", "empty label"}, Bad{".a", "empty label"},
                      Bad{"..", "empty label"}, Bad{"a b", "backslash"}, Bad{"a;b", "backslash"},
                      Bad{"a\"b", "backslash"}, Bad{"a\nb", "backslash"}, Bad{R"(a\)", "escapes nothing"},
                      Bad{R"(a\12)", "three digits"}, Bad{R"(a\256)", "over \\255"},
                      Bad{std::string(64, 'a'), "63 octets"}, Bad{LongName(), "255 octets"},
                      Bad{"\xFF\xFE", "IDN"}, Bad{"ü\\000", "do not mix"}, Bad{"a。b", "another script"},
                      Bad{std::string("ü\0", 3), "control characters"}));

TEST(NameTest, KnowsWhatIsWithinAZone) {
  EXPECT_TRUE(N("www.example.org").IsWithin(N("example.org")));
  EXPECT_TRUE(N("example.org").IsWithin(N("example.org")));
  EXPECT_TRUE(N("example.org").IsWithin(Name()));
  EXPECT_FALSE(N("badexample.org").IsWithin(N("example.org")));
  EXPECT_FALSE(N("org").IsWithin(N("example.org")));
  EXPECT_FALSE(N("example.org").IsBelow(N("example.org")));
  // Octets that look like the zone's wire form inside a label are none.
  EXPECT_FALSE(N(R"(x\007example\003org)").IsWithin(N("example.org")));
}

TEST(NameTest, SortsAsDnssecDoes) {
  // The example of RFC 4034, 6.1.
  std::vector<std::string> const sorted = {"example",           "a.example",      "yljkjljk.a.example",
                                           "Z.a.example",       "zABC.a.EXAMPLE", "z.example",
                                           R"(\001.z.example)", "*.z.example",    R"(\200.z.example)"};
  std::vector<Name> names;
  names.reserve(sorted.size());
  for (const std::string& text : sorted) names.push_back(N(text));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(N("z.a.example"), N("Z.A.example"));
}

TEST(NameTest, TakesWireFormThatIsWholeOnly) {
  EXPECT_EQ(Name::FromWire(std::string_view("\3WWW\3org\0", 9))->ToText(), "www.org.");
  for (std::string_view const bad :
       {std::string_view(""), std::string_view("\3www", 4), std::string_view("\0\0", 2),
        std::string_view("\100a\0", 3), std::string_view("\300\0", 2)}) {
    EXPECT_FALSE(Name::FromWire(bad).ok());
  }
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += std::string("\1a", 2);
  EXPECT_TRUE(Name::FromWire(longest + '\0').ok());
  EXPECT_FALSE(Name::FromWire("\1a" + longest + '\0').ok());
}

TEST(NameTest, Parent) {
  EXPECT_EQ(N("www.example.org").Parent(), N("example.org"));
  EXPECT_EQ(Name().Parent(), Name());
}

}  // namespace
}  // namespace fediversity::dns
