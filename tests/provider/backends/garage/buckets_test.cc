#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kUnknownId = "00000000000000000000000000000000000000000000000000000000000000aa";

class BucketsTest : public ServerTest {};

Website FullWebsite() {
  return {
      .index_document = "index.html",
      .error_document = "error.html",
      .routing_rules = std::vector<RoutingRule>{
          {.condition = RoutingCondition{.key_prefix_equals = "old/", .http_error_code_returned_equals = 404},
           .redirect = {.host_name = "example.org",
                        .protocol = "https",
                        .http_redirect_code = 302,
                        .replace_key_prefix_with = "new/"}},
          {.redirect = {.http_redirect_code = 307, .replace_key_with = "gone.html"}}}};
}

std::vector<CorsRule> FullCors() {
  return {{.id = "r1",
           .allowed_origins = {"https://a.example", "*"},
           .allowed_methods = {"GET", "PUT"},
           .allowed_headers = {"*"},
           .expose_headers = {"etag"},
           .max_age_seconds = 3600},
          {.allowed_origins = {"*"}, .allowed_methods = {"GET"}}};
}

std::vector<LifecycleRule> FullLifecycle() {
  return {{.id = "l1",
           .filter = {.prefix = "tmp/", .object_size_greater_than = 10, .object_size_less_than = 1000},
           .expiration_days = 7,
           .abort_incomplete_multipart_upload_days = 2},
          {.enabled = false, .filter = {.prefix = "one"}, .expiration_date = "2030-01-01"},
          {.filter = {.object_size_less_than = 5}, .expiration_days = 1},
          {.abort_incomplete_multipart_upload_days = 1}};
}

TEST_F(BucketsTest, ANewBucketHasNoNameAndNothingSet) {
  Bucket const made = NewBucket();
  EXPECT_EQ(made.id.size(), 64U);
  auto const read = api_->ReadBucket(made.id, Limits());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->id, made.id);
  EXPECT_TRUE(read->global_aliases.empty());
  EXPECT_EQ(read->website, std::nullopt);
  EXPECT_EQ(read->quotas, Quotas{});
  EXPECT_TRUE(read->cors_rules.empty());
  EXPECT_TRUE(read->lifecycle_rules.empty());
  ASSERT_TRUE(read->created.has_value());
  EXPECT_LT(absl::Now() - *read->created, absl::Minutes(5));
}

TEST_F(BucketsTest, EverythingThatIsSetComesBackAndGoesAgain) {
  Bucket const made = NewBucket();
  constexpr std::uint64_t kLargest = ~std::uint64_t{0};
  BucketChange const all{.website = FullWebsite(),
                         .quotas = Quotas{.max_size = kLargest, .max_objects = 0},
                         .cors_rules = FullCors(),
                         .lifecycle_rules = FullLifecycle()};
  auto const set = api_->UpdateBucket(made.id, all, Limits());
  ASSERT_TRUE(set.ok()) << set.status();
  auto const read = api_->ReadBucket(made.id, Limits());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->website, FullWebsite());
  EXPECT_EQ(read->quotas.max_size, kLargest);
  EXPECT_EQ(read->quotas.max_objects, 0U);
  EXPECT_EQ(read->cors_rules, FullCors());
  EXPECT_EQ(read->lifecycle_rules, FullLifecycle());

  // One thing changes, and the others stay.
  auto const one = api_->UpdateBucket(made.id, {.quotas = Quotas{.max_objects = 5}}, Limits());
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->quotas, (Quotas{.max_objects = 5}));
  EXPECT_EQ(one->website, FullWebsite());
  EXPECT_EQ(one->cors_rules, FullCors());

  // Rules that a change leaves out stay as they are.
  auto const page = api_->UpdateBucket(made.id, {.website = Website{.index_document = "i"}}, Limits());
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->website->error_document, std::nullopt);
  EXPECT_EQ(page->website->routing_rules, FullWebsite().routing_rules);

  auto const cleared = api_->UpdateBucket(made.id,
                                          {.website = std::optional<Website>(),
                                           .quotas = Quotas{},
                                           .cors_rules = std::vector<CorsRule>(),
                                           .lifecycle_rules = std::vector<LifecycleRule>()},
                                          Limits());
  ASSERT_TRUE(cleared.ok()) << cleared.status();
  EXPECT_EQ(cleared->website, std::nullopt);
  EXPECT_EQ(cleared->quotas, Quotas{});
  EXPECT_TRUE(cleared->cors_rules.empty());
  EXPECT_TRUE(cleared->lifecycle_rules.empty());
}

