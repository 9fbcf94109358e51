// Configurations held against the rules that are built in and against environments, on the Nix that is
// installed.

#include "provider/backends/nix/resource_rules.h"

#include <filesystem>
#include <thread>

#include "gmock/gmock.h"
#include "provider/backends/nix/nix_json.h"
#include "provider/base/text.h"
#include "tests/provider/backends/nix/rules_fixture.h"

namespace fediversity::nix {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ResourceRulesTest, TheBuiltInEnvironmentAllowsWhatIsRight) {
  auto rules = Rules();
  Verdict const verdict = Judge(*rules, kGood);
  EXPECT_TRUE(verdict.ok()) << Join(Lines(verdict.errors), "\n");
  EXPECT_THAT(verdict.defaults, IsEmpty());
  EXPECT_THAT(verdict.warnings, IsEmpty());
}

TEST_F(ResourceRulesTest, AllMistakesAreToldAtOnce) {
  auto rules = Rules();
  Verdict const verdict = Judge(
      *rules,
      R"({"zone":"","name":5,"type":["A"],"ttl":-1,"records":["ok",7,{"a":1}],"adopt":"yes","timeouts":{"create":3,"x":1},"stray":{"a":["\u0000"]}})");
  EXPECT_THAT(Lines(verdict.errors),
              ::testing::UnorderedElementsAre(
                  "zone: Must be a value of type: non-empty string, not \"\".",
                  "name: Must be a value of type: non-empty string, not 5.",
                  "type: Must be a value of type: non-empty string, not [\"A\"].",
                  "ttl: Must be a value of type: integer between 0 and 2147483647 (both inclusive), not -1.",
                  "records[1]: Must be a value of type: string, not 7.",
                  "records[2]: Must be a value of type: string, not {\"a\":1}.",
                  "adopt: Must be a value of type: boolean, not \"yes\".",
                  "timeouts.create: Must be a value of type: string, not 3.",
                  "stray.a[0]: Holds a character that Nix cannot: U+0000."));
}

TEST_F(ResourceRulesTest, LimitsOfTheEnvironmentPointAtWhereTheyAreSet) {
  auto rules = RulesOf(R"({ lib, ... }:
{
  offer.dns_record_set = {
    max_ttl = 3600;
    min_ttl = lib.mkDefault 60;
    allowed_zones = [ "example.org" "*.example.net" ];
    allowed_types = [ "a" ];
    name_pattern = "[a-z]+";
    max_records = 1;
  };
})");
  EXPECT_TRUE(Judge(*rules, kGood).ok());
  Verdict const verdict =
      Judge(*rules, R"({"zone":"example.com","name":"web1","type":"MX","ttl":99999,"records":["a","b"]})");
  EXPECT_THAT(
      Lines(verdict.errors),
      ElementsAre(
          "zone: The environment allows no records in the zone `example.com`, only in: example.org, *.example.net. @" +
              Place(":6"),
          "type: The environment allows no records of the type `MX`, only of: a. @" + Place(":7"),
          "ttl: A TTL of 99999 seconds is above the environment's limit of 3600. @" + Place(":4"),
          "records: 2 records are more than the environment's limit of 1 in a set. @" + Place(":9"),
          "name: The environment allows only names that match `[a-z]+`, and `web1` does not. @" +
              Place(":8")));
  EXPECT_THAT(
      Lines(Judge(*rules, R"({"zone":"a.Example.NET.","name":"web","type":"A","ttl":5,"records":["a"]})")
                .errors),
      ElementsAre("ttl: A TTL of 5 seconds is below the environment's limit of 60. @" + Place(":5")));
}

