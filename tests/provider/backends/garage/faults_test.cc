// Each write with its answer lost, before and after it was carried out.

#include "absl/strings/match.h"
#include "provider/http/delivery.h"
#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Fault kLostBefore{};
const Fault kLostAfter{.carried_out = true};
constexpr const char* kNoQuorum =
    R"({"code": "ServiceUnavailable", "message": "Could not reach quorum of 2", "region": "garage", "path": "/"})";

class FaultsTest : public ServerTest {
 protected:
  static Fault NoQuorum(bool carried_out) {
    return {.carried_out = carried_out, .status = 503, .body = kNoQuorum};
  }
};

TEST_F(FaultsTest, AnEffectWhoseAnswerIsLostIsNotAnError) {
  Bucket const bucket = NamedBucket("lost-answers");
  KeyCredentials const credentials = *DrawKeyCredentials();
  const std::string& key = credentials.access_key_id;
  for (const Fault& fault : {kLostAfter, NoQuorum(true)}) {
    api_.admin->Spoil("ImportKey", {fault});
    EXPECT_TRUE(api_->ImportKey(credentials, "lost", Limits()).ok());
    api_.admin->Spoil("UpdateKey", {fault});
    EXPECT_TRUE(api_->UpdateKey(key, {.create_bucket = true}, Limits()).ok());
    api_.admin->Spoil("UpdateBucket", {fault});
    EXPECT_TRUE(api_->UpdateBucket(bucket.id, {.quotas = Quotas{.max_objects = 1}}, Limits()).ok());
    api_.admin->Spoil("AddBucketAlias", {fault});
    EXPECT_TRUE(api_->AddGlobalAlias(bucket.id, "lost-too", Limits()).ok());
    api_.admin->Spoil("AddBucketAlias", {fault});
    EXPECT_TRUE(api_->AddLocalAlias(bucket.id, key, "lost-local", Limits()).ok());
    api_.admin->Spoil("AllowBucketKey", {fault});
    EXPECT_TRUE(api_->SetPermissions(bucket.id, key, {.read = true, .write = true}, Limits()).ok());
    api_.admin->Spoil("DenyBucketKey", {fault});
    EXPECT_TRUE(api_->SetPermissions(bucket.id, key, {.read = true}, Limits()).ok());
    // A second removal finds nothing to remove, which the server calls an internal error.
    api_.admin->Spoil("RemoveBucketAlias", {fault});
    auto const removed = api_->RemoveGlobalAlias(bucket.id, "lost-too", Limits());
    ASSERT_TRUE(removed.ok()) << removed.status();
    EXPECT_THAT(removed->global_aliases, ElementsAre("lost-answers"));
    api_.admin->Spoil("RemoveBucketAlias", {fault});
    EXPECT_TRUE(api_->RemoveLocalAlias(bucket.id, key, "lost-local", Limits()).ok());
  }
  auto const read = api_->ReadBucket(bucket.id, Limits());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->keys.at(key).permissions, (Permissions{.read = true}));
  EXPECT_TRUE(read->keys.at(key).local_aliases.empty());
  api_.admin->Spoil("DeleteKey", {kLostAfter});
  EXPECT_TRUE(api_->DeleteKey(key, Limits()).ok());
  api_.admin->Spoil("DeleteBucket", {kLostAfter});
  EXPECT_TRUE(api_->DeleteBucket(bucket.id, Limits()).ok());
  EXPECT_TRUE(absl::IsNotFound(api_->ReadBucket(bucket.id, Limits()).status()));
}

TEST_F(FaultsTest, ACreationIsSentAgainOnlyIfItCannotHaveBeenCarriedOut) {
  auto const before = api_->ListBuckets(Limits());
  ASSERT_TRUE(before.ok());
  for (const auto& [id, bucket] : **before) ASSERT_TRUE(api_->DeleteBucket(id, Limits()).ok());
  api_.admin->Forget();
  api_.admin->Spoil("CreateBucket", {kLostBefore});
  auto const repeated = api_->CreateBucket("", Limits());
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_EQ(api_.admin->Count("CreateBucket"), 2);
  ASSERT_TRUE(api_->AddGlobalAlias(repeated->id, "has-a-name", Limits()).ok());

  // Nothing was carried out, and the one with a name is not taken for what is left.
  api_.admin->Spoil("CreateBucket", {{.status = 503, .body = kNoQuorum}});
  auto const nothing = api_->CreateBucket("", Limits());
  EXPECT_TRUE(absl::IsUnavailable(nothing.status())) << nothing.status();
  EXPECT_THAT(Text(nothing.status()), HasSubstr("No bucket without a name is to be seen"));

  api_.admin->Forget();
  api_.admin->Spoil("CreateBucket", {kLostAfter});
  auto const lost = api_->CreateBucket("", Limits());
  EXPECT_TRUE(absl::IsUnavailable(lost.status())) << lost.status();
  EXPECT_THAT(Text(lost.status()), HasSubstr("may have left an empty bucket that has no name. Made within"));
  auto const buckets = api_->ListBuckets(Limits());
  ASSERT_TRUE(buckets.ok());
  for (const auto& [id, bucket] : **buckets)
    EXPECT_EQ(absl::StrContains(Text(lost.status()), id), bucket.global_aliases.empty()) << id;
  EXPECT_EQ(http::DeliveryOf(lost.status()), http::Delivery::kUnknown);
  EXPECT_EQ(api_.admin->Count("CreateBucket"), 1);

  // By an alias of its own it is found.
  std::string const alias = DrawProvisionalAlias().value_or("");
  api_.admin->Spoil("CreateBucket", {kLostAfter});
  auto const found = api_->CreateBucket(alias, Limits());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(found->global_aliases, ElementsAre(alias));

  api_.admin->Forget();
  api_.admin->Spoil("CreateBucket", {NoQuorum(true)});
  auto const quorum = api_->CreateBucket("", Limits());
  EXPECT_TRUE(absl::IsUnavailable(quorum.status())) << quorum.status();
  EXPECT_THAT(Text(quorum.status()), HasSubstr("Could not reach quorum"));
  EXPECT_EQ(api_.admin->Count("CreateBucket"), 1);
}

