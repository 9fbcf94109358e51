// `check` on a real Garage server.

#include "tests/provider/cli/cli_fixture.h"
#include "tests/support/garage/garage_server.h"

namespace fediversity::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CheckGarageTest : public CliTest {
 protected:
  void SetUp() override {
    auto started = testing::GarageServer::StartAlone();
    ASSERT_TRUE(started.ok()) << started.status();
    garage_ = *std::move(started);
    Use(garage_->token().Reveal());
  }
  void Use(const std::string& token) {
    Set({{"GARAGE_ENDPOINT", garage_->admin_endpoint()}, {"GARAGE_TOKEN", token}});
  }
  // A token that may make these calls only.
  void UseScope(const std::vector<std::string>& calls) {
    auto const made = garage_->Call("CreateAdminToken", {{"name", "scoped"}, {"scope", calls}});
    ASSERT_TRUE(made.ok()) << made.status();
    Use(made->value("secretToken", ""));
  }

  std::unique_ptr<testing::GarageServer> garage_;
};

TEST_F(CheckGarageTest, TheConfiguredTokenMayDoEverything) {
  EXPECT_EQ(Run({"check"}), 0) << err_;
  EXPECT_THAT(out_, StartsWith("garage\n    ok     log in (Garage 2."));
  EXPECT_THAT(out_, AllOf(HasSubstr("    ok     create and change buckets\n"), Not(HasSubstr("FAILED")),
                          Not(HasSubstr("absent"))));
}

TEST_F(CheckGarageTest, WhatAReaderLacksIsNamed) {
  UseScope({"GetBucketInfo", "GetKeyInfo"});
  EXPECT_EQ(Run({"check"}), 0) << "enough to plan";
  EXPECT_THAT(out_,
              AllOf(StartsWith("garage\n    ok     log in\n    ok     read buckets\n"),
                    HasSubstr("    absent delete keys\n        The token's scope lacks DeleteKey.\n"),
                    HasSubstr("lacks ListBucketsInfo, ListKeysInfo.\n        A refresh asks for each")));
}

TEST_F(CheckGarageTest, WhoCannotReadCannotPlan) {
  UseScope({"CreateBucket"});
  EXPECT_EQ(Run({"check"}), 1);
  EXPECT_THAT(out_, HasSubstr("    FAILED read buckets\n        The token's scope lacks GetBucketInfo.\n"));
}

TEST_F(CheckGarageTest, AWrongTokenIsToldWithoutShowingIt) {
  Use("no-token-of-this-server");
  EXPECT_EQ(Run({"check"}), 1);
  EXPECT_THAT(
      out_, HasSubstr("    FAILED log in\n        The admin token: reading what it may do: the server does"));
  EXPECT_THAT(out_ + err_, Not(HasSubstr("no-token-of-this-server")));
}

TEST_F(CheckGarageTest, AServerThatIsGoneIsSaidToBe) {
  garage_->Kill();
  EXPECT_EQ(Run({"check"}), 1);
  EXPECT_THAT(out_, HasSubstr("cannot connect to 127.0.0.1"));
}

}  // namespace
}  // namespace fediversity::cli