TEST_F(ResourceRulesTest, DefaultsFillWhatIsLeftOut) {
  auto rules = RulesOf(R"({
  defaults.dns_record_set = {
    ttl = { request, offer }: if request.type == "A" then 120 else 240;
    adopt = true;
  };
})");
  Verdict const verdict = Judge(*rules, R"({"zone":"example.org","name":"web","type":"A","records":["a"]})");
  ASSERT_THAT(verdict.defaults, SizeIs(2));
  EXPECT_EQ(verdict.defaults[0].json, "true");
  EXPECT_EQ(verdict.defaults[1].json, "120");
  EXPECT_EQ(std::get<std::string>(verdict.defaults[1].path[0]), "ttl");
  EXPECT_THAT(
      Judge(*rules, R"({"zone":"z","name":"web","type":"A","ttl":1,"adopt":false,"records":["a"]})").defaults,
      IsEmpty());
}

TEST_F(ResourceRulesTest, DefaultsAreHeldAgainstTheRulesToo) {
  auto rules = RulesOf(R"({
  offer.dns_record_set.max_ttl = 60;
  defaults.dns_record_set = {
    ttl = 120;
    adopt = "yes";
  };
})");
  Verdict const verdict = Judge(*rules, R"({"zone":"example.org","name":"web","type":"A","records":["a"]})");
  EXPECT_THAT(
      Lines(verdict.errors),
      ElementsAre(
          "adopt: The environment's default is wrong: Must be a value of type: boolean, not \"yes\". @" +
              Place(":5"),
          "ttl: A TTL of 120 seconds is above the environment's limit of 60. @" + Place(":2")));
}

TEST_F(ResourceRulesTest, RulesOfTheEnvironmentForbidAndWarn) {
  auto rules = RulesOf(R"({ lib, ... }:
{
  rules.dns_record_set.naming =
    { request, ... }:
    {
      path = [ "name" ];
      holds = lib.hasPrefix "x-" request.name;
      message = "Names begin with x-.";
    };
  rules.dns_record_set.advice = { request, ... }: [
    { path = [ "ttl" ]; holds = request.ttl >= 600; message = "Short."; warning = true; }
    { path = [ "records" 0 ]; holds = false; message = "Never."; }
  ];
})");
  Verdict const verdict = Judge(*rules, kGood);
  EXPECT_THAT(Lines(verdict.errors), ElementsAre("records[0]: Never. @" + Place(":12"),
                                                 "name: Names begin with x-. @" + Place(":8")));
  EXPECT_THAT(Lines(verdict.warnings), ElementsAre("ttl: Short. @" + Place(":11")));
}

TEST_F(ResourceRulesTest, WhatIsUnknownIsNotJudgedAndTheRestIs) {
  auto rules = RulesOf(R"({ lib, ... }:
{
  offer.dns_record_set = { max_ttl = 60; allowed_zones = [ "example.org" ]; };
  defaults.dns_record_set.adopt = { request, ... }: request.name == "web";
  rules.dns_record_set.naming = { request, ... }: { path = [ "name" ]; holds = request.name == "x"; message = "No."; };
})");
  std::string const unknown(kUnknownJson);
  Verdict verdict = Judge(*rules, Cat({R"({"zone":)", unknown, R"(,"name":)", unknown,
                                       R"(,"type":"A","ttl":61,"records":["a",)", unknown, "]}"}));
  EXPECT_THAT(Lines(verdict.errors), ElementsAre(HasSubstr("ttl: A TTL of 61 seconds is above")));
  EXPECT_THAT(Lines(verdict.defaults), ElementsAre(Cat({"adopt = ", unknown})));
  verdict = Judge(*rules, Cat({R"({"zone":"example.com","name":"web","type":"A","ttl":)", unknown,
                               R"(,"records":)", unknown, "}"}));
  EXPECT_THAT(Lines(verdict.errors), ElementsAre(HasSubstr("zone: "), HasSubstr("name: No.")));
  ASSERT_THAT(verdict.defaults, SizeIs(1));
}

TEST_F(ResourceRulesTest, ModulesAreImportedAndMerged) {
  Write("rules/naming.nix",
        R"({ rules.dns_record_set.naming = { request, ... }: { holds = false; message = "No."; }; })");
  Write("rules/sub/limits.nix",
        R"({ offer.dns_record_set = builtins.fromJSON (builtins.readFile ./limits.json); })");
  Write("rules/sub/limits.json", R"({"max_ttl":10})");
  auto rules = RulesOf("{ imports = [ ./naming.nix ./sub/limits.nix ]; }");
  Verdict const verdict = Judge(*rules, kGood);
  EXPECT_THAT(Lines(verdict.errors),
              ElementsAre(HasSubstr("ttl: A TTL of 300 seconds is above the environment's limit of 10."),
                          ": No. @" + folder() + "/rules/naming.nix:1"));
}

