// What an apply has left whose process was killed: the crash matrix (crash_test.cc) shows that it is taken away, and here
// is what is not.

#include "resources/garage/unfinished.h"

#include <algorithm>

#include "provider/base/text.h"
#include "resources/garage/bucket.h"
#include "resources/garage/key.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::WarningOn;

constexpr std::string_view kAlias = "unfinished-0123456789abcdef01234567";

class GarageUnfinishedTest : public GarageResourceTest {
 protected:
  const garage::Api& api() { return **backends_.garage.Get(); }
  // A bucket that is in no state, and the note of a process that was killed when it had made it.
  std::string LeaveBucket() {
    std::string id = GivenBucket(std::string(kAlias));
    Journal::Note note = NoteBucket(backends_.journal, api(), kAlias);
    note.Append(id);
    note.Keep();
    return id;
  }
  std::string LeaveKey() {
    std::string id = GivenKey("app");
    NoteKey(backends_.journal, api(), id).Keep();
    return id;
  }

  Managed bucket_{MakeGarageBucket, backends_};
  Managed key_{MakeGarageKey, backends_};
};

TEST_F(GarageUnfinishedTest, IsTakenAwayBeforeTheNextIsMade) {
  LeaveBucket();
  LeaveKey();
  ASSERT_TRUE(Apply(key_, R"({"name": "app"})")) << key_.host().Errors();
  EXPECT_EQ(Buckets(), 0U);
  EXPECT_EQ(Keys(), 1U);
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(GarageUnfinishedTest, PlansAndRefreshesLeaveItAlone) {
  ASSERT_TRUE(Apply(key_, R"({"name": "app"})")) << key_.host().Errors();
  LeaveBucket();
  LeaveKey();
  EXPECT_EQ(Planned(key_, R"({"name": "app"})"), Action::kNoOp);
  EXPECT_EQ(Buckets(), 1U);
  EXPECT_EQ(Keys(), 2U);
}

TEST_F(GarageUnfinishedTest, WhoImportsItHasIt) {
  ASSERT_TRUE(Import(bucket_, LeaveBucket())) << bucket_.host().Errors();
  ASSERT_TRUE(Import(key_, LeaveKey())) << key_.host().Errors();
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(GarageUnfinishedTest, ABucketThatSomebodyHasFilledStays) {
  std::string const id = LeaveBucket();
  emulator_.With([&](GarageStore& store) { store.buckets.at(id).objects = {{"a", "text"}}; });
  Managed other(MakeGarageBucket, backends_);
  ASSERT_TRUE(Apply(other, R"({"aliases": ["other"]})")) << other.host().Errors();
  EXPECT_THAT(other.host().diagnostics(), Contains(WarningOn("", id, "objects are inside")));
  EXPECT_EQ(Buckets(), 2U);
  EXPECT_FALSE(journal_.IsEmpty());
}

TEST_F(GarageUnfinishedTest, AKeyThatSomebodyUsesStays) {
  std::string const id = LeaveKey();
  std::string const bucket = GivenBucket("media");
  emulator_.With([&](GarageStore& store) { store.buckets.at(bucket).grants[id] = {.read = true}; });
  ASSERT_TRUE(Apply(key_, R"({"name": "app"})")) << key_.host().Errors();
  EXPECT_THAT(key_.host().diagnostics(), Contains(WarningOn("", id, "in use")));
  EXPECT_EQ(Keys(), 2U);
}

TEST_F(GarageUnfinishedTest, OneWithoutAnyAliasIsToldOf) {
  NoteBucket(backends_.journal, api(), "").Keep();
  ASSERT_TRUE(Apply(bucket_, R"({"aliases": ["media"]})")) << bucket_.host().Errors();
  EXPECT_THAT(bucket_.host().diagnostics(),
              Contains(WarningOn("", "a bucket without aliases", "garage bucket list")));
  EXPECT_TRUE(journal_.IsEmpty());
}

// A cluster is known by its endpoint.
TEST_F(GarageUnfinishedTest, WhatIsLeftOnAnotherClusterStaysNoted) {
  backends_.journal.Begin("garage_key", "http://elsewhere.example:3903", "GK0123456789abcdef01234567").Keep();
  ASSERT_TRUE(Apply(key_, R"({"name": "app"})")) << key_.host().Errors();
  EXPECT_FALSE(journal_.IsEmpty());
}

TEST_F(GarageUnfinishedTest, TheProvisionalAliasOfABucketIsGoneWhenItIsMade) {
  ASSERT_TRUE(Apply(bucket_, R"({"aliases": ["media"]})")) << bucket_.host().Errors();
  EXPECT_EQ(bucket_.State("aliases"), R"(["media"])");
  auto const requests = emulator_.requests();
  auto const created =
      std::ranges::find(requests, "/v2/CreateBucket", &emulators::garage::LoggedRequest::path);
  ASSERT_NE(created, requests.end());
  EXPECT_THAT(created->body, HasSubstr("unfinished-"));
}

}  // namespace
}  // namespace fediversity::resources
