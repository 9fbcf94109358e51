#include "tests/provider/cli/cli_fixture.h"
#include "tests/support/golden.h"
#include "tests/support/tofu.h"

namespace fediversity::cli {
namespace {

using ::testing::HasSubstr;

// Names that make the same name of a resource, text that HCL would read as its own, and what is not to be imported.
constexpr const char* kZone = R"(
@            600  MX     10 ns
@            3600 TXT    "v=spf1 -all"
@                 DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
www          120  A      192.0.2.1
www          120  A      192.0.2.2
www               AAAA   2001:db8::1
*.wild            A      192.0.2.3
a-b               A      192.0.2.4
a_b               TXT    "not ${interpolated}, not %{ if } and \"quoted\" \\ back"
a.b               TXT    "one" "two"
0/25              NS     ns.example.org.
1                 CNAME  0.0/25
_sip._tcp         SRV    0 5 5060 ns
xn--bcher-kva     CAA    0 issue "ca.example.org"
odd               TYPE65280 \# 4 00010203
)";

TEST_F(CliTest, ImportPrintsBlocksForAWholeZone) {
  StartServer({.records = kZone, .statements = "allow-transfer { key tofu; };"});
  ASSERT_EQ(Run({"import", "dns", "--zone", "example.test"}), 0) << err_;
  EXPECT_EQ(err_, "");
  EXPECT_EQ(server_->named().CountInLog("AXFR started"), 1) << "one transfer serves the whole zone";
  testing::ExpectGolden("import-dns.tf", out_);
}

TEST_F(CliTest, WhatImportPrintsIsFormattedHcl) {
  auto const tofu = testing::FindTofu();
  if (!tofu.has_value()) GTEST_SKIP() << "there is no tofu";
  auto const result =
      testing::RunTofu(*tofu, {"fmt", "-"}, folder_.string(), Read("tests/golden/import-dns.tf"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->status.ok()) << result->error;
  EXPECT_EQ(result->output, Read("tests/golden/import-dns.tf"));
}

TEST_F(CliTest, ImportOfAZoneThatCannotBeTransferredSaysWhy) {
  StartServer({.statements = "allow-update { key tofu; }; allow-transfer { none; };"});
  EXPECT_EQ(Run({"import", "dns", "--zone", "example.test"}), 1);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(err_, HasSubstr("allow-transfer"));
}

TEST_F(CliTest, ImportWithoutSettingsSaysWhatToConfigure) {
  EXPECT_EQ(Run({"import", "dns", "--zone", "example.test"}), 1);
  EXPECT_THAT(err_, HasSubstr("DNS is not configured"));
  StartServer();
  EXPECT_EQ(Run({"import", "dns", "--zone", "a..b"}), 1);
  EXPECT_THAT(err_, HasSubstr("is no domain name"));
}

TEST_F(CliTest, ImportThatIsMisusedLeadsToTheHelp) {
  EXPECT_EQ(Run({"import"}), 2);
  EXPECT_THAT(err_, HasSubstr("import needs one family of things"));
  EXPECT_EQ(Run({"import", "dns", "www"}), 2);
  EXPECT_EQ(Run({"import", "mail"}), 2);
  EXPECT_THAT(err_, HasSubstr("Cannot import \"mail\""));
  EXPECT_EQ(Run({"import", "dns"}), 2);
  EXPECT_THAT(err_, HasSubstr("import dns needs --zone"));
  EXPECT_EQ(Run({"import", "dns", "--zones", "x"}), 2);
  EXPECT_THAT(err_, HasSubstr("There is no option --zones here"));
}

}  // namespace
}  // namespace fediversity::cli
