// Calls recorded on real servers are made again, on the emulator and on a real server, and the answers compared. Times
// in them were moved far into the future, so that nothing expires meanwhile.

#include "tests/emulators/garage/recorded_calls.h"

#include "provider/base/text.h"
#include "tests/emulators/garage/emulator_fixture.h"
#include "tests/support/garage/garage_server.h"

namespace fediversity::emulators::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ReplayTally OnEmulator(const std::string& name, Version version) {
  GarageEmulator garage({.version = version, .region = "garage", .seed = 1});
  return ReplayRecordedCalls(
      name, {.admin_url = garage.Url(), .s3_url = garage.S3Url(), .token = garage.token(), .emulated = true});
}

TEST(RecordedCallsTest, TheEmulatorAnswersAsVersionTwoFive) {
  ReplayTally const tally = OnEmulator("v2", Version::kTwoFive);
  EXPECT_THAT(tally.differences, IsEmpty());
  EXPECT_EQ(tally.made, 299);
  EXPECT_EQ(tally.skipped, 65);
}

TEST(RecordedCallsTest, TheEmulatorTakesObjectsAsTheRealServerDoes) {
  ReplayTally const tally = OnEmulator("more", Version::kTwoFive);
  EXPECT_THAT(tally.differences, IsEmpty());
  EXPECT_GT(tally.made, 50);
}

// What the emulator is held to holds for the real thing.
void ExpectOfRealServer(const std::string& name) {
  if (!testing::FindGarage().has_value()) GTEST_SKIP() << "no Garage is installed";
  auto const server = testing::GarageServer::StartAlone();
  ASSERT_TRUE(server.ok()) << server.status();
  ReplayTally const tally = ReplayRecordedCalls(name, {.admin_url = (*server)->admin_endpoint(),
                                                       .s3_url = (*server)->s3_endpoint(),
                                                       .token = std::string((*server)->token().Reveal()),
                                                       .emulated = false,
                                                       .region = (*server)->region()});
  EXPECT_THAT(tally.differences, IsEmpty()) << (*server)->Log();
  EXPECT_EQ(tally.skipped, 0);
  EXPECT_GT(tally.made, 50);
}

TEST(RecordedCallsTest, ARealServerAnswersAsRecorded) { ExpectOfRealServer("v2"); }
TEST(RecordedCallsTest, ARealServerTakesObjectsAsRecorded) { ExpectOfRealServer("more"); }

TEST(RecordedCallsTest, TheEmulatorRefusesAsVersionOneThree) {
  ReplayTally const tally = OnEmulator("v1", Version::kOneThree);
  EXPECT_THAT(tally.differences, IsEmpty());
  EXPECT_EQ(tally.made, 2);
}

// The comparison that all this rests on has to find differences.
TEST(RecordedCallsTest, AnotherVersionAnswersOtherwise) {
  EXPECT_THAT(OnEmulator("v2", Version::kTwoOne).differences, SizeIs(::testing::Gt(20)));
}

TEST(BindingsTest, AnIdStandsForTheSameOneAlways) {
  Bindings bindings;
  std::string const was(64, 'a');
  std::string const is(64, 'b');
  bindings.Learn({{"id", was}}, {{"id", is}});
  bindings.Learn({{"id", was}}, {{"id", std::string(64, 'c')}});
  EXPECT_EQ(bindings.Translate(Cat({"/v2/X?id=", was, "&search=aaaaaaaa&x=AAAAAAAA"})),
            Cat({"/v2/X?id=", is, "&search=bbbbbbbb&x=BBBBBBBB"}));
  EXPECT_EQ(bindings.Translate("aaaaaaab aaa"), "aaaaaaab aaa");
}

TEST(NormalisedTest, LeavesWhatCounts) {
  Json const answer = {{"created", "2026-11-23T06:29:16.360Z"},
                       {"expiration", "2026-11-23T06:29:16Z"},
                       {"keys", {{{"a", 2}}, {{"a", 1}}}},
                       {"corsRules", {2, 1}}};
  Json const normalised = Normalised(answer);
  EXPECT_EQ(normalised["created"], "(a time)");
  EXPECT_EQ(normalised["expiration"], "2026-11-23T06:29:16Z");
  EXPECT_THAT(normalised["keys"], ElementsAre(Json{{"a", 1}}, Json{{"a", 2}}));
  EXPECT_THAT(normalised["corsRules"], ElementsAre(2, 1));
}

}  // namespace
}  // namespace fediversity::emulators::garage
