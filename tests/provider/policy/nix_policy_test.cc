// Verdicts of the rules, on the Nix that is installed, as the user gets them.

#include "provider/policy/nix_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "provider/base/text.h"
#include "provider/base/unknown_setting.h"
#include "tests/provider/backends/nix/nix_fixture.h"
#include "tests/support/diagnostics.h"

namespace fediversity::policy {
namespace {

using fediversity::testing::ErrorOn;
using fediversity::testing::WarningOn;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The name of a type that has rules, with a secret and an attribute that takes a default.
schema::Table MakeRecordSetTable() {
  schema::Table table{.name = "fediversity_dns_record_set", .doc = "Records."};
  table.rows = {
      {.name = "zone", .doc = "Zone.", .required = true},
      {.name = "ttl",
       .doc = "TTL.",
       .optional = true,
       .computed = true,
       .initial = wire::Value::Int(3600),
       .type = wire::Type::Number()},
      {.name = "records", .doc = "Data.", .required = true, .type = wire::Type::Set(wire::Type::String())},
      {.name = "token", .doc = "Secret.", .optional = true, .sensitive = true}};
  EXPECT_TRUE(table.Finish().ok());
  return table;
}

class NixPolicyTest : public nix::NixTest {
 protected:
  void Use(std::string_view environment) { UseFile(Write("rules/environment.nix", environment)); }
  void UseFile(std::string environment) {
    rules_.Fill(std::make_shared<nix::ResourceRules>(
        nix::RulesSettings{.environment = std::move(environment), .evaluator = Settings()}, Variables(),
        Logger()));
  }
  static wire::Value Config(const wire::Value& ttl, std::string_view token = "") {
    return wire::Value::Map({{"zone", wire::Value::String("example.org")},
                             {"ttl", ttl},
                             {"records", wire::Value::Set({wire::Value::String("203.0.113.9")})},
                             {"token", token.empty() ? wire::Value::Null() : wire::Value::String(token)}});
  }
  schema::Judgement Judge(const wire::Value& config, bool planning = true) {
    schema::Attributes otherwise;
    if (config.Find("ttl")->is_null()) otherwise.emplace_back("ttl", wire::Value::Int(3600));
    return policy_.Judge({.table = table_, .config = config, .otherwise = otherwise, .planning = planning},
                         cancel());
  }

