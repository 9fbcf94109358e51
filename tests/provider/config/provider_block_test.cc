// The provider block as a whole: what is said about its values, and what becomes of the backends.

#include "provider/config/provider_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "provider/base/text.h"
#include "provider/base/unknown_setting.h"
#include "provider/wire/json.h"
#include "tests/support/diagnostics.h"

namespace fediversity::config {
namespace {

using ::fediversity::testing::ErrorOn;
using ::fediversity::testing::Mentions;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Value;

class ProviderBlockTest : public ::testing::Test {
 protected:
  // The block as JSON, the way a person would write it.
  Value Block(const std::string& json) {
    auto block = wire::DecodeJson(json, block_->table().type);
    EXPECT_TRUE(block.ok()) << block.status();
    return block.value_or(Value::Null());
  }
  std::vector<schema::Diagnostic> Validate(const std::string& json) {
    schema::Diagnostics diagnostics;
    block_->Validate(Block(json), diagnostics);
    return diagnostics.list();
  }
  std::vector<schema::Diagnostic> Configure(const Value& block) {
    schema::Diagnostics diagnostics;
    block_->Configure(block, diagnostics);
    return diagnostics.list();
  }
  std::vector<schema::Diagnostic> Configure(const std::string& json) { return Configure(Block(json)); }
  absl::Status Dns() { return backends_.dns.Get().status(); }

  Backends backends_;
  std::unique_ptr<schema::ProviderBlock> block_ =
      MakeProviderBlock(backends_, [](const std::string&) { return std::nullopt; });
};

constexpr const char* kComplete = R"({"dns": {
    "server": "ns1.example.org", "port": 53, "timeout": "5s",
    "tsig": {"name": "tofu", "algorithm": "hmac-sha256", "secret": "c2VjcmV0"},
    "transfer": {"server": "ns2.example.org", "port": 53,
                 "tsig": {"name": "xfr", "algorithm": "hmac-sha512", "secret": "eGZy"}}}})";

TEST_F(ProviderBlockTest, TakesEverySettingThereIs) {
  EXPECT_THAT(Validate(kComplete), IsEmpty());
  EXPECT_THAT(Configure(kComplete), IsEmpty());
  EXPECT_EQ(Dns(), absl::OkStatus());
}

TEST_F(ProviderBlockTest, MayBeEmpty) {
  EXPECT_THAT(Validate("{}"), IsEmpty());
  EXPECT_THAT(Configure("{}"), IsEmpty());
  EXPECT_THAT(std::string(Dns().message()), HasSubstr("DNS is not configured"));
}

TEST_F(ProviderBlockTest, FaultsAreReportedOnTheirAttributes) {
  struct Fault {
    const char* json;
    const char* path;
    const char* detail;
  };
  for (const Fault& fault : {
           Fault{R"({"dns": {"server": ""}})", "dns.server", "must not be empty"},
           Fault{R"({"dns": {"server": "ns1", "port": 0}})", "dns.port", "1 to 65535"},
           Fault{R"({"dns": {"server": "ns1", "port": 65536}})", "dns.port", "1 to 65535"},
           Fault{R"({"dns": {"server": "ns1", "port": 53.5}})", "dns.port", "whole number"},
           Fault{R"({"dns": {"server": "ns1", "timeout": "10"}})", "dns.timeout", "duration with a unit"},
           Fault{R"({"dns": {"server": "ns1", "timeout": "0s"}})", "dns.timeout", "duration with a unit"},
           Fault{R"({"dns": {"server": "ns1", "tsig": {"name": "tofu"}}})", "dns.tsig.secret", "required"},
           Fault{R"({"dns": {"server": "ns1", "tsig": {"secret": "c2VjcmV0"}}})", "dns.tsig.name",
                 "required"},
           Fault{R"({"dns": {"server": "ns1", "tsig": {"name": "", "secret": "c2VjcmV0"}}})", "dns.tsig.name",
                 "must not be empty"},
           Fault{R"({"dns": {"server": "ns1", "transfer": {"server": ""}}})", "dns.transfer.server",
                 "must not be empty"},
           Fault{R"({"dns": {"server": "ns1", "transfer": {"port": -1}}})", "dns.transfer.port",
                 "1 to 65535"},
           Fault{R"({"dns": {"server": "ns1", "transfer": {"tsig": {"name": "xfr"}}}})",
                 "dns.transfer.tsig.secret", "required"},
       }) {
    SCOPED_TRACE(fault.json);
    std::vector<schema::Diagnostic> const found = Validate(fault.json);
    ASSERT_FALSE(found.empty());
    EXPECT_THAT(found[0], ErrorOn(fault.path, "", fault.detail));
  }
}

TEST_F(ProviderBlockTest, KeyThatCannotBeUsedIsAnErrorWithoutTheSecret) {
  constexpr const char* kSecret = "hunter2 is no base64!";
  for (const char* const place : {"tsig", "transfer"}) {
    SCOPED_TRACE(place);
    std::string const key = Cat({R"({"name": "tofu", "secret": ")", kSecret, "\"}"});
    std::string const json =
        Cat({R"({"dns": {"server": "ns1", ")", place,
             "\": ", std::string_view(place) == "tsig" ? key : Cat({R"({"tsig": )", key, "}"}), "}}"});
    EXPECT_THAT(Validate(json), IsEmpty());
    std::vector<schema::Diagnostic> const found = Configure(json);
    EXPECT_THAT(found, ElementsAre(ErrorOn("dns", "secret of TSIG key tofu is no base64", "tsig-keygen")));
    EXPECT_FALSE(Mentions(found, "hunter2"));
  }
}

