// Many at once, on one node and on two.

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::HasSubstr;

class RacesTest : public ServerTest {};

TEST_F(RacesTest, OfTwentyWhoWantOneAliasOneGetsIt) {
  constexpr int kMany = 20;
  std::atomic<int> winners = 0;
  std::vector<std::jthread> racers;
  racers.reserve(kMany);
  std::mutex mutex;
  std::vector<absl::Status> others;
  for (int i = 0; i < kMany; ++i) {
    racers.emplace_back([&] {
      auto const bucket = api_->CreateBucket("", Limits());
      ASSERT_TRUE(bucket.ok()) << bucket.status();
      auto const named = api_->AddGlobalAlias(bucket->id, "one-alias", Limits());
      if (named.ok()) {
        ++winners;
        return;
      }
      // The loser knows its bucket, and leaves nothing behind.
      EXPECT_TRUE(api_->DeleteBucket(bucket->id, Limits()).ok());
      std::lock_guard const lock(mutex);
      others.push_back(named.status());
    });
  }
  racers.clear();
  EXPECT_EQ(winners, 1);
  for (const absl::Status& status : others) {
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    EXPECT_THAT(Text(status), HasSubstr("it leads to bucket"));
  }
  auto const left = api_->ListBuckets(Limits());
  ASSERT_TRUE(left.ok());
  EXPECT_EQ((*left)->size(), 1U);
}

TEST(TwoNodesTest, ARaceForAnAliasEndsWithOneHolderWhoKnows) {
  auto cluster = fediversity::testing::GarageCluster::Start(2);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  SystemClock clock;
  CancelToken const cancel;
  auto const limits = [&cancel] { return CallLimits{cancel, absl::Now() + absl::Minutes(1)}; };
  OpenApi const apis[] = {Open((*cluster)->node(0), clock), Open((*cluster)->node(1), clock)};
  constexpr int kRounds = 15;
  for (int round = 0; round < kRounds; ++round) {
    std::string const alias = absl::StrCat("race-", round);
    std::string ids[2];
    absl::StatusOr<Bucket> outcomes[2];
    {
      std::vector<std::jthread> racers;
      racers.reserve(2);
      for (int node = 0; node < 2; ++node) {
        auto const bucket = apis[node]->CreateBucket("", limits());
        ASSERT_TRUE(bucket.ok()) << bucket.status();
        ids[node] = bucket->id;
      }
      for (int node = 0; node < 2; ++node) {
        racers.emplace_back(
            [&, node] { outcomes[node] = apis[node]->AddGlobalAlias(ids[node], alias, limits()); });
      }
    }
    // Whoever looked before the other's write was done believed to have won; the next look shows who has.
    auto holder = apis[0]->FindBucket(alias, limits());
    // Of two writes in one millisecond Garage keeps neither. Then the alias is free, and the next claim holds.
    bool const neither = absl::IsNotFound(holder.status());
    if (neither) holder = apis[0]->AddGlobalAlias(ids[0], alias, limits());
    ASSERT_TRUE(holder.ok()) << holder.status();
    int const winner = holder->id == ids[0] ? 0 : 1;
    EXPECT_EQ(holder->id, ids[winner]);
    EXPECT_TRUE(neither || outcomes[winner].ok() || absl::IsAlreadyExists(outcomes[winner].status()))
        << outcomes[winner].status();
    // Adding is how a claim is looked at again.
    EXPECT_TRUE(apis[winner]->AddGlobalAlias(ids[winner], alias, limits()).ok());
    auto const told = apis[1 - winner]->AddGlobalAlias(ids[1 - winner], alias, limits());
    EXPECT_TRUE(absl::IsAlreadyExists(told.status())) << told.status();
    // The loser may go on claiming it, and neither taking that back nor deleting it hurts the winner.
    EXPECT_TRUE(apis[1 - winner]->RemoveGlobalAlias(ids[1 - winner], alias, limits()).ok());
    EXPECT_TRUE(apis[1 - winner]->DeleteBucket(ids[1 - winner], limits()).ok());
    EXPECT_EQ(apis[winner]->FindBucket(alias, limits()).value_or(Bucket{}).id, ids[winner]);
  }
}

TEST(TwoNodesTest, WithoutAQuorumWritesFailAndSayWhy) {
  auto cluster = fediversity::testing::GarageCluster::Start(2);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  SystemClock clock;
  CancelToken const cancel;
  CallLimits const limits{cancel, absl::Now() + absl::Seconds(20)};
  OpenApi const api = Open((*cluster)->node(0), clock);
  (*cluster)->node(1).Kill();
  auto const made = api->CreateBucket("", limits);
  EXPECT_TRUE(absl::IsUnavailable(made.status()) || absl::IsInternal(made.status())) << made.status();
  EXPECT_THAT(Text(made.status()), HasSubstr("may have left"));
}

}  // namespace
}  // namespace fediversity::garage
