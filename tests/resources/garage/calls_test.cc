// How many calls it takes, since each costs a real server 20 ms of one core.

#include "provider/base/text.h"
#include "resources/garage/bucket.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/key.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

class GarageCallsTest : public GarageResourceTest {
 protected:
  std::string Access(const Managed& bucket, const Managed& key) {
    return Cat({R"({"bucket_id": ")", bucket.Text("id"), R"(", "access_key_id": ")",
                key.Text("access_key_id"), R"(", "read": true, "write": true})"});
  }
};

TEST_F(GarageCallsTest, ABucketWithAKeyAndAGrantTakesSeven) {
  Managed bucket(MakeGarageBucket, backends_);
  Managed key(MakeGarageKey, backends_);
  Managed access(MakeGarageBucketAccess, backends_);
  auto const make = [](Managed& managed, std::string_view json) {
    auto const plan = managed.host().MakePlan(managed.Config(json));
    ASSERT_TRUE(plan.has_value()) << managed.host().Errors();
    ASSERT_TRUE(managed.host().Apply(*plan)) << managed.host().Errors();
  };
  Configure();
  make(
      bucket,
      R"({"aliases": ["media"], "website": {"index_document": "index.html"}, "quotas": {"max_size": "50G"}})");
  make(key, R"({"name": "app"})");
  make(access, Access(bucket, key));
  EXPECT_THAT(Requests(), SizeIs(Le(7U))) << ::testing::PrintToString(Requests());
}

// 1,000 of each that exist already, in one process.
TEST_F(GarageCallsTest, ARefreshOfAThousandOfEachTakesEight) {
  constexpr int kCount = 1000;
  struct Made {
    std::string bucket;
    std::string key;
  };
  std::vector<Made> made;
  for (int number = 0; number < kCount; ++number) {
    made.push_back(
        {GivenBucket("bucket-" + std::to_string(number)), GivenKey("key-" + std::to_string(number))});
    emulator_.With([&](GarageStore& store) {
      store.buckets.at(made.back().bucket).grants[made.back().key] = {.read = true, .write = true};
    });
  }
  Managed bucket(MakeGarageBucket, backends_);
  Managed key(MakeGarageKey, backends_);
  Managed access(MakeGarageBucketAccess, backends_);
  auto const import = [](Managed& managed, const std::string& id) {
    ASSERT_TRUE(managed.host().Import({.id = id, .identity = {}})) << managed.host().Errors();
  };
  // As 3,000 states that are refreshed: each host takes up one after the other.
  Configure();
  import(key, made[0].key);
  emulator_.ForgetRequests();
  Configure();
  for (const Made& one : made) {
    import(bucket, one.bucket);
    import(access, one.bucket + "/" + one.key);
  }
  CancelToken const never;
  for (const Made& one : made) {
    wire::Value state = key.host().state();
    state.Set("access_key_id", wire::Value::String(one.key));
    auto const read = schema::ReadResource(key.resource(), {.state = state, .private_bytes = ""},
                                           {.cancel = never, .write_only_allowed = true});
    ASSERT_FALSE(read.state.is_null()) << one.key;
  }
  EXPECT_THAT(Requests(), SizeIs(Le(8U))) << ::testing::PrintToString(Requests());
}

// Lists come in another order with every call, and yet nothing has changed.
TEST_F(GarageCallsTest, APlanAfterApplyIsEmptyAHundredTimes) {
  Managed bucket(MakeGarageBucket, backends_);
  constexpr std::string_view kBucket =
      R"({"aliases": ["zz-1", "aa-1", "mm-1"], "website": {"index_document": "i",
      "routing_rules": [{"condition": {"key_prefix_equals": "old/"}, "redirect": {"replace_key_prefix_with": "new/"}}]},
      "cors_rules": [{"allowed_origins": ["https://b.example", "https://a.example"], "allowed_methods": ["PUT", "GET"],
          "allowed_headers": ["x-b", "x-a"]}],
      "lifecycle_rules": [{"prefix": "tmp/", "expiration_days": 7}, {"id": "up", "abort_incomplete_multipart_upload_days": 1}]})";
  ASSERT_TRUE(Apply(bucket, kBucket)) << bucket.host().Errors();
  std::vector<std::unique_ptr<Managed>> accesses;
  std::vector<std::string> configs;
  for (int number = 0; number < 5; ++number) {
    Managed key(MakeGarageKey, backends_);
    ASSERT_TRUE(Apply(key, R"({"name": "k"})")) << key.host().Errors();
    accesses.push_back(std::make_unique<Managed>(MakeGarageBucketAccess, backends_));
    configs.push_back(Access(bucket, key));
    ASSERT_TRUE(Apply(*accesses.back(), configs.back())) << accesses.back()->host().Errors();
  }
  for (int count = 0; count < 100; ++count) {
    ASSERT_EQ(Planned(bucket, kBucket), Action::kNoOp) << count;
    std::size_t const one = static_cast<std::size_t>(count) % accesses.size();
    ASSERT_EQ(Planned(*accesses[one], configs[one]), Action::kNoOp) << count;
  }
}

TEST_F(GarageCallsTest, ATokenThatMayOnlyReadIsEnoughToPlan) {
  Managed bucket(MakeGarageBucket, backends_);
  Managed key(MakeGarageKey, backends_);
  Managed access(MakeGarageBucketAccess, backends_);
  constexpr std::string_view kBucket = R"({"aliases": ["media"]})";
  ASSERT_TRUE(Apply(bucket, kBucket));
  ASSERT_TRUE(Apply(key, R"({"name": "app"})"));
  ASSERT_TRUE(Apply(access, Access(bucket, key)));
  emulator_.ForgetRequests();
  Configure(
      emulator_.MakeToken({"GetBucketInfo", "ListBuckets", "ListBucketsInfo", "GetKeyInfo", "ListKeysInfo"}));
  for (auto& [managed, json] : std::vector<std::pair<Managed*, std::string>>{
           {&bucket, std::string(kBucket)}, {&key, R"({"name": "app"})"}, {&access, Access(bucket, key)}}) {
    ASSERT_TRUE(managed->host().Refresh()) << managed->host().Errors();
    auto const plan = managed->host().MakePlan(managed->Config(json));
    ASSERT_TRUE(plan.has_value()) << managed->host().Errors();
    EXPECT_EQ(plan->action, Action::kNoOp);
    auto const changed =
        managed->host().MakePlan(managed->Config(managed == &bucket ? R"({"aliases": ["media", "more"]})"
                                                 : managed == &key  ? R"({"name": "b"})"
                                                                    : json));
    EXPECT_TRUE(changed.has_value()) << managed->host().Errors();
  }
  for (const auto& request : emulator_.requests()) {
    EXPECT_EQ(request.method, "GET") << request.path;
    EXPECT_EQ(request.status, 200) << request.path;
  }
}

}  // namespace
}  // namespace fediversity::resources