TEST_F(FaultsTest, ReadsAreRepeatedAndThenGivenUp) {
  Bucket const bucket = NewBucket();
  api_.admin->Spoil("GetBucketInfo", {kLostBefore, NoQuorum(false), {.status = 502, .body = "<html>"}});
  EXPECT_TRUE(api_->ReadBucket(bucket.id, Limits()).ok());
  api_.admin->Spoil("GetBucketInfo", std::vector<Fault>(5, NoQuorum(false)));
  auto const lost = api_->ReadBucket(bucket.id, Limits());
  EXPECT_TRUE(absl::IsUnavailable(lost.status())) << lost.status();
  api_.admin->Spoil("GetBucketInfo", std::vector<Fault>(5, Fault{.status = 502, .body = "<html>"}));
  auto const proxy = api_->ReadBucket(bucket.id, Limits());
  EXPECT_TRUE(absl::IsUnavailable(proxy.status())) << proxy.status();
  EXPECT_THAT(Text(proxy.status()), HasSubstr("a proxy in front of Garage does not reach it"));
}

TEST_F(FaultsTest, AServersFaultIsReportedAndNotRepeated) {
  Bucket const bucket = NewBucket();
  api_.admin->Forget();
  api_.admin->Spoil("UpdateBucket", {{.status = 500, .body = R"({"code": "InternalError", "region": "garage",
      "message": "Internal error: disk on fire", "path": "/v2/UpdateBucket"})"}});
  auto const broken = api_->UpdateBucket(bucket.id, {}, Limits());
  EXPECT_TRUE(absl::IsInternal(broken.status())) << broken.status();
  EXPECT_THAT(Text(broken.status()), HasSubstr("disk on fire"));
  EXPECT_EQ(api_.admin->Count("UpdateBucket"), 1);
}

TEST_F(FaultsTest, ARemovalThatReallyFailedIsAnError) {
  Bucket const bucket = NamedBucket("stays-a");
  ASSERT_TRUE(api_->AddGlobalAlias(bucket.id, "stays-b", Limits()).ok());
  Fault const broken{.status = 500, .body = R"({"code": "InternalError", "message": "broken", "path": "/"})"};
  api_.admin->Spoil("RemoveBucketAlias", {broken});
  auto const removed = api_->RemoveGlobalAlias(bucket.id, "stays-b", Limits());
  EXPECT_TRUE(absl::IsInternal(removed.status())) << removed.status();
  KeyCredentials const key = NewKey();
  ASSERT_TRUE(api_->AddLocalAlias(bucket.id, key.access_key_id, "stays-c", Limits()).ok());
  api_.admin->Spoil("RemoveBucketAlias", {broken});
  auto const local = api_->RemoveLocalAlias(bucket.id, key.access_key_id, "stays-c", Limits());
  EXPECT_TRUE(absl::IsInternal(local.status())) << local.status();
}

TEST_F(FaultsTest, AnswersThatAreNoneAreRefused) {
  Bucket const bucket = NewBucket();
  for (const char* const body :
       {"", "null", "[]", "{}", "<html>", R"({"id": 5})", R"({"id": "x", "keys": {}})",
        R"({"id": "x", "quotas": {"maxSize": -1}})", R"({"id": "x", "created": "yesterday"})",
        R"({"id": "x", "globalAliases": [1]})"}) {
    api_.admin->Spoil("GetBucketInfo", {{.status = 200, .body = body}});
    auto const read = api_->ReadBucket(bucket.id, Limits());
    EXPECT_TRUE(absl::IsInternal(read.status())) << body << ": " << read.status();
    EXPECT_THAT(Text(read.status()), HasSubstr("the answer is not one of Garage's admin API"));
  }
  api_.admin->Spoil("CreateBucket", {{.carried_out = true, .status = 200, .body = "<html>"}});
  auto const made = api_->CreateBucket("", Limits());
  EXPECT_TRUE(absl::IsInternal(made.status())) << made.status();
  EXPECT_THAT(Text(made.status()), HasSubstr("may have left an empty bucket"));
}

TEST_F(FaultsTest, AnInterruptEndsACall) {
  cancel_.Cancel();
  EXPECT_TRUE(absl::IsCancelled(api_->CreateBucket("", Limits()).status()));
  EXPECT_TRUE(absl::IsCancelled(api_->ListBuckets(Limits()).status()));
}

}  // namespace
}  // namespace fediversity::garage
