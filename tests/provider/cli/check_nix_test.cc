// `check` of the hosting provider's rules, with real Nix.

#include "tests/provider/cli/cli_fixture.h"

namespace fediversity::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class CheckNixTest : public CliTest {
 protected:
  void SetUp() override { StartServer(); }
  void UseEnvironment(std::string_view text) {
    variables_["FEDIVERSITY_NIX_ENVIRONMENT"] = Write("environment.nix", text);
  }
};

TEST_F(CheckNixTest, RulesThatAreWrittenWellAreInUse) {
  UseEnvironment("{ offer.dns_record_set.max_ttl = 3600; }");
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 0) << err_ << out_;
  EXPECT_THAT(out_, AllOf(HasSubstr("nix\n    ok     evaluate (Nix 2."),
                          HasSubstr("    ok     use the environment\n")));
}

TEST_F(CheckNixTest, AMistakeIsToldWithItsPlace) {
  UseEnvironment("{\n  offer.dns_record_set.max_ttl = \"an hour\";\n}\n");
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("    FAILED use the environment\n"), HasSubstr("environment.nix:2"),
                          HasSubstr("offer.dns_record_set.max_ttl")));
}

TEST_F(CheckNixTest, AnEnvironmentThatIsNotThereCannotBeRead) {
  variables_["FEDIVERSITY_NIX_ENVIRONMENT"] = (folder_ / "missing.nix").string();
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("    FAILED read the environment\n"), HasSubstr("missing.nix")));
}

TEST_F(CheckNixTest, WithoutNixItSaysWhatToDo) {
  variables_["PATH"] = folder_.string();
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("nix\n    FAILED evaluate\n"), HasSubstr("enabled = false")));
}

}  // namespace
}  // namespace fediversity::cli
