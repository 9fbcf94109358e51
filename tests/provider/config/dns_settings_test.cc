// What the `dns` attribute and the environment come to.

#include "provider/config/dns_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "provider/schema/diagnostics.h"

namespace fediversity::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Variables = std::map<std::string, std::string>;
using Block = schema::Value<DnsBlock>;

Environment EnvironmentOf(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

TsigBlock Key(const std::string& name, const std::string& secret) {
  TsigBlock key;
  key.name = name;
  key.secret = secret;
  return key;
}

DnsBlock OnServer(const std::string& server) {
  DnsBlock block;
  block.server = server;
  return block;
}

// The settings, which there have to be.
dns::Rfc2136Settings Resolved(const Block& block, const Variables& variables = {}) {
  std::string unknown;
  auto const settings = ResolveDns(block, EnvironmentOf(variables), unknown);
  EXPECT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(unknown, "");
  if (!settings.ok() || !settings->has_value()) {
    ADD_FAILURE() << "there are no settings";
    return {};
  }
  return **settings;
}

absl::Status Failure(const Block& block, const Variables& variables = {}) {
  std::string unknown;
  return ResolveDns(block, EnvironmentOf(variables), unknown).status();
}

TEST(DnsSettingsTest, NothingConfiguredIsNoService) {
  std::string unknown;
  auto const settings = ResolveDns({}, EnvironmentOf({}), unknown);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_FALSE(settings->has_value());
  EXPECT_EQ(unknown, "");
}

TEST(DnsSettingsTest, EnvironmentAloneIsEnough) {
  dns::Rfc2136Settings const settings = Resolved({}, {{"DNS_UPDATE_SERVER", "ns1.example.org"},
                                                      {"DNS_UPDATE_PORT", "5353"},
                                                      {"DNS_UPDATE_KEYNAME", "tofu."},
                                                      {"DNS_UPDATE_KEYALGORITHM", "hmac-sha512"},
                                                      {"DNS_UPDATE_KEYSECRET", "c2VjcmV0"},
                                                      {"DNS_UPDATE_TIMEOUT", "3s"}});
  EXPECT_EQ(settings.update.server, "ns1.example.org");
  EXPECT_EQ(settings.update.port, 5353);
  ASSERT_TRUE(settings.update.tsig.has_value());
  EXPECT_EQ(settings.update.tsig->name, "tofu.");
  EXPECT_EQ(settings.update.tsig->algorithm, "hmac-sha512");
  EXPECT_EQ(settings.update.tsig->secret.Reveal(), "c2VjcmV0");
  EXPECT_EQ(settings.timeout, absl::Seconds(3));
  EXPECT_FALSE(settings.transfer.has_value());
}

TEST(DnsSettingsTest, BlockGoesBeforeTheEnvironment) {
  DnsBlock block = OnServer("ns2.example.org");
  block.port = 54;
  block.timeout = "1m";
  block.tsig = Key("block", "YmxvY2s=");
  dns::Rfc2136Settings const settings = Resolved(block, {{"DNS_UPDATE_SERVER", "ns1.example.org"},
                                                         {"DNS_UPDATE_PORT", "nonsense"},
                                                         {"DNS_UPDATE_KEYNAME", "half a key"},
                                                         {"DNS_UPDATE_KEYALGORITHM", "hmac-sha512"},
                                                         {"DNS_UPDATE_TIMEOUT", "nonsense"}});
  EXPECT_EQ(settings.update.server, "ns2.example.org");
  EXPECT_EQ(settings.update.port, 54);
  EXPECT_EQ(settings.timeout, absl::Minutes(1));
  EXPECT_EQ(settings.update.tsig->name, "block");
  EXPECT_EQ(settings.update.tsig->algorithm, "hmac-sha256") << "one key is not made of two";
}

TEST(DnsSettingsTest, EnvironmentFillsInWhatTheBlockLeavesOut) {
  dns::Rfc2136Settings const settings =
      Resolved(OnServer("ns1"), {{"DNS_UPDATE_KEYNAME", "tofu"}, {"DNS_UPDATE_KEYSECRET", "c2VjcmV0"}});
  EXPECT_EQ(settings.update.tsig->name, "tofu");
  EXPECT_EQ(settings.update.tsig->algorithm, "hmac-sha256");
  DnsBlock key_only;
  key_only.tsig = Key("block", "YmxvY2s=");
  EXPECT_EQ(Resolved(key_only, {{"DNS_UPDATE_SERVER", "ns9"}}).update.server, "ns9");
}

TEST(DnsSettingsTest, DefaultsAreThoseOfTheDocumentation) {
  dns::Rfc2136Settings const settings = Resolved(OnServer("ns1"));
  EXPECT_EQ(settings.update.port, 53);
  EXPECT_EQ(settings.timeout, absl::Seconds(10));
  EXPECT_FALSE(settings.update.tsig.has_value());
  EXPECT_TRUE(settings.use_transfer);
}

TEST(DnsSettingsTest, VariablesThatAreSetToNothingCountAsUnset) {
  dns::Rfc2136Settings const settings = Resolved(OnServer("ns1"), {{"DNS_UPDATE_PORT", ""},
                                                                   {"DNS_UPDATE_KEYNAME", ""},
                                                                   {"DNS_UPDATE_KEYSECRET", ""},
                                                                   {"DNS_UPDATE_TIMEOUT", ""}});
  EXPECT_EQ(settings.update.port, 53);
  EXPECT_FALSE(settings.update.tsig.has_value());
  std::string unknown;
  auto const none = ResolveDns({}, EnvironmentOf({{"DNS_UPDATE_SERVER", ""}}), unknown);
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
}

TEST(DnsSettingsTest, BlockWithoutAServerSaysWhereOneIsTakenFrom) {
  absl::Status const status = Failure(DnsBlock{});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("DNS_UPDATE_SERVER"));
  EXPECT_EQ(schema::AttributeOf(status).ToString(), "dns");
}

