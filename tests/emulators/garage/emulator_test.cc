// What recordings show and no sequence of calls can be made from: races between nodes, chance, other versions.

#include <set>

#include "tests/emulators/garage/emulator_fixture.h"

namespace fediversity::emulators::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EmulatedTwoFiveTest : public GarageEmulatorTest {};

TEST_F(EmulatedTwoFiveTest, AfterARaceBothBucketsClaimTheAlias) {
  std::string const loser = MakeBucket({{"globalAlias", "race"}});
  std::string const winner = MakeBucket();
  garage_.With([&](Store& store) { store.GiveAlias("race", winner); });
  EXPECT_EQ(Get("/v2/GetBucketInfo?globalAlias=race").json()["id"], winner);
  EXPECT_THAT(Bucket(loser)["globalAliases"], ElementsAre("race"));
  EXPECT_THAT(Bucket(winner)["globalAliases"], ElementsAre("race"));
  TestAnswer const removed = Post("/v2/RemoveBucketAlias", {{"bucketId", loser}, {"globalAlias", "race"}});
  EXPECT_EQ(removed.status, 500);
  EXPECT_THAT(removed.body, HasSubstr("alias not found or does not point to bucket " + loser.substr(0, 16)));
  EXPECT_EQ(Post("/v2/DeleteBucket?id=" + loser).status, 200);
  EXPECT_EQ(Get("/v2/GetBucketInfo?globalAlias=race").json()["id"], winner);
}

TEST_F(EmulatedTwoFiveTest, KeysAndBucketsComeInAnyOrder) {
  std::string const bucket = MakeBucket();
  for (int count = 0; count < 6; ++count) Grant(bucket, MakeKey("k"), {{"read", true}});
  std::set<std::string> orders;
  for (int count = 0; count < 20; ++count) orders.insert(Bucket(bucket)["keys"].dump());
  EXPECT_GT(orders.size(), 10U);
}

TEST_F(EmulatedTwoFiveTest, PagesBeginWithTheirOffset) {
  for (int count = 0; count < 5; ++count) MakeBucket();
  Json const all = Get("/v2/ListBucketsInfo").json();
  ASSERT_THAT(all, SizeIs(5));
  Json const page = Get("/v2/ListBucketsInfo?limit=2&offset=" + all[1]["id"].get<std::string>()).json();
  ASSERT_THAT(page, SizeIs(2));
  EXPECT_EQ(page[0]["id"], all[1]["id"]);
  EXPECT_EQ(page[1]["id"], all[2]["id"]);
}

TEST_F(EmulatedTwoFiveTest, AWebsiteIsServedUnderItsAlias) {
  std::string const bucket = MakeBucket({{"globalAlias", "www.example.org"}});
  auto const page = [&](const std::string& path) {
    return SendTest({.method = "GET", .url = garage_.WebUrl() + path, .host = "www.example.org"});
  };
  garage_.With([&](Store& store) {
    store.buckets.at(bucket).objects = {{"index.html", "welcome"}, {"lost.html", "lost"}};
  });
  EXPECT_EQ(page("/").status, 404);
  Json const website = {{"enabled", true}, {"indexDocument", "index.html"}, {"errorDocument", "lost.html"}};
  EXPECT_EQ(Post("/v2/UpdateBucket?id=" + bucket, {{"websiteAccess", website}}).status, 200);
  EXPECT_EQ(page("/").body, "welcome");
  EXPECT_EQ(page("/none").body, "lost");
  EXPECT_EQ(page("/none").status, 404);
}

class EmulatedTwoOneTest : public GarageEmulatorTest {
 protected:
  EmulatedTwoOneTest() : GarageEmulatorTest(Version::kTwoOne) {}
};

TEST_F(EmulatedTwoOneTest, DropsRules) {
  Json const rules = {{"corsRules", {{{"AllowedOrigin", {"*"}}, {"AllowedMethod", {"GET"}}}}},
                      {"lifecycleRules", {{{"Status", "Enabled"}, {"Expiration", {{"Days", 1}}}}}},
                      {"websiteAccess",
                       {{"enabled", true},
                        {"indexDocument", "i"},
                        {"routingRules", {{{"Redirect", {{"HostName", "a.example"}}}}}}}}};
  Json const changed = Post("/v2/UpdateBucket?id=" + MakeBucket(), rules).json();
  EXPECT_FALSE(changed.contains("corsRules"));
  EXPECT_FALSE(changed.contains("lifecycleRules"));
  EXPECT_EQ(changed["websiteConfig"], (Json{{"indexDocument", "i"}, {"errorDocument", nullptr}}));
}

TEST_F(EmulatedTwoOneTest, ListsLess) {
  EXPECT_THAT(Get("/v2/ListBucketsInfo").body, HasSubstr("Unknown API endpoint: GET /v2/ListBucketsInfo"));
  EXPECT_EQ(Get("/v2/ListKeysInfo").status, 400);
  EXPECT_EQ(Get("/v2/GetCurrentAdminTokenInfo").status, 200);
  std::string const key = MakeKey("k");
  std::string const bucket = MakeBucket({{"localAlias", {{"accessKeyId", key}, {"alias", "mine"}}}});
  EXPECT_THAT(Bucket(bucket)["keys"], IsEmpty());
  EXPECT_EQ(Get("/v2/ListBuckets").json()[0]["localAliases"][0]["alias"], "mine");
}

TEST_F(EmulatedTwoOneTest, TakesOnlyKeysLikeItsOwn) {
  TestAnswer const refused =
      Post("/v2/ImportKey", {{"accessKeyId", "my.custom_key-1"}, {"secretAccessKey", std::string(64, 'b')}});
  EXPECT_THAT(refused.body, HasSubstr("is not a valid Garage key ID"));
}

}  // namespace
}  // namespace fediversity::emulators::garage