TEST_F(ResourceRulesTest, AFolderIsAnEnvironment) {
  Write("rules/default.nix", "{ offer.dns_record_set.max_ttl = 1; }");
  auto rules = Rules(folder() + "/rules");
  EXPECT_THAT(Lines(Judge(*rules, kGood).errors),
              ElementsAre(EndsWith("@" + folder() + "/rules/default.nix:1")));
  auto without = Rules(folder() + "/cache");
  auto const verdict = without->Judge(kRecordSet, kGood, limits());
  EXPECT_THAT(std::string(verdict.status().message()), HasSubstr("no default.nix"));
}

TEST_F(ResourceRulesTest, MistakesInTheEnvironmentAreToldAtOnce) {
  Write("rules/more.nix", "{\n  offer.dns_record_set.min_ttl = -1;\n  offer.unknown.thing = 1;\n}\n");
  auto rules = RulesOf(R"({ lib, ... }:
{
  imports = [ ./more.nix ];
  offer.dns_record_set = {
    max_ttl = "long";
    allowed_zones = "example.org";
    maximum = 5;
    max_records = throw "no number yet";
  };
  apiVersion = 1;
  typo = true;
})");
  Verdict const verdict = Judge(*rules, kGood);
  EXPECT_THAT(verdict.errors, IsEmpty());
  EXPECT_THAT(Lines(verdict.environment_errors),
              ::testing::UnorderedElementsAre(
                  AllOf(HasSubstr("`offer.dns_record_set.max_ttl` must be a value of type: null or"),
                        HasSubstr("not \"long\""), EndsWith(Place(":5"))),
                  AllOf(HasSubstr("`offer.dns_record_set.allowed_zones` must be"), EndsWith(Place(":6"))),
                  AllOf(HasSubstr("no option `offer.dns_record_set.maximum`"), EndsWith(Place(":7"))),
                  AllOf(HasSubstr("`offer.dns_record_set.min_ttl` must be"), EndsWith("/rules/more.nix:2")),
                  AllOf(HasSubstr("`offer.dns_record_set.max_records` cannot be evaluated"),
                        HasSubstr("no number yet")),
                  AllOf(HasSubstr("no option `offer.unknown`"), EndsWith("/rules/more.nix:3")),
                  AllOf(HasSubstr("no option `typo`"), EndsWith(Place(":11")))));
  auto const checked = rules->CheckEnvironment(limits());
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_THAT(*checked, SizeIs(7));
}

TEST_F(ResourceRulesTest, ANewerEnvironmentIsNotMisunderstood) {
  auto rules = RulesOf("{ apiVersion = 2; }");
  EXPECT_THAT(Lines(Judge(*rules, kGood).environment_errors), ElementsAre(HasSubstr("Use a newer provider")));
}

TEST_F(ResourceRulesTest, ARuleThatFailsIsNamedWithWhatNixSays) {
  auto rules = RulesOf(R"({
  rules.dns_record_set.throwing =
    { request, ... }:
    {
      path = [ "name" ];
      holds = throw "no operator ${request.name}";
      message = "x";
    };
  rules.dns_record_set.odd = _: { holds = 5; message = "x"; };
  rules.dns_record_set.bare = _: "text";
  rules.dns_record_set.good = _: { holds = false; message = "Still judged."; };
})");
  Verdict const verdict = Judge(*rules, kGood);
  EXPECT_THAT(Lines(verdict.errors),
              ::testing::UnorderedElementsAre(
                  AllOf(HasSubstr("`rules.dns_record_set.throwing` cannot be evaluated"),
                        HasSubstr("no operator web")),
                  HasSubstr("`holds` is 5 and not true or false"),
                  HasSubstr("gave \"text\" where a check has"), HasSubstr("Still judged.")));
}