TEST_F(ProviderBlockTest, UnknownAlgorithmNamesThoseThereAre) {
  EXPECT_THAT(Configure(R"({"dns": {"server": "ns1",
                                    "tsig": {"name": "tofu", "algorithm": "md5", "secret": "c2VjcmV0"}}})"),
              ElementsAre(ErrorOn("dns", "unknown TSIG algorithm \"md5\"", "hmac-sha256")));
}

TEST_F(ProviderBlockTest, NoValueOfTheBlockThatIsSecretIsQuotedInValidation) {
  // The type of the block lets no other fault come near the secrets than being left out.
  const schema::Row* const dns = block_->table().Find("dns");
  ASSERT_NE(dns, nullptr);
  const schema::Row* const tsig = dns->nested->Find("tsig");
  ASSERT_NE(tsig, nullptr);
  EXPECT_TRUE(tsig->nested->Find("secret")->sensitive);
  EXPECT_TRUE(dns->nested->Find("transfer")->nested->Find("tsig")->nested->Find("secret")->sensitive);
}

TEST_F(ProviderBlockTest, SettingThatIsNotKnownYetIsNamedWhenItIsNeeded) {
  Value block = Block(kComplete);
  block.FindMutable("dns")->FindMutable("tsig")->Set("secret", Value::Unknown());
  schema::Diagnostics diagnostics;
  block_->Validate(block, diagnostics);
  EXPECT_THAT(diagnostics.list(), IsEmpty());
  EXPECT_THAT(Configure(block), IsEmpty());
  absl::Status const first = Dns();
  EXPECT_TRUE(IsUnknownSetting(first));
  EXPECT_TRUE(IsFirstReport(first));
  EXPECT_THAT(std::string(first.message()), HasSubstr("`dns.tsig.secret` is not known yet"));
  EXPECT_FALSE(IsFirstReport(Dns())) << "a plan warns once";
  EXPECT_THAT(Configure(block), IsEmpty());
  EXPECT_TRUE(IsFirstReport(Dns())) << "and the next one again";
}

TEST_F(ProviderBlockTest, LatestSettingsHold) {
  EXPECT_THAT(Configure(Value::Map({{"dns", Value::Unknown()}})), IsEmpty());
  EXPECT_TRUE(IsUnknownSetting(Dns()));
  EXPECT_THAT(Configure(kComplete), IsEmpty());
  EXPECT_EQ(Dns(), absl::OkStatus());
  auto const before = backends_.dns.Get();
  EXPECT_THAT(Configure(kComplete), IsEmpty());
  EXPECT_NE(*before, *backends_.dns.Get());
  EXPECT_THAT(Configure("{}"), IsEmpty());
  EXPECT_EQ(Dns().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(IsUnknownSetting(Dns()));
}

TEST(ProviderBlockEnvironmentTest, EnvironmentSetsTheServiceUpWithoutABlock) {
  Backends backends;
  auto const block = MakeProviderBlock(backends, [](const std::string& name) -> std::optional<std::string> {
    if (name == "DNS_UPDATE_SERVER") return "ns1.example.org";
    return std::nullopt;
  });
  schema::Diagnostics diagnostics;
  block->Configure(schema::NullObject(block->table()), diagnostics);
  EXPECT_THAT(diagnostics.list(), IsEmpty());
  EXPECT_TRUE(backends.dns.Get().ok());
}

TEST(ProviderBlockEnvironmentTest, FaultInTheEnvironmentIsAnErrorThatNamesTheVariable) {
  Backends backends;
  auto const block = MakeProviderBlock(backends, [](const std::string& name) -> std::optional<std::string> {
    if (name == "DNS_UPDATE_SERVER") return "ns1.example.org";
    if (name == "DNS_UPDATE_KEYSECRET") return "hunter2";
    return std::nullopt;
  });
  schema::Diagnostics diagnostics;
  block->Configure(schema::NullObject(block->table()), diagnostics);
  EXPECT_THAT(diagnostics.list(), ElementsAre(ErrorOn("", "Half a TSIG key", "DNS_UPDATE_KEYNAME")));
  EXPECT_FALSE(Mentions(diagnostics.list(), "hunter2"));
  EXPECT_FALSE(backends.dns.Get().ok());
}

// Resources are validated before anything is configured, so the rules are in force from then on.
TEST_F(ProviderBlockTest, RulesAreInForceFromValidationOn) {
  EXPECT_THAT(backends_.nix.Get().status().ToString(), HasSubstr("not in use"));
  EXPECT_THAT(Validate(R"({"nix": {"environment": "./environment.nix"}})"), IsEmpty());
  ASSERT_TRUE(backends_.nix.Get().ok());
  EXPECT_EQ((*backends_.nix.Get())->settings().environment, "./environment.nix");
  // Nothing was read, started or looked for.
  EXPECT_EQ((*backends_.nix.Get())->counts().processes, 0);
  EXPECT_THAT(Configure(R"({"nix": {"enabled": false}})"), IsEmpty());
  EXPECT_FALSE(backends_.nix.Get().ok());
  EXPECT_THAT(Configure("{}"), IsEmpty());
  EXPECT_TRUE(backends_.nix.Get().ok());
  EXPECT_THAT(Validate(R"({"nix": {"workers": 0, "timeout": "soon", "environment": ""}})"),
              ::testing::SizeIs(3));
}

TEST_F(ProviderBlockTest, RulesThatAreNotKnownYetSaySo) {
  Value block = Block(R"({"nix": {"environment": "x"}})");
  block.FindMutable("nix")->Set("environment", Value::Unknown());
  EXPECT_THAT(Configure(block), IsEmpty());
  EXPECT_TRUE(IsUnknownSetting(backends_.nix.Get().status()));
  EXPECT_THAT(backends_.nix.Get().status().ToString(), HasSubstr("`nix.environment` is not known yet"));
}

}  // namespace
}  // namespace fediversity::config
