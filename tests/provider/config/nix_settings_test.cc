// What the `nix` attribute and the environment come to.

#include "provider/config/nix_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fediversity::config {
namespace {

using Block = schema::Value<NixBlock>;

Environment Nothing() {
  return [](const std::string&) { return std::nullopt; };
}

TEST(NixSettingsTest, AreThereWithoutABlock) {
  std::string unknown;
  auto const settings = ResolveNix(Block(), Nothing(), unknown);
  ASSERT_TRUE(settings.ok() && settings->has_value());
  EXPECT_EQ((*settings)->environment, "");
  EXPECT_TRUE((*settings)->evaluator.cache);
  EXPECT_EQ((*settings)->evaluator.workers, 0);
}

TEST(NixSettingsTest, AreWhatTheBlockSays) {
  NixBlock block;
  block.environment = std::string("./environment.nix");
  block.nixpkgs = std::string("/srv/nixpkgs");
  block.workers = std::int64_t{3};
  block.cache = false;
  block.timeout = std::string("90s");
  std::string unknown;
  auto const settings = ResolveNix(Block(block), Nothing(), unknown);
  ASSERT_TRUE(settings.ok() && settings->has_value());
  EXPECT_EQ((*settings)->environment, "./environment.nix");
  EXPECT_EQ((*settings)->nixpkgs, "/srv/nixpkgs");
  EXPECT_EQ((*settings)->evaluator.workers, 3);
  EXPECT_FALSE((*settings)->evaluator.cache);
  EXPECT_EQ((*settings)->evaluator.limits.evaluation, absl::Seconds(90));
}

TEST(NixSettingsTest, TheEnvironmentStandsInForTheFile) {
  Environment const variables = [](const std::string& name) -> std::optional<std::string> {
    if (name == "FEDIVERSITY_NIX_ENVIRONMENT") return "/etc/environment.nix";
    return std::nullopt;
  };
  std::string unknown;
  EXPECT_EQ((*ResolveNix(Block(), variables, unknown))->environment, "/etc/environment.nix");
  NixBlock block;
  block.environment = std::string("own.nix");
  EXPECT_EQ((*ResolveNix(Block(block), variables, unknown))->environment, "own.nix");
}

TEST(NixSettingsTest, CanBeOff) {
  NixBlock block;
  block.enabled = false;
  std::string unknown;
  auto const settings = ResolveNix(Block(block), Nothing(), unknown);
  ASSERT_TRUE(settings.ok());
  EXPECT_FALSE(settings->has_value());
  EXPECT_EQ(unknown, "");
}

TEST(NixSettingsTest, WhatIsUnknownIsNamed) {
  NixBlock block;
  block.nixpkgs = schema::Value<std::string>::Unknown();
  std::string unknown;
  auto const settings = ResolveNix(Block(block), Nothing(), unknown);
  ASSERT_TRUE(settings.ok());
  EXPECT_FALSE(settings->has_value());
  EXPECT_EQ(unknown, "nix.nixpkgs");
}

}  // namespace
}  // namespace fediversity::config