TEST_F(ResourceRulesTest, ARuleThatEndsTheEvaluationIsAnErrorWithItsPlace) {
  struct Ending {
    std::string_view body;
    std::string_view words;
  };
  for (Ending const& item :
       {Ending{"1 + { }", "(type error): cannot add a set"}, Ending{R"(abort "enough")", "(abort): "},
        Ending{"let x = x; in x", "(infinite recursion)"},
        Ending{"(let f = n: f (n + 1) + 1; in f 0)", "(stack overflow)"}}) {
    auto rules = RulesOf(Cat({"{\n  rules.dns_record_set.bad = _: {\n    holds = ", item.body,
                              ";\n    message = \"x\";\n  };\n}\n"}));
    Verdict const verdict = Judge(*rules, kGood);
    EXPECT_THAT(Lines(verdict.errors), ElementsAre(HasSubstr(std::string(item.words))));
    EXPECT_THAT(verdict.environment_errors, IsEmpty());
  }
}

TEST_F(ResourceRulesTest, AnEnvironmentThatIsNoNixIsAnErrorWithItsPlace) {
  auto rules = RulesOf("{\n  offer = ;\n}\n");
  Verdict const verdict = Judge(*rules, kGood);
  EXPECT_THAT(Lines(verdict.errors), ElementsAre(AllOf(HasSubstr("syntax error"), EndsWith(Place(":2")))));
}

TEST_F(ResourceRulesTest, AnEnvironmentReadsOnlyItsOwnFolder) {
  Write("outside.nix", "{ }");
  auto rules = RulesOf("{ imports = [ ../outside.nix ]; }");
  EXPECT_THAT(Lines(Judge(*rules, kGood).errors), ElementsAre(HasSubstr("(forbidden access)")));
  auto absolute = RulesOf(Cat({"{ imports = [ ", folder(), "/outside.nix ]; }"}));
  EXPECT_THAT(Lines(Judge(*absolute, kGood).errors), ElementsAre(HasSubstr("(forbidden access)")));
}

TEST_F(ResourceRulesTest, WhatIsEditedMeanwhileIsNotSeenInTheSamePlan) {
  auto rules = RulesOf("{ offer.dns_record_set.max_ttl = 10; }");
  EXPECT_FALSE(Judge(*rules, kGood).ok());
  Write("rules/environment.nix", "{ offer.dns_record_set.max_ttl = 10000; }");
  EXPECT_FALSE(Judge(*rules, R"({"zone":"z","name":"n","type":"A","ttl":301,"records":[]})").ok());
  std::filesystem::remove_all(folder() + "/rules");
  EXPECT_FALSE(Judge(*rules, R"({"zone":"z","name":"n","type":"A","ttl":302,"records":[]})").ok());
}

TEST_F(ResourceRulesTest, NumbersAndTextsThatNixCannotHoldAreRefused) {
  auto rules = Rules();
  Verdict const verdict = Judge(
      *rules, R"({"zone":"a\u0000b","name":"n","type":"A","ttl":123456789012345678901,"records":["a"]})");
  EXPECT_THAT(Lines(verdict.errors),
              ElementsAre("ttl: Is a number that Nix cannot hold exactly: 123456789012345678901.",
                          "zone: Holds a character that Nix cannot: U+0000."));
  EXPECT_TRUE(Judge(*rules, R"({"zone":"z","name":"n","type":"A","ttl":3e2,"records":["a"]})").ok());
  EXPECT_THAT(Lines(Judge(*rules, R"({"zone":"z","name":"n","type":"A","ttl":0.5,"records":["a"]})").errors),
              ElementsAre(EndsWith("not 0.5.")));
}

