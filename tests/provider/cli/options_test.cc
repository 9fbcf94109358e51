#include "provider/cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace fediversity::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Fault(const std::vector<std::string>& arguments) {
  auto const options = Options::Parse(arguments, {"zone", "config"});
  return options.ok() ? "none" : std::string(options.status().message());
}

TEST(OptionsTest, TakeTheirValueAfterABlankOrAnEqualsSign) {
  auto const options =
      Options::Parse({"--zone", "a", "word", "--config=file", "--zone=b"}, {"zone", "config"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_THAT(options->All("zone"), ElementsAre("a", "b"));
  EXPECT_EQ(options->Get("zone"), "b") << "the last one holds";
  EXPECT_EQ(options->Get("config"), "file");
  EXPECT_THAT(options->words(), ElementsAre("word"));
}

TEST(OptionsTest, SwitchesTakeNoValue) {
  constexpr std::string_view kKnown[] = {"zone"};
  constexpr std::string_view kSwitches[] = {"all"};
  auto const options = Options::Parse({"--all", "word"}, kKnown, kSwitches);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_TRUE(options->Has("all"));
  EXPECT_FALSE(options->Has("zone"));
  EXPECT_THAT(options->words(), ElementsAre("word"));
  EXPECT_THAT(std::string(Options::Parse({"--all=yes"}, kKnown, kSwitches).status().message()),
              HasSubstr("--all takes no value"));
}

TEST(OptionsTest, LeftOutIsNotEmpty) {
  auto const none = Options::Parse({}, {"zone"});
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->Get("zone"), std::nullopt);
  EXPECT_THAT(none->All("zone"), IsEmpty());
  auto const empty = Options::Parse({"--zone="}, {"zone"});
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->Get("zone"), "");
}

TEST(OptionsTest, ValueMayHoldAnEqualsSignOrLookLikeAnOption) {
  auto const options = Options::Parse({"--zone=a=b", "--config", "--zone"}, {"zone", "config"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->Get("zone"), "a=b");
  EXPECT_EQ(options->Get("config"), "--zone");
}

TEST(OptionsTest, UnknownAndUnfinishedOnesAreNamed) {
  EXPECT_EQ(Fault({"--zone", "a"}), "none");
  EXPECT_EQ(Fault({"--zones", "a"}), "There is no option --zones here");
  EXPECT_EQ(Fault({"--zones=a"}), "There is no option --zones here");
  EXPECT_EQ(Fault({"--config", "a", "--zone"}), "Option --zone needs a value");
}

TEST(OptionsTest, WordsThatNobodyExpectsAreNamed) {
  auto const options = Options::Parse({"-zone", "a"}, {"zone"});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->ExpectNoWords().message(), "\"-zone\" is not understood here");
  EXPECT_EQ(Options::Parse({"--zone", "a"}, {"zone"})->ExpectNoWords(), absl::OkStatus());
}

TEST(OptionsTest, MisuseLeadsToTheHelp) {
  std::ostringstream err;
  EXPECT_EQ(Misused(absl::InvalidArgumentError("There is no such thing"), err), 2);
  EXPECT_THAT(err.str(), HasSubstr("There is no such thing. `terraform-provider-fediversity --help`"));
}

}  // namespace
}  // namespace fediversity::cli
