// Two who want the same name.

#include "resources/garage/bucket.h"
#include "resources/garage/local_alias.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using emulators::garage::Fault;
using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using testing::Mentions;
using ::testing::SizeIs;

class GarageRaceTest : public GarageResourceTest {};

TEST_F(GarageRaceTest, AnAliasThatIsTakenIsNotTakenAway) {
  std::string const theirs = GivenBucket("media");
  Managed ours(MakeGarageBucket, backends_);
  EXPECT_FALSE(Apply(ours, R"({"aliases": ["media"]})"));
  EXPECT_THAT(ours.host().diagnostics(), Contains(ErrorOn("aliases", "media", "import {")));
  EXPECT_FALSE(ours.host().exists());
  EXPECT_EQ(emulator_.With([](GarageStore& store) { return store.aliases.at("media"); }), theirs);
  EXPECT_EQ(Buckets(), 1U);
}

TEST_F(GarageRaceTest, OfTwoCreatesOneWinsAndTheOtherIsTold) {
  Managed first(MakeGarageBucket, backends_);
  Managed second(MakeGarageBucket, backends_);
  constexpr std::string_view kConfig = R"({"aliases": ["media"]})";
  auto const first_plan = first.host().MakePlan(first.Config(kConfig));
  auto const second_plan = second.host().MakePlan(second.Config(kConfig));
  EXPECT_TRUE(first.host().Apply(*first_plan));
  EXPECT_FALSE(second.host().Apply(*second_plan));
  EXPECT_FALSE(second.host().exists());
  EXPECT_EQ(Buckets(), 1U);
  EXPECT_EQ(Planned(first, kConfig), Action::kNoOp);
}

// Both nodes said yes, and the alias leads to the bucket of the other one.
TEST_F(GarageRaceTest, WhoLosesAnAliasAfterAYesIsTold) {
  std::string const theirs = GivenBucket("");
  Managed ours(MakeGarageBucket, backends_);
  auto const plan = ours.host().MakePlan(ours.Config(R"({"aliases": ["media"]})"));
  ASSERT_TRUE(plan.has_value());
  // Between our claim and our look, the claim of the other node arrives.
  emulator_.AddFault({.action = Fault::Action::kMeanwhile,
                      .path = "/v2/GetBucketInfo",
                      .meanwhile = [theirs](GarageStore& store) { store.GiveAlias("media", theirs); }});
  EXPECT_FALSE(ours.host().Apply(*plan));
  EXPECT_TRUE(Mentions(ours.host().diagnostics(), theirs.substr(0, 16))) << ours.host().Errors();
  EXPECT_EQ(emulator_.With([](GarageStore& store) { return store.aliases.at("media"); }), theirs);
  // Nothing is left of ours: it was new, and nobody can have used it.
  EXPECT_FALSE(ours.host().exists());
  EXPECT_EQ(Buckets(), 1U);
}

TEST_F(GarageRaceTest, ARenameLeavesNoMomentWithoutAName) {
  Managed bucket(MakeGarageBucket, backends_);
  ASSERT_TRUE(Apply(bucket, R"({"aliases": ["old-name"]})"));
  emulator_.ForgetRequests();
  ASSERT_TRUE(Apply(bucket, R"({"aliases": ["new-name"]})")) << bucket.host().Errors();
  std::vector<std::string> changes;
  for (const auto& request : emulator_.requests()) {
    if (request.method == "POST") changes.push_back(request.path);
  }
  EXPECT_THAT(changes, ::testing::ElementsAre("/v2/AddBucketAlias", "/v2/RemoveBucketAlias"));
  EXPECT_EQ(bucket.State("aliases"), R"(["new-name"])");
}

// One of ours is lost to another bucket behind our back: the plan shows it, and apply says what is so.
TEST_F(GarageRaceTest, AnAliasThatWasLostLaterIsNotForgotten) {
  Managed ours(MakeGarageBucket, backends_);
  constexpr std::string_view kConfig = R"({"aliases": ["media", "other"]})";
  ASSERT_TRUE(Apply(ours, kConfig));
  emulator_.With([&](GarageStore& store) {
    store.buckets.at(ours.Text("id")).aliases.erase("media");
    auto& theirs = store.MakeBucket();
    store.GiveAlias("media", theirs.id);
  });
  EXPECT_EQ(Planned(ours, kConfig), Action::kUpdate);
  EXPECT_FALSE(Apply(ours, kConfig));
  EXPECT_THAT(ours.host().diagnostics(), Contains(ErrorOn("aliases", "media", "")));
  EXPECT_TRUE(ours.host().exists());
}

TEST_F(GarageRaceTest, ALocalAliasOfAnotherBucketIsNotTakenAway) {
  std::string const key = GivenKey("k");
  std::string const theirs = GivenBucket("theirs");
  std::string const bucket = GivenBucket("ours");
  emulator_.With([&](GarageStore& store) { store.keys.at(key).aliases["own"] = theirs; });
  Managed ours(MakeGarageLocalAlias, backends_);
  EXPECT_FALSE(Apply(
      ours, R"({"bucket_id": ")" + bucket + R"(", "access_key_id": ")" + key + R"(", "alias": "own"})"));
  EXPECT_EQ(emulator_.With([&](GarageStore& store) { return store.keys.at(key).aliases.at("own"); }), theirs);
}

// A failure that passes is no reason to make a second bucket.
TEST_F(GarageRaceTest, AServerThatIsDownMakesNoSecondBucket) {
  Managed bucket(MakeGarageBucket, backends_);
  constexpr std::string_view kConfig = R"({"aliases": ["media"]})";
  ASSERT_TRUE(Apply(bucket, kConfig));
  emulator_.AddFault({.action = Fault::Action::kAnswerBefore, .times = 1000, .status = 503});
  Configure();
  EXPECT_FALSE(bucket.host().Refresh());
  EXPECT_TRUE(bucket.host().exists());
  emulator_.ClearFaults();
  EXPECT_EQ(Planned(bucket, kConfig), Action::kNoOp);
  EXPECT_EQ(Buckets(), 1U);
}

}  // namespace
}  // namespace fediversity::resources
