// A bucket's attributes, one after the other.

#include "resources/garage/bucket.h"

#include "provider/base/text.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::WarningOn;

class GarageBucketTest : public GarageResourceTest {
 protected:
  template <typename Look>
  auto Held(Look look) {
    return emulator_.With([&](GarageStore& store) { return look(store.buckets.at(bucket_.Text("id"))); });
  }
  // Applies, and finds the plan empty.
  void Set(std::string_view json) {
    ASSERT_TRUE(Apply(bucket_, json)) << json << "\n" << bucket_.host().Errors();
    ASSERT_EQ(Planned(bucket_, json), Action::kNoOp) << json;
    ASSERT_THAT(bucket_.host().faults(), IsEmpty()) << json;
  }
  std::vector<schema::Diagnostic> Validated(std::string_view json) {
    CancelToken const never;
    return schema::ValidateConfig(bucket_.resource(), bucket_.Config(json), {.cancel = never}).list();
  }

  Managed bucket_{MakeGarageBucket, backends_};
};

TEST_F(GarageBucketTest, HasNothingThatIsNotAskedFor) {
  Set("{}");
  EXPECT_EQ(bucket_.State("aliases"), "[]");
  EXPECT_EQ(bucket_.State("website.enabled"), "false");
  EXPECT_EQ(bucket_.State("quotas.max_size"), "null");
  EXPECT_EQ(bucket_.State("cors_rules"), "[]");
  EXPECT_EQ(bucket_.State("lifecycle_rules"), "[]");
  EXPECT_EQ(bucket_.State("force_destroy"), "false");
  EXPECT_THAT(bucket_.Text("created"), ::testing::MatchesRegex("20..-..-..T.*Z"));
}

TEST_F(GarageBucketTest, WhatIsLeftOutStaysAndWhatIsEmptyGoes) {
  Set(R"({"aliases": ["media"], "website": {"index_document": "i.html", "error_document": "e.html",
          "routing_rules": [{"redirect": {"host_name": "example.org", "protocol": "https"}}]},
          "quotas": {"max_size": "50G", "max_objects": 7},
          "cors_rules": [{"id": "c", "allowed_origins": ["*"], "allowed_methods": ["GET"], "max_age_seconds": 0}],
          "lifecycle_rules": [{"id": "l", "prefix": "tmp/", "object_size_greater_than": "1M", "expiration_date": "2031-02-03"}]})");
  std::string const before = bucket_.State("");
  Set("{}");
  EXPECT_EQ(bucket_.State(""), before);
  Set(R"({"quotas": {"max_objects": 7}})");
  EXPECT_EQ(Held([](auto& bucket) { return bucket.max_size; }), std::nullopt);
  EXPECT_EQ(Held([](auto& bucket) { return bucket.max_objects; }), 7U);
  Set(R"({"website": {"index_document": "i.html"}})");
  EXPECT_EQ(Held([](auto& bucket) { return bucket.website->error; }), std::nullopt);
  EXPECT_TRUE(Held([](auto& bucket) { return bucket.website->rules.empty(); }));
  Set(R"({"quotas": {}, "website": {"enabled": false}, "cors_rules": [], "lifecycle_rules": []})");
  EXPECT_EQ(Held([](auto& bucket) { return bucket.max_objects; }), std::nullopt);
  EXPECT_FALSE(Held([](auto& bucket) { return bucket.website.has_value(); }));
  EXPECT_TRUE(Held([](auto& bucket) { return bucket.cors_rules.empty() && bucket.lifecycle_rules.empty(); }));
  EXPECT_EQ(bucket_.State("aliases"), R"(["media"])");
}

TEST_F(GarageBucketTest, SpellingIsNoChange) {
  Set(R"({"aliases": ["aaa", "bbb"], "quotas": {"max_size": "1G"},
          "lifecycle_rules": [{"expiration_date": "2031-02-03", "object_size_less_than": "2M"}]})");
  emulator_.ForgetRequests();
  EXPECT_EQ(Planned(bucket_, R"({"aliases": ["bbb", "aaa"], "quotas": {"max_size": "1024MiB"},
      "lifecycle_rules": [{"expiration_date": "2031-02-03T00:00:00Z", "object_size_less_than": "2048K"}]})"),
            Action::kNoOp);
  EXPECT_EQ(Planned(bucket_, R"({"quotas": {"max_size": "1GB"}})"), Action::kUpdate);
  for (const std::string& request : Requests())
    EXPECT_THAT(request, ::testing::StartsWith("GET ")) << request;
}