TEST_F(BucketsTest, ARedirectWithoutACodeGetsTheServersOwn) {
  Website website{.index_document = "i",
                  .routing_rules = std::vector<RoutingRule>{{.redirect = {.replace_key_with = "gone.html"}}}};
  auto const set = api_->UpdateBucket(NewBucket().id, {.website = website}, Limits());
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->website->routing_rules->front().redirect.http_redirect_code, 302);
}

TEST_F(BucketsTest, AnUpdateOfNothingIsOneCallThatChangesNothing) {
  Bucket const made = NewBucket();
  api_.admin->Forget();
  EXPECT_TRUE(api_->UpdateBucket(made.id, {}, Limits()).ok());
  EXPECT_THAT(api_.admin->calls(), ElementsAre("UpdateBucket"));
}

TEST_F(BucketsTest, WhatTheServerRefusesComesWithItsReason) {
  Bucket const made = NewBucket();
  auto const method = api_->UpdateBucket(
      made.id, {.cors_rules = std::vector<CorsRule>{{.allowed_origins = {"*"}, .allowed_methods = {"G T"}}}},
      Limits());
  EXPECT_TRUE(absl::IsInvalidArgument(method.status())) << method.status();
  EXPECT_THAT(Text(method.status()), HasSubstr("Invalid CORSRule method"));
  EXPECT_THAT(Text(method.status()), HasSubstr("Bucket " + made.id.substr(0, 16) + ": changing it"));
  auto const date = api_->UpdateBucket(
      made.id, {.lifecycle_rules = std::vector<LifecycleRule>{{.expiration_date = "2030-01-01T05:00:00Z"}}},
      Limits());
  EXPECT_THAT(Text(date.status()), HasSubstr("date must be at midnight"));
}

TEST_F(BucketsTest, OnlyTheServersOwnWordMakesABucketGone) {
  EXPECT_TRUE(absl::IsNotFound(api_->ReadBucket(kUnknownId, Limits()).status()));
  EXPECT_TRUE(absl::IsNotFound(api_->FindBucket("no-such-alias", Limits()).status()));
  EXPECT_TRUE(absl::IsNotFound(api_->UpdateBucket(kUnknownId, {}, Limits()).status()));
  // A proxy that has no such page knows nothing of buckets.
  api_.admin->Spoil("GetBucketInfo", {{.status = 404, .body = "<html>no such page</html>"}});
  auto const proxy = api_->ReadBucket(kUnknownId, Limits());
  EXPECT_TRUE(absl::IsFailedPrecondition(proxy.status())) << proxy.status();
  EXPECT_THAT(Text(proxy.status()), HasSubstr("no answer of Garage"));
  // An id that is no id is the caller's fault.
  EXPECT_TRUE(absl::IsInvalidArgument(api_->ReadBucket("zz", Limits()).status()));
}

TEST_F(BucketsTest, DeletingIsDoneOnceTheBucketIsGone) {
  Bucket const made = NamedBucket("delete-me");
  EXPECT_TRUE(api_->DeleteBucket(made.id, Limits()).ok());
  EXPECT_TRUE(absl::IsNotFound(api_->ReadBucket(made.id, Limits()).status()));
  EXPECT_TRUE(absl::IsNotFound(api_->FindBucket("delete-me", Limits()).status()));
  EXPECT_TRUE(api_->DeleteBucket(made.id, Limits()).ok());
}

TEST_F(BucketsTest, CleansUpNothingWhereNothingIsUnfinished) {
  auto const deleted = api_->CleanupIncompleteUploads(NewBucket().id, absl::Hours(24), Limits());
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_EQ(*deleted, 0U);
}

TEST_F(BucketsTest, NoticesWhatAnOlderServerPassesOver) {
  Bucket const made = NewBucket();
  // The answer of a server that has stored the quota and dropped the rules.
  api_.admin->Spoil("UpdateBucket", {{.status = 200,
                                      .body = R"({"id": ")" + made.id +
                                              R"(", "globalAliases": [], "websiteAccess": false,
            "keys": [], "objects": 0, "quotas": {"maxSize": null, "maxObjects": 5}})"}});
  auto const changed = api_->UpdateBucket(made.id,
                                          {.website = FullWebsite(),
                                           .quotas = Quotas{.max_objects = 5},
                                           .cors_rules = FullCors(),
                                           .lifecycle_rules = FullLifecycle()},
                                          Limits());
  EXPECT_TRUE(absl::IsUnimplemented(changed.status())) << changed.status();
  EXPECT_THAT(Text(changed.status()),
              HasSubstr("the server did not take websiteAccess, corsRules, lifecycleRules\n"));
}

}  // namespace
}  // namespace fediversity::garage
