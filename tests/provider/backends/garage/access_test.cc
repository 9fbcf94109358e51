// Tokens that are refused, scoped, expired or wrong, and servers that are not what they should be.

#include "provider/backends/garage/access_check.h"
#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class AccessTest : public ServerTest {
 protected:
  // A token that the server draws.
  static std::string NewToken(const nlohmann::json& wishes) {
    auto const made = shared_server->Call("CreateAdminToken", wishes);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->value("secretToken", "") : "";
  }
};

TEST_F(AccessTest, ACallOutsideTheScopeIsNamed) {
  OpenApi const reader =
      Open(*shared_server, clock_,
           {.token = NewToken({{"name", "reader"}, {"scope", {"GetBucketInfo", "GetKeyInfo"}}})});
  EXPECT_TRUE(absl::IsNotFound(reader->FindBucket("no-such", Limits()).status()));
  auto const refused = reader->CreateBucket("", Limits());
  EXPECT_TRUE(absl::IsPermissionDenied(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), HasSubstr("the admin token may not call CreateBucket\n"));
  EXPECT_THAT(Text(refused.status()), HasSubstr("The admin token \"reader\" is valid"));
  EXPECT_THAT(Text(refused.status()), HasSubstr("GetBucketInfo, GetKeyInfo"));
  EXPECT_THAT(Text(refused.status()), Not(HasSubstr("bucket that has no name")));
  EXPECT_THAT(reader.admin->calls(),
              ElementsAre("GetBucketInfo", "CreateBucket", "GetCurrentAdminTokenInfo"));
}

TEST_F(AccessTest, AWrongTokenIsUnauthenticatedAndNeverShown) {
  OpenApi const stranger = Open(*shared_server, clock_, {.token = "no-token-of-this-server"});
  auto const refused = stranger->ReadHealth(Limits());
  EXPECT_TRUE(absl::IsUnauthenticated(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), HasSubstr("It is wrong or has expired"));
  EXPECT_THAT(Text(refused.status()), Not(HasSubstr("no-token-of-this-server")));
  EXPECT_TRUE(absl::IsUnauthenticated(stranger->ReadToken(Limits()).status()));
}

TEST_F(AccessTest, AnExpiredTokenIsUnauthenticated) {
  OpenApi const late =
      Open(*shared_server, clock_,
           {.token = NewToken({{"name", "late"}, {"scope", {"*"}}, {"expiration", "2020-01-01T00:00:00Z"}})});
  EXPECT_TRUE(absl::IsUnauthenticated(late->ReadHealth(Limits()).status()));
}

TEST_F(AccessTest, AServerThatDoesNotExplainIsNotGuessedAt) {
  OpenApi const stranger = Open(*shared_server, clock_, {.token = "no-token-of-this-server"});
  stranger.admin->Spoil("GetCurrentAdminTokenInfo",
                        {{.status = 400, .body = R"({"code": "InvalidRequest", "region": "garage",
      "message": "Bad request: Unknown API endpoint: GET /v2/GetCurrentAdminTokenInfo", "path": "/v2/x"})"}});
  auto const refused = stranger->ReadHealth(Limits());
  EXPECT_TRUE(absl::IsPermissionDenied(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), HasSubstr("or its scope lacks GetClusterHealth"));
}

TEST_F(AccessTest, TheTokenTellsWhatItMayDo) {
  auto const all = api_->ReadToken(Limits());
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->id, std::nullopt);
  EXPECT_TRUE(all->Allows("DeleteBucket"));
  for (const AccessFinding& finding : CheckAccess(*all)) EXPECT_TRUE(finding.ok()) << finding.work;

  OpenApi const reader =
      Open(*shared_server, clock_,
           {.token = NewToken({{"name", "some"}, {"scope", {"GetKeyInfo", "DeleteKey"}}})});
  auto const some = reader->ReadToken(Limits());
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_EQ(some->name, "some");
  EXPECT_TRUE(some->id.has_value());
  std::vector<std::string> good;
  for (const AccessFinding& finding : CheckAccess(*some)) {
    if (finding.ok()) good.push_back(finding.work);
    if (finding.work == "read buckets") {
      EXPECT_THAT(finding.missing, ElementsAre("GetBucketInfo"));
    }
  }
  EXPECT_THAT(good, ElementsAre("read keys", "delete keys"));
}

