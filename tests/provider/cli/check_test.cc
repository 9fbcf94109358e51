#include "provider/base/text.h"
#include "tests/provider/cli/cli_fixture.h"

namespace fediversity::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(CliTest, CheckOfAGoodKeyFindsEveryRight) {
  StartServer();
  EXPECT_EQ(Run({"check", "--zone", "Example.Test"}), 0);
  EXPECT_THAT(
      out_, StartsWith("dns example.test.\n    ok     query\n    ok     update\n    ok     transfer\nnix\n"));
  EXPECT_EQ(err_, "");
}

TEST_F(CliTest, CheckChangesNothing) {
  StartServer();
  std::string const soa = server_->Holds("@", "NS");
  int const updates = server_->named().CountInLog("updating zone");
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 0);
  EXPECT_EQ(server_->named().CountInLog("adding an RR"), 0);
  EXPECT_GE(server_->named().CountInLog("updating zone"), updates);
  EXPECT_EQ(server_->Holds("@", "NS"), soa);
  EXPECT_EQ(server_->Holds("_fediversity-access-check", "TXT"), "absent");
}

TEST_F(CliTest, CheckToldThatTransfersAreRefusedGoesOnWithoutThem) {
  StartServer({.statements = "allow-update { key tofu; }; allow-transfer { none; };"});
  EXPECT_EQ(Run({"check", "--zone=example.test"}), 0);
  EXPECT_THAT(out_,
              HasSubstr("    ok     query\n    ok     update\n    absent transfer\n        transfer of zone "
                        "example.test: the DNS server answered REFUSED\n"));
  EXPECT_THAT(
      out_, HasSubstr("        The server does not let key tofu transfer the zone (BIND: allow-transfer)."));
}

TEST_F(CliTest, CheckNamesTheMissingRightToUpdate) {
  StartServer({.statements = "allow-update { none; }; allow-transfer { key tofu; };"});
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("    ok     query\n"), HasSubstr("    FAILED update\n"),
                          HasSubstr("    ok     transfer\n"), HasSubstr("allow-update")));
}

TEST_F(CliTest, CheckNamesThePolicyThatLetsAKeyUpdateNoName) {
  StartServer(
      {.statements = "update-policy { grant tofu name www.example.test. A; }; allow-transfer { none; };"});
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("    FAILED update\n"), HasSubstr("may not update every name"),
                          HasSubstr("grant KEY zonesub ANY"), HasSubstr("    FAILED transfer\n")));
}

TEST_F(CliTest, CheckOfAWrongSecretFailsThroughoutAndShowsNone) {
  StartServer();
  std::string const wrong = testing::MakeNamedKey("tofu").secret;
  variables_["DNS_UPDATE_KEYSECRET"] = wrong;
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("    FAILED query\n"), HasSubstr("    FAILED update\n"),
                          HasSubstr("    FAILED transfer\n"), HasSubstr("BADSIG")));
  EXPECT_THAT(out_ + err_, AllOf(Not(HasSubstr(wrong)), Not(HasSubstr(server_->key().secret))));
}

TEST_F(CliTest, CheckGoesThroughEveryZone) {
  StartServer();
  EXPECT_EQ(Run({"check", "--zone", "example.org", "--zone", "a..b", "--zone", "example.test"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("dns example.org.\n    FAILED query\n"),
                          HasSubstr("dns example.test.\n    ok     query\n")));
  EXPECT_THAT(err_, HasSubstr("a..b: \"a..b\" is no domain name"));
}

TEST_F(CliTest, CheckTakesTheProviderBlockFromAFile) {
  StartServer();
  std::string const file = Write(
      "provider.json", Cat({R"({"dns": {"server": "127.0.0.1", "port": )", variables_["DNS_UPDATE_PORT"],
                            R"(, "tsig": {"name": "tofu", "secret": ")", server_->key().secret, "\"}}}"}));
  variables_.clear();
  EXPECT_EQ(Run({"check", "--config", file, "--zone", "example.test"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("    ok     update\n"));
}

TEST_F(CliTest, FileThatIsNoProviderBlockIsNamedWithoutItsSecrets) {
  EXPECT_EQ(Run({"check", "--config", (folder_ / "missing.json").string(), "--zone", "example.test"}), 1);
  EXPECT_THAT(err_, HasSubstr("Cannot read " + (folder_ / "missing.json").string()));
  for (const char* const text :
       {"not json hunter2",
        R"({"dns": {"server": "ns1", "tsig": {"name": "tofu", "secret": {"a": "hunter2"}}}})",
        R"({"dns": {"server": "ns1", "tsig": {"name": "tofu", "secret": "hunter2", "extra": "hunter2"}}})"}) {
    SCOPED_TRACE(text);
    std::string const file = Write("bad.json", text);
    EXPECT_EQ(Run({"check", "--config", file, "--zone", "example.test"}), 1);
    EXPECT_THAT(err_, HasSubstr(file + " is not the JSON of a provider block"));
    EXPECT_THAT(out_ + err_, Not(HasSubstr("hunter2")));
  }
}

TEST_F(CliTest, FaultsOfTheProviderBlockAreShownWithTheirPath) {
  std::string const file = Write("bad.json", R"({"dns": {"server": "ns1", "port": 0}})");
  EXPECT_EQ(Run({"check", "--config", file, "--zone", "example.test"}), 1);
  EXPECT_THAT(err_, AllOf(HasSubstr("Error: dns.port: Invalid value for dns.port\n"),
                          HasSubstr("The provider cannot be configured")));
}

TEST_F(CliTest, CheckWithoutASettingOrAZoneSaysWhatIsMissing) {
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(err_, HasSubstr("DNS is not configured"));
  Set({{"DNS_UPDATE_SERVER", "127.0.0.1"}});
  EXPECT_EQ(Run({"check"}), 2);
  EXPECT_THAT(err_, HasSubstr("--zone is needed"));
  EXPECT_EQ(Run({"check", "example.test"}), 2);
  EXPECT_THAT(err_, HasSubstr("\"example.test\" is not understood here"));
  EXPECT_EQ(Run({"check", "--zoen", "example.test"}), 2);
  EXPECT_THAT(err_, HasSubstr("There is no option --zoen here"));
}

}  // namespace
}  // namespace fediversity::cli