TEST_F(GarageBucketTest, OnlyWhatChangesIsSent) {
  Set(R"({"aliases": ["media"], "quotas": {"max_size": "1G"}, "force_destroy": true})");
  emulator_.ForgetRequests();
  ASSERT_TRUE(
      Apply(bucket_, R"({"aliases": ["media"], "quotas": {"max_size": "1G"}, "force_destroy": false})"));
  EXPECT_THAT(Requests(), Not(Contains(::testing::StartsWith("POST "))));
  ASSERT_TRUE(Apply(bucket_, R"({"quotas": {"max_size": "2G"}})")) << bucket_.host().Errors();
  EXPECT_THAT(Requests(), Contains("POST /v2/UpdateBucket"));
  EXPECT_THAT(Requests(), Not(Contains("POST /v2/AddBucketAlias")));
  for (const auto& request : emulator_.requests()) {
    if (request.path == "/v2/UpdateBucket") {
      EXPECT_EQ(request.body.find("website"), std::string::npos);
    }
  }
}

TEST_F(GarageBucketTest, IsNotDeletedWithObjectsInside) {
  Set(R"({"aliases": ["media"]})");
  emulator_.With([&](GarageStore& store) { store.buckets.at(bucket_.Text("id")).objects["a"] = "text"; });
  EXPECT_FALSE(Destroy(bucket_));
  EXPECT_THAT(bucket_.host().diagnostics(), Contains(ErrorOn("", "is not empty", "force_destroy = true")));
  EXPECT_TRUE(bucket_.host().exists());
  EXPECT_EQ(Held([](auto& bucket) { return bucket.objects.size(); }), 1U);
  Set(R"({"aliases": ["media"], "force_destroy": true})");
  EXPECT_TRUE(Destroy(bucket_)) << bucket_.host().Errors();
  EXPECT_EQ(Buckets(), 0U);
  EXPECT_EQ(Keys(), 0U) << "the key by which the objects were deleted";
}

TEST_F(GarageBucketTest, CleansUpUploadsWhenItIsTold) {
  auto const uploads = [this] { return Held([](auto& bucket) { return bucket.uploads.size(); }); };
  Set(R"({"aliases": ["media"]})");
  emulator_.With([&](GarageStore& store) {
    auto& bucket = store.buckets.at(bucket_.Text("id"));
    bucket.uploads["01"] = {.key = "old", .started = store.Now() - 7'200'000, .parts = {}};
    bucket.uploads["02"] = {.key = "new", .started = store.Now(), .parts = {}};
  });
  Set(R"({"cleanup_incomplete_uploads": {"older_than": "1h"}})");
  EXPECT_EQ(uploads(), 1U);
  emulator_.With([&](GarageStore& store) {
    store.buckets.at(bucket_.Text("id")).uploads["03"] = {
        .key = "old", .started = store.Now() - 7'200'000, .parts = {}};
  });
  Set(R"({"cleanup_incomplete_uploads": {"older_than": "1h"}, "quotas": {"max_objects": 5}})");
  EXPECT_EQ(uploads(), 2U) << "it was done already";
  Set(R"({"cleanup_incomplete_uploads": {"older_than": "1h", "run": 2}})");
  EXPECT_EQ(uploads(), 1U);
}

TEST_F(GarageBucketTest, IsImportedByIdByAliasAndByIdentity) {
  std::string const id = GivenBucket("media");
  Configure();
  for (const std::string& name : {id, std::string("media")}) {
    Managed imported(MakeGarageBucket, backends_);
    ASSERT_TRUE(Import(imported, name)) << imported.host().Errors();
    EXPECT_EQ(imported.Text("id"), id);
    EXPECT_EQ(Planned(imported, R"({"aliases": ["media"]})"), Action::kNoOp);
    EXPECT_EQ(Planned(imported, "{}"), Action::kNoOp);
  }
  Managed by_identity(MakeGarageBucket, backends_);
  ASSERT_TRUE(
      by_identity.host().Import({.id = "", .identity = wire::Value::Map({{"id", wire::Value::String(id)}})}));
  EXPECT_EQ(by_identity.State("aliases"), R"(["media"])");
  Managed absent(MakeGarageBucket, backends_);
  EXPECT_FALSE(Import(absent, "no-such-alias"));
  EXPECT_FALSE(Import(absent, std::string(64, '0')));
  EXPECT_FALSE(Import(absent, "NOT AN ALIAS"));
}

TEST_F(GarageBucketTest, IsGoneOnlyWhereGarageSaysSo) {
  Set(R"({"aliases": ["media"]})");
  emulator_.AddFault({.path = "/v2/.*", .times = 1000, .status = 403, .message = "Forbidden"});
  Configure();
  EXPECT_FALSE(bucket_.host().Refresh());
  EXPECT_TRUE(bucket_.host().exists());
  emulator_.ClearFaults();
  emulator_.With([&](GarageStore& store) { store.DropBucket(bucket_.Text("id")); });
  Configure();
  EXPECT_TRUE(bucket_.host().Refresh());
  EXPECT_FALSE(bucket_.host().exists());
}