TEST_F(AccessTest, ATokenWithoutTheListsAsksForEachEntry) {
  std::string const first = NewBucket().id;
  std::string const second = NewBucket().id;
  OpenApi const reader =
      Open(*shared_server, clock_,
           {.token = NewToken({{"name", "single"}, {"scope", {"GetBucketInfo", "ListBuckets"}}})});
  for (const std::string& id : {first, second, first, second}) {
    auto const bucket = reader->FetchBucket(id, Limits());
    ASSERT_TRUE(bucket.ok()) << bucket.status();
    EXPECT_EQ(bucket->id, id);
  }
  EXPECT_EQ(reader.admin->Count("ListBucketsInfo"), 1);
  auto const all = reader->ListBuckets(Limits());
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_TRUE((*all)->contains(first));
  EXPECT_TRUE((*all)->contains(second));
}

TEST_F(AccessTest, RefreshingSendsNoWrite) {
  Bucket const bucket = NewBucket();
  std::string const key = NewKey().access_key_id;
  OpenApi const reader =
      Open(*shared_server, clock_,
           {.token = NewToken(
                {{"name", "refresh"},
                 {"scope",
                  {"GetBucketInfo", "ListBucketsInfo", "GetKeyInfo", "ListKeysInfo", "GetClusterHealth"}}})});
  EXPECT_TRUE(reader->FetchBucket(bucket.id, Limits()).ok());
  EXPECT_TRUE(reader->FetchKey(key, Limits()).ok());
  EXPECT_TRUE(reader->ListBuckets(Limits()).ok());
  EXPECT_TRUE(reader->ListKeys(Limits()).ok());
}

TEST_F(AccessTest, TheClusterIsRead) {
  auto const health = api_->ReadHealth(Limits());
  ASSERT_TRUE(health.ok()) << health.status();
  EXPECT_EQ(health->status, "healthy");
  EXPECT_EQ(health->storage_nodes_up, 1);
  auto const status = api_->ReadStatus(Limits());
  ASSERT_TRUE(status.ok()) << status.status();
  ASSERT_EQ(status->nodes.size(), 1U);
  const Node& node = status->nodes.front();
  EXPECT_EQ(node.id, shared_server->node_id());
  EXPECT_TRUE(node.is_up);
  ASSERT_TRUE(node.role.has_value());
  EXPECT_EQ(node.role->zone, "zone0");
  EXPECT_THAT(node.role->tags, ElementsAre("test"));
  EXPECT_EQ(node.role->capacity, 1'000'000'000U);
  ASSERT_TRUE(node.data_partition.has_value());
  EXPECT_GT(node.data_partition->total, node.data_partition->available);
  auto const version = api_->ReadVersion(Limits());
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(*version, node.garage_version);
  EXPECT_THAT(*version, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  auto const layout = api_->ReadLayout(Limits());
  ASSERT_TRUE(layout.ok()) << layout.status();
  EXPECT_EQ(layout->version, 1);
  ASSERT_EQ(layout->roles.size(), 1U);
  EXPECT_EQ(layout->roles.front().stored_partitions, 256);
  EXPECT_EQ(layout->zone_redundancy, std::nullopt);
  EXPECT_EQ(layout->staged_changes, 0);
  auto const statistics = api_->ReadStatistics(Limits());
  ASSERT_TRUE(statistics.ok()) << statistics.status();
  EXPECT_TRUE(statistics->data_available.has_value());
  EXPECT_TRUE(statistics->bucket_count.has_value());
}

}  // namespace
}  // namespace fediversity::garage
