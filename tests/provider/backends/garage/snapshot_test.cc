// How many calls a refresh takes.

#include <thread>

#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

class SnapshotTest : public ServerTest {
 protected:
  static void SetUpTestSuite() {
    ServerTest::SetUpTestSuite();
    shared_ids.clear();
  }
  void SetUp() override {
    ServerTest::SetUp();
    while (shared_ids.size() < kBuckets) shared_ids.insert(NewBucket().id);
    api_.admin->Forget();
  }

  static constexpr std::size_t kBuckets = 12;
  static inline std::set<std::string> shared_ids;
};

TEST_F(SnapshotTest, OneBucketIsOneCall) {
  ASSERT_TRUE(api_->FetchBucket(*shared_ids.begin(), Limits()).ok());
  ASSERT_TRUE(api_->FetchBucket(*shared_ids.begin(), Limits()).ok());
  EXPECT_THAT(api_.admin->calls(), ElementsAre("GetBucketInfo"));
}

TEST_F(SnapshotTest, ManyBucketsAreOneCallMore) {
  for (const std::string& id : shared_ids) {
    auto const bucket = api_->FetchBucket(id, Limits());
    ASSERT_TRUE(bucket.ok()) << bucket.status();
    EXPECT_EQ(bucket->id, id);
  }
  EXPECT_THAT(api_.admin->calls(), ElementsAre("GetBucketInfo", "ListBucketsInfo"));
}

TEST_F(SnapshotTest, ThoseWhoComeAtTheSameTimeShareOneList) {
  std::vector<std::jthread> readers;
  readers.reserve(shared_ids.size());
  for (const std::string& id : shared_ids) {
    readers.emplace_back([&, id] { EXPECT_TRUE(api_->FetchBucket(id, Limits()).ok()); });
  }
  readers.clear();
  EXPECT_EQ(api_.admin->Count("ListBucketsInfo"), 1);
  EXPECT_EQ(api_.admin->Count("GetBucketInfo"), 1);
}

TEST_F(SnapshotTest, AWriteMakesTheListOld) {
  for (const std::string& id : shared_ids) ASSERT_TRUE(api_->FetchBucket(id, Limits()).ok());
  std::string const& last = *shared_ids.rbegin();
  ASSERT_TRUE(api_->UpdateBucket(last, {.quotas = Quotas{.max_objects = 77}}, Limits()).ok());
  auto const seen = api_->FetchBucket(last, Limits());
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(seen->quotas.max_objects, 77U);
  // Also one that failed: it may have had its effect.
  for (const std::string& id : shared_ids) ASSERT_TRUE(api_->FetchBucket(id, Limits()).ok());
  api_.admin->Forget();
  api_.admin->Spoil("UpdateBucket",
                    {{.status = 500, .body = R"({"code": "InternalError", "message": "x"})"}});
  EXPECT_FALSE(api_->UpdateBucket(last, {}, Limits()).ok());
  ASSERT_TRUE(api_->FetchBucket(last, Limits()).ok());
  EXPECT_THAT(api_.admin->calls(), ElementsAre("UpdateBucket", "GetBucketInfo"));
}

TEST_F(SnapshotTest, PagesGoOnUntilAllIsRead) {
  for (int const page_size : {1, 2, 5, static_cast<int>(kBuckets) - 1, static_cast<int>(kBuckets)}) {
    OpenApi const paged = Open(*shared_server, clock_, {.page_size = page_size});
    auto const all = paged->ListBuckets(Limits());
    ASSERT_TRUE(all.ok()) << all.status();
    std::set<std::string> found;
    for (const auto& [id, bucket] : **all) {
      found.insert(id);
      EXPECT_EQ(bucket.id, id);
    }
    EXPECT_EQ(found, shared_ids) << page_size;
    EXPECT_EQ(paged.admin->Count("ListBucketsInfo"), static_cast<int>(kBuckets) / page_size + 1) << page_size;
    // What was listed serves single entries too.
    paged.admin->Forget();
    for (const std::string& id : shared_ids) EXPECT_TRUE(paged->FetchBucket(id, Limits()).ok());
    EXPECT_THAT(paged.admin->calls(), ElementsAre());
  }
}

TEST_F(SnapshotTest, AFewBucketsOfALargeClusterDoNotMakeAllBeRead) {
  OpenApi const paged = Open(*shared_server, clock_, {.page_size = 2});
  // The last ones come after all pages.
  std::vector<std::string> const sorted(shared_ids.begin(), shared_ids.end());
  for (std::size_t i = kBuckets - 3; i < kBuckets; ++i)
    ASSERT_TRUE(paged->FetchBucket(sorted[i], Limits()).ok());
  EXPECT_EQ(paged.admin->Count("ListBucketsInfo"), 1);
  EXPECT_EQ(paged.admin->Count("GetBucketInfo"), 3);
  // All of them cost no more than one by one, and with pages that are worth the name much less.
  for (const std::string& id : sorted) ASSERT_TRUE(paged->FetchBucket(id, Limits()).ok());
  EXPECT_LE(paged.admin->Count("ListBucketsInfo") + paged.admin->Count("GetBucketInfo"),
            static_cast<int>(kBuckets));
}