TEST_F(ResourceRulesTest, MissingFilesAndTypesAreStatuses) {
  auto missing = Rules(folder() + "/nothing.nix");
  EXPECT_TRUE(absl::IsNotFound(missing->Judge(kRecordSet, kGood, limits()).status()));
  auto rules = Rules();
  EXPECT_TRUE(absl::IsUnimplemented(rules->Judge("fediversity_nothing", "{}", limits()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(rules->Judge(kRecordSet, "{", limits()).status()));
  EXPECT_TRUE(ResourceRules::Knows(kRecordSet));
  EXPECT_TRUE(ResourceRules::Knows("dns_record_set"));
  EXPECT_FALSE(ResourceRules::Knows("default"));
}

TEST_F(ResourceRulesTest, TheCacheAnswersWithoutAProcessAndFollowsTheFiles) {
  RulesSettings settings{
      .environment = Write("rules/environment.nix", "{ offer.dns_record_set.max_ttl = 10; }"),
      .evaluator = Settings()};
  settings.evaluator.cache = true;
  for (int run = 0; run < 2; ++run) {
    ResourceRules rules(settings, Variables(), Logger());
    Verdict const verdict = Judge(rules, kGood);
    // Not where the first run kept its copy of the files.
    EXPECT_THAT(Lines(verdict.errors), ElementsAre(EndsWith(" @" + Place(":1"))));
    EXPECT_EQ(rules.counts().processes, run == 0 ? 1 : 0);
    EXPECT_EQ(rules.counts().from_cache, run == 0 ? 0 : 1);
  }
  Write("rules/environment.nix", "{ offer.dns_record_set.max_ttl = 1000; }");
  ResourceRules rules(settings, Variables(), Logger());
  EXPECT_TRUE(Judge(rules, kGood).ok());
  EXPECT_EQ(rules.counts().processes, 1);
}

TEST_F(ResourceRulesTest, WhatIsAskedTogetherIsAnsweredForEach) {
  // One of ten ends the evaluation that it is part of.
  auto rules = RulesOf(R"({
  rules.dns_record_set.bad = { request, ... }: {
    path = [ "name" ];
    holds = if request.ttl == 7 then abort "seven" else request.ttl < 5;
    message = "TTL ${toString request.ttl}.";
  };
})");
  std::vector<std::thread> threads;
  threads.reserve(10);
  for (int ttl = 0; ttl < 10; ++ttl) {
    threads.emplace_back([&, ttl] {
      Verdict const verdict =
          Judge(*rules, Cat({R"({"zone":"z","name":"n","type":"A","ttl":)", std::to_string(ttl), "}"}));
      if (ttl < 5) {
        EXPECT_TRUE(verdict.ok()) << ttl;
      } else if (ttl == 7) {
        EXPECT_THAT(Lines(verdict.errors), ElementsAre(HasSubstr("(abort)")));
      } else {
        EXPECT_THAT(Lines(verdict.errors), ElementsAre(HasSubstr(Cat({"TTL ", std::to_string(ttl)}))));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(ResourceRulesTest, AnInterruptOfOneCallerLeavesTheOthers) {
  auto rules = RulesOf(R"({
  rules.dns_record_set.slow = { request, ... }: {
    holds = builtins.foldl' (sum: n: sum + n) 0 (builtins.genList (n: n) (if request.ttl == 0 then 30000000 else 1)) >= 0;
    message = "x";
  };
})");
  EXPECT_TRUE(Judge(*rules, R"({"zone":"z","name":"n","type":"A","ttl":1})").ok());
  CancelToken interrupted;
  std::thread slow([&] {
    auto const verdict =
        rules->Judge(kRecordSet, R"({"zone":"z","name":"n","type":"A","ttl":0})", {interrupted});
    EXPECT_TRUE(absl::IsCancelled(verdict.status())) << verdict.status();
  });
  std::vector<std::thread> others;
  for (int ttl = 2; ttl < 6; ++ttl) {
    others.emplace_back([&, ttl] {
      EXPECT_TRUE(
          Judge(*rules, Cat({R"({"zone":"z","name":"n","type":"A","ttl":)", std::to_string(ttl), "}"})).ok());
    });
  }
  interrupted.Cancel();
  slow.join();
  for (std::thread& other : others) other.join();
}

}  // namespace
}  // namespace fediversity::nix
