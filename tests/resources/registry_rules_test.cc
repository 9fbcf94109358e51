// Every resource type against the library of rules in Nix: each has its module, and what HCL gives arrives there
// unchanged, or is refused with the attribute at fault.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "provider/backends/backends.h"
#include "provider/backends/nix/library.h"
#include "provider/backends/nix/nix_json.h"
#include "provider/backends/nix/resource_rules.h"
#include "provider/base/text.h"
#include "provider/policy/configuration_json.h"
#include "provider/wire/json.h"
#include "resources/all.h"
#include "tests/provider/backends/nix/nix_fixture.h"
#include "tests/support/plan_oracle/random_value.h"

namespace fediversity::resources {
namespace {

constexpr std::string_view kPrefix = "fediversity_";

// Makes the innermost attribute null that holds what `path` leads to.
void TakeOut(wire::Value& config, const wire::Path& path) {
  wire::Value* at = &config;
  wire::Value* holder = nullptr;
  std::string attribute;
  for (const wire::Path::Step& step : path.steps()) {
    const auto* const name = std::get_if<wire::Path::Attribute>(&step);
    const auto* const key = std::get_if<wire::Path::Key>(&step);
    if ((name == nullptr && key == nullptr) || at == nullptr || at->kind() != wire::Value::Kind::kMap) break;
    if (name != nullptr) {
      holder = at;
      attribute = name->name;
    }
    at = at->FindMutable(name != nullptr ? name->name : key->key);
  }
  if (holder != nullptr) holder->Set(attribute, wire::Value::Null());
}

class RegistryRulesTest : public nix::NixTest {
 protected:
  Backends backends_;
  std::vector<std::unique_ptr<schema::AnyResource>> resources_ = All(backends_);
};

TEST_F(RegistryRulesTest, EveryTypeHasItsModule) {
  for (const auto& resource : resources_) {
    EXPECT_TRUE(nix::ResourceRules::Knows(resource->table().name))
        << "there is no nix/resources/" << resource->table().name.substr(kPrefix.size()) << ".nix";
  }
}

TEST_F(RegistryRulesTest, WhatIsGivenArrivesUnchangedOrIsRefusedOnItsAttribute) {
  // A rule that tells what it was given.
  std::string environment = "{\n";
  for (const auto& resource : resources_) {
    environment += Cat(
        {"  rules.", resource->table().name.substr(kPrefix.size()),
         ".echo = { request, ... }: { holds = false; warning = true; message = builtins.toJSON request; };\n"});
  }
  nix::ResourceRules rules(
      {.environment = Write("rules/environment.nix", environment + "}\n"), .evaluator = Settings()},
      Variables(), Logger());
  for (const auto& resource : resources_) {
    const schema::Table& table = resource->table();
    int arrived = 0;
    int refused = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
      SCOPED_TRACE(Cat({table.name, ", seed ", std::to_string(seed)}));
      oracle::Random random(seed);
      wire::Value config = oracle::RandomConfig(random, table);
      // What is refused is taken out, until the rest arrives.
      for (int round = 0; round < 10; ++round) {
        std::string const given = policy::ConfigurationJson(table, config);
        auto const verdict = rules.Judge(table.name, given, limits());
        ASSERT_TRUE(verdict.ok()) << verdict.status() << "\n" << given;
        ASSERT_TRUE(verdict->environment_errors.empty()) << verdict->environment_errors.front().message;
        wire::Value rest = config;
        for (const nix::Finding& finding : verdict->errors) {
          wire::Path const path = policy::ToPath(table, finding.path);
          EXPECT_NE(path.Resolve(config), nullptr) << path.ToString() << ": " << finding.message << "\n"
                                                   << given;
          EXPECT_FALSE(path.empty()) << finding.message;
          EXPECT_FALSE(finding.message.empty());
          TakeOut(rest, path);
        }
        if (!verdict->errors.empty()) {
          ++refused;
          config = std::move(rest);
          continue;
        }
        // Where a part is held back, the rule cannot tell the whole.
        if (given.find(nix::kUnknownJson) != std::string::npos) break;
        ++arrived;
        ASSERT_EQ(verdict->warnings.size(), 1) << given;
        auto const told = wire::ParseJson(verdict->warnings.front().message);
        auto const expected = wire::ParseJson(given);
        ASSERT_TRUE(told.ok() && expected.ok());
        EXPECT_TRUE(*told == *expected) << given << "\n" << verdict->warnings.front().message;
        break;
      }
    }
    EXPECT_GT(arrived, 0) << table.name;
    EXPECT_GT(refused, 0) << table.name;
    RecordProperty(table.name,
                   Cat({std::to_string(arrived), " arrived, ", std::to_string(refused), " refused"}));
  }
}

}  // namespace
}  // namespace fediversity::resources