TEST(DnsSettingsTest, HalfAKeyInTheEnvironmentIsAnError) {
  for (Variables const& half :
       {Variables{{"DNS_UPDATE_KEYNAME", "tofu"}}, Variables{{"DNS_UPDATE_KEYSECRET", "aHVudGVy"}}}) {
    absl::Status const status = Failure(OnServer("ns1"), half);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("DNS_UPDATE_KEYNAME and DNS_UPDATE_KEYSECRET"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("aHVudGVy")));
  }
}

TEST(DnsSettingsTest, PortOfTheEnvironmentHasToBeOne) {
  for (const char* const port : {"0", "65536", "-1", "53 ", "dns", "0x35", "5.3"}) {
    absl::Status const status = Failure(OnServer("ns1"), {{"DNS_UPDATE_PORT", port}});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << port;
    EXPECT_THAT(std::string(status.message()), HasSubstr("DNS_UPDATE_PORT is no port number"));
  }
  EXPECT_EQ(Resolved(OnServer("ns1"), {{"DNS_UPDATE_PORT", "65535"}}).update.port, 65535);
}

TEST(DnsSettingsTest, TimeoutOfTheEnvironmentIsADurationOrSeconds) {
  EXPECT_EQ(Resolved(OnServer("ns1"), {{"DNS_UPDATE_TIMEOUT", "7"}}).timeout, absl::Seconds(7));
  EXPECT_EQ(Resolved(OnServer("ns1"), {{"DNS_UPDATE_TIMEOUT", "1m30s"}}).timeout, absl::Seconds(90));
  for (const char* const timeout : {"0", "0s", "-5s", "soon", "5 s", "inf"}) {
    absl::Status const status = Failure(OnServer("ns1"), {{"DNS_UPDATE_TIMEOUT", timeout}});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << timeout;
    EXPECT_THAT(std::string(status.message()), HasSubstr("DNS_UPDATE_TIMEOUT is no duration"));
  }
}