  schema::Table const table_ = MakeRecordSetTable();
  Slot<nix::ResourceRules> rules_{absl::FailedPreconditionError("not in use")};
  NixPolicy policy_{rules_};
};

TEST_F(NixPolicyTest, FindingsAreOnTheirAttributesWithThePlaceOfTheRule) {
  Use("{\n  offer.dns_record_set.max_ttl = 60;\n  rules.dns_record_set.odd = { request, ... }: {\n    path = [ \"records\" 0 ];\n"
      "    holds = false;\n    message = \"Hm.\";\n    warning = true;\n  };\n}\n");
  auto const judgement = Judge(Config(wire::Value::Int(61)));
  std::string const place = Cat({"It is set in ", folder(), "/rules/environment.nix:"});
  EXPECT_THAT(judgement.diagnostics.list(),
              ElementsAre(ErrorOn("ttl", "Refused by the hosting provider's rules",
                                  Cat({"limit of 60.\n\n", place, "2."})),
                          WarningOn("records", "Warning", Cat({"Hm.\n\n", place, "6."}))));
  // The plan warns.
  EXPECT_THAT(Judge(Config(wire::Value::Int(61)), /*planning=*/false).diagnostics.list(), SizeIs(1));
}

TEST_F(NixPolicyTest, WhatTheTypesRefuseHasNoPlaceOfOurs) {
  UseFile("");
  auto const judgement = Judge(Config(wire::Value::Int(-1)));
  ASSERT_THAT(judgement.diagnostics.list(), ElementsAre(ErrorOn("ttl", "Refused", "integer between")));
  EXPECT_EQ(judgement.diagnostics.list()[0].detail.find("It is set in"), std::string::npos);
}

TEST_F(NixPolicyTest, TheDefaultOfTheTableIsHeldAgainstTheRules) {
  Use("{ offer.dns_record_set.max_ttl = 60; }");
  EXPECT_THAT(Judge(Config(wire::Value::Null())).diagnostics.list(),
              ElementsAre(ErrorOn("ttl", "Refused", "3600")));
  Use("{ offer.dns_record_set.max_ttl = 60; defaults.dns_record_set.ttl = 30; }");
  auto const judgement = Judge(Config(wire::Value::Null()));
  EXPECT_THAT(judgement.diagnostics.list(), IsEmpty());
  ASSERT_THAT(judgement.defaults, SizeIs(1));
  EXPECT_EQ(judgement.defaults[0].first.ToString(), "ttl");
  EXPECT_EQ(judgement.defaults[0].second, wire::Value::Int(30));
}

TEST_F(NixPolicyTest, ADefaultThatIsNotKnownYetIsUnknown) {
  Use("{ defaults.dns_record_set.ttl = { request, ... }: builtins.stringLength request.zone; }");
  wire::Value config = Config(wire::Value::Null());
  config.Set("zone", wire::Value::Unknown());
  auto const judgement = Judge(config);
  EXPECT_THAT(judgement.diagnostics.list(), IsEmpty());
  ASSERT_THAT(judgement.defaults, SizeIs(1));
  EXPECT_TRUE(judgement.defaults[0].second.is_unknown());
}

TEST_F(NixPolicyTest, ADefaultOfTheWrongKindIsAnError) {
  Use("{ defaults.dns_record_set.ttl = \"x\"; }");
  EXPECT_THAT(Judge(Config(wire::Value::Null())).diagnostics.list(),
              ElementsAre(ErrorOn("ttl", "Refused", "The environment's default is wrong"),
                          ErrorOn("ttl", "Unusable default", "is no number")));
}

TEST_F(NixPolicyTest, SecretsAreNotPassedOn) {
  Use("{ rules.dns_record_set.leak = { request, ... }: { holds = false; message = \"It is ${request.token}.\"; }; }");
  EXPECT_THAT(Judge(Config(wire::Value::Int(5), "hunter2")).diagnostics.list(), IsEmpty());
}

TEST_F(NixPolicyTest, WhatConcernsAllIsToldOnceForEachSetOfRules) {
  for (int run = 0; run < 2; ++run) {
    Use("{ offer.dns_record_set.max_ttl = \"x\"; offers = 1; }");
    EXPECT_THAT(
        Judge(Config(wire::Value::Int(5))).diagnostics.list(),
        ::testing::UnorderedElementsAre(ErrorOn("", "Mistake in the hosting provider's rules", "max_ttl"),
                                        ErrorOn("", "Mistake in the hosting provider's rules", "offers")));
    EXPECT_THAT(Judge(Config(wire::Value::Int(6))).diagnostics.list(), IsEmpty());
  }
  UseFile(folder() + "/nothing.nix");
  EXPECT_THAT(Judge(Config(wire::Value::Int(5))).diagnostics.list(),
              ElementsAre(ErrorOn("", "There is no file", "")));
  EXPECT_THAT(Judge(Config(wire::Value::Int(6))).diagnostics.list(), IsEmpty());
  Set("PATH", folder());
  UseFile("");
  EXPECT_THAT(Judge(Config(wire::Value::Int(5))).diagnostics.list(),
              ElementsAre(ErrorOn("", "Nix was not found", "enabled = false")));
  EXPECT_THAT(Judge(Config(wire::Value::Int(6))).diagnostics.list(), IsEmpty());
}

TEST_F(NixPolicyTest, WithoutRulesItSaysNothing) {
  EXPECT_THAT(Judge(Config(wire::Value::Int(-1))).diagnostics.list(), IsEmpty());
}

TEST_F(NixPolicyTest, SettingsThatAreNotKnownYetLeaveDefaultsOpen) {
  rules_.Refuse(
      [setting = std::make_shared<UnknownSetting>("nix.environment")] { return setting->ToStatus(); });
  EXPECT_THAT(Judge(Config(wire::Value::Null()), /*planning=*/false).defaults, IsEmpty());
  EXPECT_THAT(Judge(Config(wire::Value::Null()), /*planning=*/false).diagnostics.list(), IsEmpty());
  auto const judgement = Judge(Config(wire::Value::Null()));
  EXPECT_THAT(
      judgement.diagnostics.list(),
      ElementsAre(WarningOn("", "The hosting provider's rules are not known yet", "`nix.environment`")));
  ASSERT_THAT(judgement.defaults, SizeIs(1));
  EXPECT_TRUE(judgement.defaults[0].second.is_unknown());
  EXPECT_THAT(Judge(Config(wire::Value::Int(5))).diagnostics.list(), IsEmpty());
}

}  // namespace
}  // namespace fediversity::policy