TEST_F(SnapshotTest, ABucketThatNoListHasIsAskedForBeforeItIsGone) {
  ASSERT_TRUE(api_->ListBuckets(Limits()).ok());
  api_.admin->Forget();
  std::string const unknown(64, '0');
  EXPECT_TRUE(absl::IsNotFound(api_->FetchBucket(unknown, Limits()).status()));
  EXPECT_THAT(api_.admin->calls(), ElementsAre("GetBucketInfo"));
  // Whatever else the server says is not "gone".
  api_.admin->Spoil("GetBucketInfo",
                    {{.status = 500, .body = R"({"code": "InternalError", "message": "x"})"}});
  EXPECT_TRUE(absl::IsInternal(api_->FetchBucket(unknown, Limits()).status()));
}

TEST_F(SnapshotTest, AServerWithoutListsIsAskedForEach) {
  Fault const unknown{.status = 400, .body = R"({"code": "InvalidRequest", "region": "garage", "path": "/",
      "message": "Bad request: Unknown API endpoint: GET /v2/ListBucketsInfo"})"};
  api_.admin->Spoil("ListBucketsInfo", std::vector<Fault>(9, unknown));
  for (const std::string& id : shared_ids) ASSERT_TRUE(api_->FetchBucket(id, Limits()).ok());
  EXPECT_EQ(api_.admin->Count("ListBucketsInfo"), 1);
  EXPECT_EQ(api_.admin->Count("GetBucketInfo"), static_cast<int>(kBuckets));
  auto const all = api_->ListBuckets(Limits());
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ((*all)->size(), kBuckets);
  EXPECT_EQ(api_.admin->Count("ListBucketsInfo"), 1);
}

TEST_F(SnapshotTest, AListThatIsNoneIsAnError) {
  ASSERT_TRUE(api_->FetchBucket(*shared_ids.begin(), Limits()).ok());
  for (const char* const body :
       {"{}", R"([{"id": "b"}, {"id": "a"}])", R"([{"id": "a"}, {"id": "a"}])", R"([{"id": 5}])"}) {
    api_.admin->Spoil("ListBucketsInfo", {{.status = 200, .body = body}});
    auto const bucket = api_->FetchBucket(*shared_ids.rbegin(), Limits());
    EXPECT_TRUE(absl::IsInternal(bucket.status())) << body << bucket.status();
  }
  EXPECT_TRUE(api_->FetchBucket(*shared_ids.rbegin(), Limits()).ok());
}

TEST_F(SnapshotTest, RefreshingBucketsKeysAndGrantsTakesFewCalls) {
  std::map<std::string, std::string> keys;  // by bucket
  for (const std::string& id : shared_ids) {
    keys[id] = NewKey().access_key_id;
    ASSERT_TRUE(api_->SetPermissions(id, keys[id], {.read = true}, Limits()).ok());
  }
  api_.admin->Forget();
  std::vector<std::jthread> readers;
  readers.reserve(shared_ids.size());
  for (const std::string& id : shared_ids) {
    readers.emplace_back([&, id] {
      EXPECT_TRUE(api_->FetchBucket(id, Limits()).ok());
      EXPECT_TRUE(api_->FetchKey(keys[id], Limits()).ok());
      auto const granted = api_->FetchBucket(id, Limits());
      ASSERT_TRUE(granted.ok());
      EXPECT_TRUE(granted->keys.at(keys[id]).permissions.read);
    });
  }
  readers.clear();
  EXPECT_EQ(api_.admin->Count("ListBucketsInfo"), 1);
  EXPECT_EQ(api_.admin->Count("ListKeysInfo"), 1);
  EXPECT_EQ(api_.admin->calls().size(), 4U);
}

TEST_F(SnapshotTest, ABucketWithKeyAndGrantTakesSevenCallsAtMost) {
  auto const bucket = api_->CreateBucket("", Limits());
  ASSERT_TRUE(bucket.ok());
  shared_ids.insert(bucket->id);
  ASSERT_TRUE(api_->AddGlobalAlias(bucket->id, "seven-calls", Limits()).ok());
  ASSERT_TRUE(api_->UpdateBucket(bucket->id, {.website = Website{.index_document = "i"}}, Limits()).ok());
  KeyCredentials const key = NewKey();
  ASSERT_TRUE(
      api_->UpdateKey(key.access_key_id, {.expiration = absl::Now() + absl::Hours(1)}, Limits()).ok());
  ASSERT_TRUE(
      api_->SetPermissions(bucket->id, key.access_key_id, {.read = true, .write = true}, Limits()).ok());
  EXPECT_THAT(api_.admin->calls(), ElementsAre("CreateBucket", "AddBucketAlias", "GetBucketInfo",
                                               "UpdateBucket", "ImportKey", "UpdateKey", "AllowBucketKey"));
}

}  // namespace
}  // namespace fediversity::garage
