// The user's spelling stays in state as long as it means what the server holds.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "resources/dns/record_set_model.h"

namespace fediversity::resources {
namespace {

DnsRecordSet Model(std::string type, const std::vector<std::string>& records) {
  DnsRecordSet model;
  model.zone = "example.test";
  model.name = "www";
  model.type = std::move(type);
  model.ttl = 300;
  schema::Set<std::string> set;
  for (const std::string& record : records) set.items.emplace_back(record);
  model.records = std::move(set);
  model.adopt = false;
  return model;
}

// What a read answers for `model` before anybody looks at how it was spelled.
DnsRecordSet AsServerHasIt(const DnsRecordSet& model) {
  auto const set = RecordSetOf(model);
  EXPECT_TRUE(set.ok()) << set.status();
  return WithServerValues(model, *set);
}

struct Spelling {
  std::string type;
  std::string text;
  std::string canonical;
};

void PrintTo(const Spelling& spelling, std::ostream* out) { *out << spelling.type << " " << spelling.text; }

class SpellingTest : public ::testing::TestWithParam<Spelling> {};

TEST_P(SpellingTest, OfTheUserIsKept) {
  const Spelling& spelling = GetParam();
  DnsRecordSet const user = Model(spelling.type, {spelling.text});
  DnsRecordSet fresh = AsServerHasIt(user);
  ASSERT_EQ(fresh.records->items.size(), 1U);
  EXPECT_EQ(*fresh.records->items[0], spelling.canonical);
  KeepRecordSpelling(user, fresh);
  EXPECT_EQ(*fresh.records->items[0], spelling.text);
}

INSTANTIATE_TEST_SUITE_P(
    Records, SpellingTest,
    ::testing::Values(Spelling{"AAAA", "2001:DB8:0:0::1", "2001:db8::1"},
                      Spelling{"AAAA", "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
                      Spelling{"A", "\\# 4 C0000201", "192.0.2.1"},
                      Spelling{"MX", "10 mail", "10 mail.example.test."},
                      Spelling{"MX", "10   mail.example.test.", "10 mail.example.test."},
                      Spelling{"MX", "010 @", "10 example.test."},
                      Spelling{"CNAME", "bücher.example.", "xn--bcher-kva.example."},
                      Spelling{"TXT", "v=spf1 -all", "\"v=spf1 -all\""},
                      Spelling{"TXT", "\"v=spf1 -all\"", "\"v=spf1 -all\""},
                      Spelling{"TXT", "\"a\"    \"b\"", "\"a\" \"b\""},
                      Spelling{"TXT", "\"Gr\\195\\188n\"", "\"Gr\\195\\188n\""},
                      Spelling{"CAA", "0 issue ca.example.org", "0 issue \"ca.example.org\""},
                      Spelling{"HTTPS", "1 . port=8443 alpn=\"h2,h3\"", "1 . alpn=h2,h3 port=8443"},
                      Spelling{"SSHFP",
                               "4 2 00112233 44556677 8899AABBCCDDEEFF 00112233445566778899AABBCCDDEEFF",
                               "4 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
                      Spelling{"CERT", "PKIX 7 RSASHA256 AQID", "1 7 8 AQID"},
                      Spelling{"CSYNC", "66 3 NS AAAA A", "66 3 A NS AAAA"},
                      Spelling{"EUI48", "00-00-5E-00-53-2A", "00-00-5e-00-53-2a"},
                      Spelling{"TYPE65280", "\\# 4 00 01 02 FF", "\\# 4 000102ff"}));

TEST(KeepSpellingTest, NamesMayStandInAnyCaseAndForm) {
  DnsRecordSet user = Model("a", {"192.0.2.1"});
  user.zone = "Example.TEST.";
  user.name = "WWW.example.test.";
  DnsRecordSet fresh = Model("A", {"192.0.2.1"});
  KeepRecordSpelling(user, fresh);
  EXPECT_EQ(*fresh.zone, "Example.TEST.");
  EXPECT_EQ(*fresh.name, "WWW.example.test.");
  EXPECT_EQ(*fresh.type, "a");
}

TEST(KeepSpellingTest, CaseOfNamesInRecordsIsTheUsers) {
  DnsRecordSet const user = Model("CNAME", {"Target"});
  DnsRecordSet fresh = Model("CNAME", {"target.example.test."});
  KeepRecordSpelling(user, fresh);
  EXPECT_EQ(*fresh.records->items[0], "Target");
}

TEST(KeepSpellingTest, OnlyWhatMeansTheSameIsRespelled) {
  DnsRecordSet const user = Model("MX", {"10 mail", "20 backup"});
  DnsRecordSet fresh = Model("MX", {"10 mail.example.test.", "30 backup.example.test."});
  fresh.ttl = 60;
  KeepRecordSpelling(user, fresh);
  EXPECT_EQ(*fresh.records->items[0], "10 mail");
  EXPECT_EQ(*fresh.records->items[1], "30 backup.example.test.");
  EXPECT_EQ(*fresh.ttl, 60);
}

TEST(KeepSpellingTest, TextIsNotFoldedInCase) {
  DnsRecordSet const user = Model("TXT", {"Token"});
  DnsRecordSet fresh = Model("TXT", {"\"token\""});
  KeepRecordSpelling(user, fresh);
  EXPECT_EQ(*fresh.records->items[0], "\"token\"");
}

TEST(KeepSpellingTest, OneStringIsNotTwo) {
  DnsRecordSet const user = Model("TXT", {"\"a\" \"b\""});
  DnsRecordSet fresh = Model("TXT", {"\"ab\""});
  KeepRecordSpelling(user, fresh);
  EXPECT_EQ(*fresh.records->items[0], "\"ab\"");
}

TEST(KeepSpellingTest, AnotherZoneTypeOrNameStandsAsItIs) {
  DnsRecordSet const user = Model("MX", {"10 mail"});
  DnsRecordSet other_zone = Model("MX", {"10 mail.example.test."});
  other_zone.zone = "example.org";
  KeepRecordSpelling(user, other_zone);
  EXPECT_EQ(*other_zone.zone, "example.org");
  EXPECT_EQ(*other_zone.records->items[0], "10 mail.example.test.");
  DnsRecordSet other_type = Model("KX", {"10 mail.example.test."});
  KeepRecordSpelling(user, other_type);
  EXPECT_EQ(*other_type.type, "KX");
  EXPECT_EQ(*other_type.records->items[0], "10 mail.example.test.");
  DnsRecordSet other_name = Model("MX", {"10 mail.example.test."});
  other_name.name = "web";
  KeepRecordSpelling(user, other_name);
  EXPECT_EQ(*other_name.name, "web");
}

TEST(KeepSpellingTest, UnknownAndUnreadablePartsAreLeftAlone) {
  DnsRecordSet user = Model("MX", {"10 mail"});
  user.records->items.push_back(schema::Value<std::string>::Unknown());
  user.records->items.emplace_back("unreadable");
  DnsRecordSet fresh = Model("MX", {"10 mail.example.test.", "20 mail.example.test."});
  KeepRecordSpelling(user, fresh);
  EXPECT_EQ(*fresh.records->items[0], "10 mail");
  EXPECT_EQ(*fresh.records->items[1], "20 mail.example.test.");
  DnsRecordSet nothing_known;
  KeepRecordSpelling(nothing_known, fresh);
  EXPECT_EQ(*fresh.records->items[0], "10 mail");
  DnsRecordSet unknown = Model("MX", {"10 mail"});
  unknown.zone = schema::Value<std::string>::Unknown();
  KeepRecordSpelling(unknown, fresh);
  EXPECT_EQ(*fresh.zone, "example.test");
}

}  // namespace
}  // namespace fediversity::resources