TEST(DnsSettingsTest, TransferFromTheSameServerTakesItsPortAndKey) {
  DnsBlock block = OnServer("ns1");
  block.port = 5353;
  block.tsig = Key("tofu", "c2VjcmV0");
  block.transfer = TransferBlock{};
  dns::Rfc2136Settings settings = Resolved(block);
  ASSERT_TRUE(settings.transfer.has_value());
  EXPECT_EQ(settings.transfer->server, "ns1");
  EXPECT_EQ(settings.transfer->port, 5353);
  EXPECT_EQ(settings.transfer->tsig->name, "tofu");

  TransferBlock with_key;
  with_key.tsig = Key("xfr", "eGZy");
  block.transfer = with_key;
  settings = Resolved(block);
  EXPECT_EQ(settings.transfer->server, "ns1");
  EXPECT_EQ(settings.transfer->tsig->name, "xfr");
  EXPECT_EQ(settings.transfer->tsig->secret.Reveal(), "eGZy");
  EXPECT_EQ(settings.update.tsig->name, "tofu");

  TransferBlock other_port;
  other_port.port = 5354;
  block.transfer = other_port;
  settings = Resolved(block);
  EXPECT_EQ(settings.transfer->server, "ns1");
  EXPECT_EQ(settings.transfer->port, 5354);
  EXPECT_EQ(settings.transfer->tsig->name, "tofu");
}

TEST(DnsSettingsTest, TransferFromAnotherServerStartsAfresh) {
  DnsBlock block = OnServer("ns1");
  block.port = 5353;
  block.tsig = Key("tofu", "c2VjcmV0");
  TransferBlock transfer;
  transfer.server = "ns2";
  block.transfer = transfer;
  dns::Rfc2136Settings const settings = Resolved(block);
  EXPECT_EQ(settings.transfer->server, "ns2");
  EXPECT_EQ(settings.transfer->port, 53);
  EXPECT_FALSE(settings.transfer->tsig.has_value()) << "the key is not shown to another server";
}

// Makes one setting of a block that has all of them unknown.
struct Unknown {
  const char* name;
  void (*forget)(Block&);
};

void PrintTo(const Unknown& unknown, std::ostream* out) { *out << unknown.name; }

class UnknownSettingTest : public ::testing::TestWithParam<Unknown> {};

TEST_P(UnknownSettingTest, IsNamed) {
  TransferBlock transfer;
  transfer.server = "ns2";
  transfer.port = 53;
  transfer.tsig = Key("xfr", "eGZy");
  transfer.tsig->algorithm = "hmac-sha256";
  DnsBlock complete = OnServer("ns1");
  complete.port = 53;
  complete.timeout = "5s";
  complete.tsig = Key("tofu", "c2VjcmV0");
  complete.tsig->algorithm = "hmac-sha256";
  complete.transfer = transfer;
  Block block = complete;
  GetParam().forget(block);
  std::string unknown;
  // Not even what the environment says is taken: the block will have the last word.
  auto const settings = ResolveDns(block, EnvironmentOf({{"DNS_UPDATE_SERVER", "ns9"}}), unknown);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_FALSE(settings->has_value());
  EXPECT_EQ(unknown, GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, UnknownSettingTest,
    ::testing::Values(
        Unknown{"dns", [](Block& dns) { dns = Block::Unknown(); }},
        Unknown{"dns.server", [](Block& dns) { dns->server = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.port", [](Block& dns) { dns->port = schema::Value<std::int64_t>::Unknown(); }},
        Unknown{"dns.timeout", [](Block& dns) { dns->timeout = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.tsig", [](Block& dns) { dns->tsig = schema::Value<TsigBlock>::Unknown(); }},
        Unknown{"dns.tsig.name", [](Block& dns) { dns->tsig->name = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.tsig.algorithm",
                [](Block& dns) { dns->tsig->algorithm = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.tsig.secret",
                [](Block& dns) { dns->tsig->secret = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.transfer", [](Block& dns) { dns->transfer = schema::Value<TransferBlock>::Unknown(); }},
        Unknown{"dns.transfer.server",
                [](Block& dns) { dns->transfer->server = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.transfer.port",
                [](Block& dns) { dns->transfer->port = schema::Value<std::int64_t>::Unknown(); }},
        Unknown{"dns.transfer.tsig",
                [](Block& dns) { dns->transfer->tsig = schema::Value<TsigBlock>::Unknown(); }},
        Unknown{"dns.transfer.tsig.name",
                [](Block& dns) { dns->transfer->tsig->name = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.transfer.tsig.algorithm",
                [](Block& dns) { dns->transfer->tsig->algorithm = schema::Value<std::string>::Unknown(); }},
        Unknown{"dns.transfer.tsig.secret",
                [](Block& dns) { dns->transfer->tsig->secret = schema::Value<std::string>::Unknown(); }}));

}  // namespace
}  // namespace fediversity::config
