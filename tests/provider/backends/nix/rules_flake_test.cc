// Environments that come as flakes, fetched by the Nix that is installed.

#include <string>

#include "gmock/gmock.h"
#include "tests/provider/backends/nix/own_store.h"
#include "tests/provider/backends/nix/rules_fixture.h"

namespace fediversity::nix {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ResourceRulesTest, AFlakeIsFetchedAndItsLockedReferenceTold) {
  OwnStore const store(folder());
  Write("flake/flake.nix", "{ outputs = _: { }; }");
  Write("flake/default.nix", "{ offer.dns_record_set.max_ttl = 10; }");
  std::string const reference = Cat({"path:", folder(), "/flake"});

  auto rules = Rules(reference);
  EXPECT_THAT(Lines(Judge(*rules, kGood).errors), ElementsAre(EndsWith(" @" + reference + "/default.nix:1")));
  auto const notices = rules->Notices(limits());
  ASSERT_TRUE(notices.ok()) << notices.status();
  ASSERT_THAT(*notices, SizeIs(1));
  EXPECT_THAT((*notices)[0],
              AllOf(HasSubstr("may name something else tomorrow"), HasSubstr("narHash=sha256-")));

  // The reference that was told names the same, and nothing else.
  std::size_t const quote = (*notices)[0].find('"');
  std::string const locked = (*notices)[0].substr(quote + 1, (*notices)[0].rfind('"') - quote - 1);
  auto pinned = Rules(locked);
  EXPECT_FALSE(Judge(*pinned, kGood).ok());
  EXPECT_THAT(*pinned->Notices(limits()), IsEmpty());

  auto missing = Rules(Cat({"path:", folder(), "/nothing"}));
  auto const verdict = missing->Judge(kRecordSet, kGood, limits());
  EXPECT_TRUE(absl::IsFailedPrecondition(verdict.status()));
  EXPECT_THAT(std::string(verdict.status().message()), HasSubstr("Cannot fetch the flake"));
}

TEST_F(ResourceRulesTest, AnEnvironmentImportsModulesOfTheInputsOfItsFlake) {
  OwnStore const store(folder());
  // A file of an input that is no flake, a module that another flake gives, and one that imports a third.
  Write("files/limit.nix", "{ offer.dns_record_set.max_ttl = 10; }");
  Write("policies/flake.nix", "{ outputs = { self }: { module = ./module.nix; }; }");
  Write("policies/module.nix", "{ imports = [ ./parts/names.nix ]; }");
  Write(
      "policies/parts/names.nix",
      "{ rules.dns_record_set.names = { request, ... }: { path = [ \"name\" ]; holds = false; message = \"No.\"; }; }");
  Write("environment/flake.nix", Cat({"{ inputs.policies.url = \"path:", folder(),
                                      "/policies\"; inputs.files = { url = \"path:", folder(),
                                      "/files\"; flake = false; }; outputs = _: { }; }"}));
  Write("environment/default.nix",
        "{ inputs, ... }: { imports = [ \"${inputs.files}/limit.nix\" inputs.policies.module ./own.nix ]; }");
  Write("environment/own.nix", "{ offer.dns_record_set.allowed_types = [ \"AAAA\" ]; }");
  auto rules = Rules(Cat({"path:", folder(), "/environment"}));
  EXPECT_THAT(
      Lines(Judge(*rules, kGood).errors),
      ::testing::UnorderedElementsAre(AllOf(HasSubstr("ttl: "), EndsWith("/limit.nix:1")),
                                      AllOf(HasSubstr("name: No."), EndsWith("/parts/names.nix:1")),
                                      AllOf(HasSubstr("type: "), EndsWith("/environment/own.nix:1"))));
  auto const notices = rules->Notices(limits());
  ASSERT_TRUE(notices.ok()) << notices.status();
  EXPECT_THAT(*notices, ElementsAre(HasSubstr("may name something else tomorrow"),
                                    HasSubstr("does not lock its inputs")));
}

TEST_F(ResourceRulesTest, AnotherInputIsAnotherSetOfRules) {
  OwnStore const store(folder());
  Write("environment/flake.nix", Cat({"{ inputs.files = { url = \"path:", folder(),
                                      "/files\"; flake = false; }; outputs = _: { }; }"}));
  Write("environment/default.nix", "{ inputs, ... }: { imports = [ \"${inputs.files}/limit.nix\" ]; }");
  RulesSettings settings{.environment = Cat({"path:", folder(), "/environment"}), .evaluator = Settings()};
  settings.evaluator.cache = true;
  for (int limit : {10, 1000, 10}) {
    Write("files/limit.nix", Cat({"{ offer.dns_record_set.max_ttl = ", std::to_string(limit), "; }"}));
    ResourceRules rules(settings, Variables(), Logger());
    EXPECT_EQ(Judge(rules, kGood).ok(), limit == 1000);
  }
}

}  // namespace
}  // namespace fediversity::nix