TEST_F(GarageBucketTest, WhatFailsAfterItWasMadeIsCarriedOnWith) {
  emulator_.AddFault({.path = "/v2/UpdateBucket", .times = 1000, .status = 503, .message = "no quorum"});
  EXPECT_TRUE(Apply(bucket_, R"({"aliases": ["media"], "quotas": {"max_objects": 3}})"));
  EXPECT_THAT(bucket_.host().diagnostics(), Contains(WarningOn("quotas", "is not finished", "carries on")));
  EXPECT_FALSE(bucket_.host().tainted());
  std::string const id = bucket_.Text("id");
  emulator_.ClearFaults();
  Set(R"({"aliases": ["media"], "quotas": {"max_objects": 3}})");
  EXPECT_EQ(bucket_.Text("id"), id);
  EXPECT_EQ(Held([](auto& bucket) { return bucket.max_objects; }), 3U);
}

TEST_F(GarageBucketTest, MistakesAreFoundBeforeAnythingIsAsked) {
  emulator_.ForgetRequests();
  const std::string kCases[][3] = {
      {R"({"aliases": ["UPPER"]})", "", "a-z, 0-9"},
      {R"({"aliases": ["ab"]})", "", "3 to 63"},
      {R"({"aliases": ["192.0.2.1"]})", "", "IP address"},
      {R"({"aliases": ["a-s3alias"]})", "", "-s3alias"},
      {R"({"website": {}})", "website", "index_document"},
      {R"({"website": {"enabled": false, "index_document": "i"}})", "website.enabled", "enabled = true"},
      {R"({"website": {"index_document": "a/b"}})", "website.index_document", "`/`"},
      {R"({"quotas": {"max_size": "much"}})", "quotas.max_size", "size with a unit"},
      {R"({"quotas": {"max_objects": -1}})", "quotas.max_objects", "negative"},
      {R"({"cors_rules": [{"allowed_origins": [], "allowed_methods": ["GET"]}]})",
       "cors_rules[0].allowed_origins", "at least one"},
      {R"({"lifecycle_rules": [{"prefix": "a"}]})", "lifecycle_rules[0]", "At least one of"},
      {R"({"lifecycle_rules": [{"expiration_days": 0}]})", "lifecycle_rules[0].expiration_days",
       "at least 1"},
      {R"({"lifecycle_rules": [{"expiration_date": "2031-02-30"}]})", "lifecycle_rules[0].expiration_date",
       "midnight"},
      {R"({"lifecycle_rules": [{"expiration_days": 1, "expiration_date": "2031-02-03"}]})",
       "lifecycle_rules[0]", "At most one of"},
      {R"({"cleanup_incomplete_uploads": {"older_than": "soon"}})", "cleanup_incomplete_uploads.older_than",
       "duration"},
  };
  for (const auto& [json, path, text] : kCases) {
    auto const found = Validated(json);
    ASSERT_EQ(found.size(), 1U) << json;
    EXPECT_NE((found[0].summary + found[0].detail).find(text), std::string::npos) << json << "\n"
                                                                                  << found[0].summary << "\n"
                                                                                  << found[0].detail;
    if (!path.empty()) {
      EXPECT_EQ(found[0].path.ToString(), path) << json;
    }
  }
  EXPECT_THAT(Requests(), IsEmpty());
}

// Servers before 2.3 pass over rules that they do not know.
class OldGarageTest : public GarageResourceTest {
 protected:
  OldGarageTest() : GarageResourceTest({.version = emulators::garage::Version::kTwoOne}) {}
};

TEST_F(OldGarageTest, RulesThatItDropsAreNotTakenForDone) {
  Managed bucket(MakeGarageBucket, backends_);
  EXPECT_FALSE(Apply(
      bucket,
      R"({"aliases": ["media"], "cors_rules": [{"allowed_origins": ["*"], "allowed_methods": ["GET"]}]})"));
  EXPECT_THAT(bucket.host().diagnostics(), Contains(ErrorOn("cors_rules", "", "2.3")));
  EXPECT_EQ(Buckets(), 0U);
  constexpr std::string_view kPlain =
      R"({"aliases": ["media"], "website": {"index_document": "i"}, "quotas": {"max_size": "1G"}})";
  ASSERT_TRUE(Apply(bucket, kPlain)) << bucket.host().Errors();
  EXPECT_EQ(Planned(bucket, kPlain), Action::kNoOp);
  ASSERT_TRUE(Apply(bucket, R"({"website": {"index_document": "j"}})")) << bucket.host().Errors();
}

}  // namespace
}  // namespace fediversity::resources
