#include <vector>

#include "provider/cli/version.h"
#include "tests/provider/cli/cli_fixture.h"
#include "tests/support/golden.h"

namespace fediversity::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(CliTest, WithoutACommandTheHostIsServed) {
  EXPECT_EQ(Run({}), std::nullopt);
  EXPECT_EQ(Run({"-debug"}), std::nullopt);
  EXPECT_EQ(Run({"--debug"}), std::nullopt);
  EXPECT_EQ(out_ + err_, "") << "standard output belongs to the handshake";
}

TEST_F(CliTest, VersionIsPrinted) {
  for (const char* const spelling : {"--version", "-version", "-v", "version"}) {
    EXPECT_EQ(Run({spelling}), 0);
    EXPECT_EQ(out_, "terraform-provider-fediversity " + std::string(kVersion) + "\n");
  }
  EXPECT_EQ(std::string(kVersion) + "\n", Read("VERSION"));
}

TEST_F(CliTest, HelpNamesEveryCommand) {
  for (const char* const spelling : {"--help", "-help", "-h", "help"}) {
    EXPECT_EQ(Run({spelling}), 0);
    EXPECT_THAT(out_, StartsWith("terraform-provider-fediversity " + std::string(kVersion)));
    for (const char* const part :
         {"--version", "--help", "schema", "check [--config FILE] [--zone ZONE]", "import dns --zone ZONE",
          "import proxmox [--pool POOL]", "docs", "-debug", "TF_REATTACH_PROVIDERS"}) {
      EXPECT_THAT(out_, HasSubstr(part));
    }
    EXPECT_EQ(err_, "");
  }
}

TEST_F(CliTest, UnknownCommandIsMisuse) {
  for (const char* const word : {"chekc", "--zone", "-x", ""}) {
    EXPECT_EQ(Run({word}), 2);
    EXPECT_EQ(out_, "");
    EXPECT_THAT(err_, HasSubstr("There is no command \"" + std::string(word) + "\""));
    EXPECT_THAT(err_, HasSubstr("--help"));
  }
}

TEST_F(CliTest, ProviderIsFitToBeServed) { EXPECT_EQ(provider_.Check(), absl::OkStatus()); }

TEST_F(CliTest, SchemaIsTheOneThatUsersKnow) {
  ASSERT_EQ(Run({"schema"}), 0);
  EXPECT_EQ(err_, "");
  testing::ExpectGolden("schema.json", out_);
}

}  // namespace
}  // namespace fediversity::cli
