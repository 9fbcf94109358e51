#include "provider/config/garage_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

namespace fediversity::config {
namespace {

using ::testing::HasSubstr;

using Variables = std::map<std::string, std::string>;

class GarageSettingsTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::optional<garage::Settings>> Resolve(const schema::Value<GarageBlock>& block,
                                                          const Variables& variables = {}) {
    unknown_.clear();
    Environment const environment = [&variables](const std::string& name) -> std::optional<std::string> {
      auto const found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    };
    return ResolveGarage(block, environment, unknown_);
  }

  static GarageBlock Full() {
    GarageBlock block;
    block.endpoint = "https://garage.example";
    block.token = "t0";
    block.s3_endpoint = "https://s3.example";
    block.region = "nl";
    block.ca_file = "ca.pem";
    block.timeout = "5s";
    return block;
  }

  std::string unknown_;
};

TEST_F(GarageSettingsTest, TheBlockComesBeforeTheEnvironment) {
  auto const settings = Resolve(Full(), {{"GARAGE_ENDPOINT", "http://other"},
                                         {"GARAGE_TOKEN", "other"},
                                         {"GARAGE_S3_ENDPOINT", "http://other"},
                                         {"GARAGE_REGION", "other"}});
  ASSERT_TRUE(settings.ok()) << settings.status();
  ASSERT_TRUE(settings->has_value());
  EXPECT_EQ((*settings)->endpoint, "https://garage.example");
  EXPECT_EQ((*settings)->token.Reveal(), "t0");
  EXPECT_EQ((*settings)->s3_endpoint, "https://s3.example");
  EXPECT_EQ((*settings)->region, "nl");
  EXPECT_EQ((*settings)->tls.ca_file, "ca.pem");
  EXPECT_EQ((*settings)->timeout, absl::Seconds(5));
  EXPECT_FALSE((*settings)->tls.insecure);
}

TEST_F(GarageSettingsTest, TheEnvironmentStandsIn) {
  auto const settings = Resolve({}, {{"GARAGE_ENDPOINT", "http://[::1]:3903"}, {"GARAGE_TOKEN", "t1"}});
  ASSERT_TRUE(settings.ok()) << settings.status();
  ASSERT_TRUE(settings->has_value());
  EXPECT_EQ((*settings)->endpoint, "http://[::1]:3903");
  EXPECT_EQ((*settings)->token.Reveal(), "t1");
  EXPECT_EQ((*settings)->s3_endpoint, "");
  EXPECT_EQ((*settings)->region, "garage");
}

TEST_F(GarageSettingsTest, VariablesOfOtherProvidersAreUnderstood) {
  struct Case {
    Variables variables;
    std::string endpoint;
  };
  for (const Case& c :
       {Case{{{"GARAGE_HOST", "g.example:3903"}}, "https://g.example:3903"},
        Case{{{"GARAGE_HOST", "g.example:3903"}, {"GARAGE_SCHEME", "http"}}, "http://g.example:3903"},
        Case{{{"GARAGE_HOST", "http://g.example"}, {"GARAGE_SCHEME", "https"}}, "http://g.example"},
        Case{{{"GARAGE_ENDPOINT", ""}, {"GARAGE_HOST", "g"}}, "https://g"}}) {
    Variables variables = c.variables;
    variables["GARAGE_ADMIN_TOKEN"] = "t2";
    auto const settings = Resolve({}, variables);
    ASSERT_TRUE(settings.ok()) << settings.status();
    ASSERT_TRUE(settings->has_value());
    EXPECT_EQ((*settings)->endpoint, c.endpoint);
    EXPECT_EQ((*settings)->token.Reveal(), "t2");
  }
}

TEST_F(GarageSettingsTest, WithoutAnEndpointThereIsNoGarage) {
  EXPECT_EQ(*Resolve({}), std::nullopt);
  EXPECT_EQ(*Resolve({}, {{"GARAGE_TOKEN", "t"}}), std::nullopt);
  EXPECT_EQ(*Resolve({}, {{"GARAGE_ENDPOINT", "http://g"}}), std::nullopt);
  auto const block = Resolve(GarageBlock{});
  EXPECT_TRUE(absl::IsInvalidArgument(block.status()));
  EXPECT_THAT(std::string(block.status().message()), HasSubstr("No endpoint of Garage"));
  GarageBlock without_token = Full();
  without_token.token = {};
  EXPECT_THAT(std::string(Resolve(without_token).status().message()), HasSubstr("No token for Garage"));
}

TEST_F(GarageSettingsTest, WhatIsNotKnownYetIsNamed) {
  GarageBlock block = Full();
  block.token = schema::Value<std::string>::Unknown();
  EXPECT_EQ(*Resolve(block), std::nullopt);
  EXPECT_EQ(unknown_, "garage.token");
  EXPECT_EQ(*Resolve(schema::Value<GarageBlock>::Unknown()), std::nullopt);
  EXPECT_EQ(unknown_, "garage");
}

}  // namespace
}  // namespace fediversity::config
