// What the `proxmox` attribute and the environment come to.

#include "provider/config/proxmox_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "provider/schema/diagnostics.h"

namespace fediversity::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Variables = std::map<std::string, std::string>;
using Block = schema::Value<ProxmoxBlock>;

Environment EnvironmentOf(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

ProxmoxBlock On(std::vector<std::string> endpoints) {
  ProxmoxBlock block;
  schema::List<std::string> list;
  for (std::string& endpoint : endpoints) list.emplace_back(std::move(endpoint));
  block.endpoints = std::move(list);
  return block;
}

ProxmoxBlock WithToken() {
  ProxmoxBlock block = On({"https://pve1:8006"});
  block.api_token = "root@pam!tofu=obviously-fake";
  return block;
}

// The settings, which there have to be.
proxmox::Settings Resolved(const Block& block, const Variables& variables = {}) {
  std::string unknown;
  auto const settings = ResolveProxmox(block, EnvironmentOf(variables), unknown);
  EXPECT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(unknown, "");
  if (!settings.ok() || !settings->has_value()) {
    ADD_FAILURE() << "there are no settings";
    return {};
  }
  return **settings;
}

std::string Failure(const Block& block, const Variables& variables = {}) {
  std::string unknown;
  return std::string(ResolveProxmox(block, EnvironmentOf(variables), unknown).status().message());
}

std::string TokenOf(const proxmox::Settings& settings) {
  const auto* const token = std::get_if<proxmox::ApiToken>(&settings.credentials);
  return token == nullptr ? "" : token->text.Reveal();
}

TEST(ProxmoxSettingsTest, NothingConfiguredIsNoService) {
  std::string unknown;
  auto const settings = ResolveProxmox({}, EnvironmentOf({{"PROXMOX_VE_API_TOKEN", "x"}}), unknown);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_FALSE(settings->has_value());
}

TEST(ProxmoxSettingsTest, EnvironmentAloneIsEnough) {
  proxmox::Settings const settings = Resolved({}, {{"PROXMOX_VE_ENDPOINT", "https://pve1:8006/"},
                                                   {"PROXMOX_VE_API_TOKEN", "root@pam!tofu=x"},
                                                   {"PROXMOX_VE_INSECURE", "true"}});
  EXPECT_THAT(settings.endpoints, ElementsAre("https://pve1:8006/"));
  EXPECT_EQ(TokenOf(settings), "root@pam!tofu=x");
  EXPECT_TRUE(settings.tls.insecure);
}

TEST(ProxmoxSettingsTest, BlockGoesBeforeTheEnvironment) {
  ProxmoxBlock block = WithToken();
  block.endpoints = On({"https://pve1:8006", "https://pve2:8006"}).endpoints;
  block.ca_file = "pve.pem";
  block.timeout = "5s";
  proxmox::Settings const settings = Resolved(block, {{"PROXMOX_VE_ENDPOINT", "https://other:8006"},
                                                      {"PROXMOX_VE_API_TOKEN", "other"},
                                                      {"PROXMOX_VE_USERNAME", "root@pam"},
                                                      {"PROXMOX_VE_INSECURE", "true"}});
  EXPECT_THAT(settings.endpoints, ElementsAre("https://pve1:8006", "https://pve2:8006"));
  EXPECT_EQ(TokenOf(settings), "root@pam!tofu=obviously-fake");
  EXPECT_EQ(settings.tls.ca_file, "pve.pem");
  EXPECT_FALSE(settings.tls.insecure) << "whoever names an authority wants certificates verified";
  EXPECT_EQ(settings.timeout, absl::Seconds(5));
}

TEST(ProxmoxSettingsTest, DefaultsAreThoseOfTheDocumentation) {
  proxmox::Settings const settings = Resolved(WithToken());
  EXPECT_FALSE(settings.tls.insecure);
  EXPECT_EQ(settings.tls.ca_file, "");
  EXPECT_EQ(settings.timeout, absl::Seconds(60));
}

TEST(ProxmoxSettingsTest, AUserLogsInWithAPasswordOfEitherSource) {
  ProxmoxBlock block = On({"https://pve1:8006"});
  block.username = "ops@pve";
  proxmox::Settings settings =
      Resolved(block, {{"PROXMOX_VE_PASSWORD", "obviously-fake"}, {"PROXMOX_VE_API_TOKEN", "not this"}});
  auto const* login = std::get_if<proxmox::Login>(&settings.credentials);
  ASSERT_NE(login, nullptr);
  EXPECT_EQ(login->username, "ops@pve");
  EXPECT_EQ(login->password.Reveal(), "obviously-fake");
  settings = Resolved(On({"https://pve1:8006"}),
                      {{"PROXMOX_VE_USERNAME", "ops@pve"}, {"PROXMOX_VE_PASSWORD", "obviously-fake"}});
  login = std::get_if<proxmox::Login>(&settings.credentials);
  ASSERT_NE(login, nullptr);
  EXPECT_EQ(login->username, "ops@pve");
}

TEST(ProxmoxSettingsTest, ATicketOfTheEnvironmentServes) {
  proxmox::Settings const settings =
      Resolved(On({"https://pve1:8006"}),
               {{"PROXMOX_VE_AUTH_TICKET", "PVE:x"}, {"PROXMOX_VE_CSRF_PREVENTION_TOKEN", "csrf"}});
  auto const* const ticket = std::get_if<proxmox::Ticket>(&settings.credentials);
  ASSERT_NE(ticket, nullptr);
  EXPECT_EQ(ticket->ticket.Reveal(), "PVE:x");
  EXPECT_EQ(ticket->csrf_token.Reveal(), "csrf");
}

TEST(ProxmoxSettingsTest, WhatDoesNotAddUpIsRefused) {
  EXPECT_THAT(Failure(ProxmoxBlock{}), HasSubstr("No endpoint of Proxmox"));
  EXPECT_THAT(Failure(On({"https://pve1:8006"})), HasSubstr("No credentials for Proxmox"));
  EXPECT_THAT(Failure({}, {{"PROXMOX_VE_ENDPOINT", "https://pve1:8006"}}),
              HasSubstr("No credentials for Proxmox"));
  ProxmoxBlock half = On({"https://pve1:8006"});
  half.username = "root@pam";
  EXPECT_THAT(Failure(half), HasSubstr("PROXMOX_VE_PASSWORD"));
  half = On({"https://pve1:8006"});
  half.password = "obviously-fake";
  EXPECT_THAT(Failure(half), HasSubstr("PROXMOX_VE_USERNAME"));
  EXPECT_THAT(Failure(half), Not(HasSubstr("obviously-fake")));
  ProxmoxBlock both = WithToken();
  both.username = "root@pam";
  EXPECT_THAT(Failure(both), HasSubstr("Two ways to log in"));
  EXPECT_THAT(Failure(WithToken(), {{"PROXMOX_VE_INSECURE", "perhaps"}}),
              HasSubstr("neither true nor false"));
}

TEST(ProxmoxSettingsTest, WhatIsNotKnownYetIsNamed) {
  auto named = [](ProxmoxBlock block) {
    std::string unknown;
    auto const settings = ResolveProxmox(Block(std::move(block)), EnvironmentOf({}), unknown);
    EXPECT_TRUE(settings.ok()) << settings.status();
    return unknown;
  };
  ProxmoxBlock block = WithToken();
  block.api_token = schema::Value<std::string>::Unknown();
  EXPECT_EQ(named(block), "proxmox.api_token");
  block = WithToken();
  block.endpoints = schema::List<std::string>{schema::Value<std::string>::Unknown()};
  EXPECT_EQ(named(block), "proxmox.endpoints");
  block = WithToken();
  block.insecure = schema::Value<bool>::Unknown();
  EXPECT_EQ(named(block), "proxmox.insecure");
  std::string unknown;
  ASSERT_TRUE(ResolveProxmox(Block::Unknown(), EnvironmentOf({}), unknown).ok());
  EXPECT_EQ(unknown, "proxmox");
}

}  // namespace
}  // namespace fediversity::config
