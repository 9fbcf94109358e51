#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AliasesTest : public ServerTest {};

TEST_F(AliasesTest, AnAliasIsAddedAndLookedUpInTwoCalls) {
  Bucket const bucket = NewBucket();
  api_.admin->Forget();
  auto const added = api_->AddGlobalAlias(bucket.id, "two-calls", Limits());
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_THAT(added->global_aliases, ElementsAre("two-calls"));
  EXPECT_THAT(api_.admin->calls(), ElementsAre("AddBucketAlias", "GetBucketInfo"));
  auto const found = api_->FindBucket("two-calls", Limits());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->id, bucket.id);
  // Once more makes no difference.
  EXPECT_TRUE(api_->AddGlobalAlias(bucket.id, "two-calls", Limits()).ok());
}

TEST_F(AliasesTest, AnAliasOfAnotherBucketIsNotTaken) {
  Bucket const holder = NamedBucket("is-taken");
  Bucket const other = NewBucket();
  auto const refused = api_->AddGlobalAlias(other.id, "is-taken", Limits());
  EXPECT_TRUE(absl::IsAlreadyExists(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), HasSubstr("it leads to bucket " + holder.id.substr(0, 16)));
  EXPECT_THAT(Text(refused.status()), HasSubstr(holder.id));
  EXPECT_TRUE(api_->ReadBucket(other.id, Limits())->global_aliases.empty());
}

TEST_F(AliasesTest, ANameThatNoBucketMayHaveIsTheCallersFault) {
  auto const refused = api_->AddGlobalAlias(NewBucket().id, "Bad_Name", Limits());
  EXPECT_TRUE(absl::IsInvalidArgument(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), HasSubstr("Invalid bucket name: Bad_Name"));
}

TEST_F(AliasesTest, RenamingInPlaceAddsFirst) {
  Bucket const bucket = NamedBucket("old-name");
  ASSERT_TRUE(api_->AddGlobalAlias(bucket.id, "new-name", Limits()).ok());
  api_.admin->Forget();
  auto const renamed = api_->RemoveGlobalAlias(bucket.id, "old-name", Limits());
  ASSERT_TRUE(renamed.ok()) << renamed.status();
  EXPECT_THAT(renamed->global_aliases, ElementsAre("new-name"));
  EXPECT_THAT(api_.admin->calls(), ElementsAre("RemoveBucketAlias"));
}

TEST_F(AliasesTest, RemovingWhatIsNotThereIsDone) {
  Bucket const bucket = NamedBucket("stays-here");
  auto const absent = api_->RemoveGlobalAlias(bucket.id, "never-was", Limits());
  ASSERT_TRUE(absent.ok()) << absent.status();
  EXPECT_THAT(absent->global_aliases, ElementsAre("stays-here"));
  // An alias of another bucket is not this one's to lose.
  NamedBucket("of-another");
  EXPECT_TRUE(api_->RemoveGlobalAlias(bucket.id, "of-another", Limits()).ok());
  EXPECT_TRUE(api_->FindBucket("of-another", Limits()).ok());
}

TEST_F(AliasesTest, TheLastNameStays) {
  Bucket const bucket = NamedBucket("the-last-one");
  auto const refused = api_->RemoveGlobalAlias(bucket.id, "the-last-one", Limits());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), HasSubstr("the bucket's last name"));
  EXPECT_TRUE(api_->FindBucket("the-last-one", Limits()).ok());
}

TEST_F(AliasesTest, AKeyHasNamesOfItsOwn) {
  Bucket const bucket = NamedBucket("with-local");
  KeyCredentials const key = NewKey();
  auto const added = api_->AddLocalAlias(bucket.id, key.access_key_id, "mine", Limits());
  ASSERT_TRUE(added.ok()) << added.status();
  ASSERT_TRUE(added->keys.contains(key.access_key_id));
  EXPECT_THAT(added->keys.at(key.access_key_id).local_aliases, ElementsAre("mine"));
  EXPECT_TRUE(api_->AddLocalAlias(bucket.id, key.access_key_id, "mine", Limits()).ok());

  Bucket const other = NewBucket();
  auto const taken = api_->AddLocalAlias(other.id, key.access_key_id, "mine", Limits());
  EXPECT_TRUE(absl::IsAlreadyExists(taken.status())) << taken.status();
  EXPECT_THAT(Text(taken.status()), HasSubstr("it leads to bucket " + bucket.id.substr(0, 16)));

  auto const removed = api_->RemoveLocalAlias(bucket.id, key.access_key_id, "mine", Limits());
  ASSERT_TRUE(removed.ok()) << removed.status();
  EXPECT_FALSE(removed->keys.contains(key.access_key_id));
  EXPECT_TRUE(api_->RemoveLocalAlias(bucket.id, key.access_key_id, "mine", Limits()).ok());
}

TEST_F(AliasesTest, ALocalNameMayBeTheLastOneToo) {
  Bucket const bucket = NewBucket();
  KeyCredentials const key = NewKey();
  ASSERT_TRUE(api_->AddLocalAlias(bucket.id, key.access_key_id, "only-mine", Limits()).ok());
  auto const refused = api_->RemoveLocalAlias(bucket.id, key.access_key_id, "only-mine", Limits());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
}

TEST_F(AliasesTest, LocalNamesGoWithTheirKey) {
  Bucket const bucket = NamedBucket("key-goes");
  KeyCredentials const key = NewKey();
  ASSERT_TRUE(api_->AddLocalAlias(bucket.id, key.access_key_id, "of-the-key", Limits()).ok());
  ASSERT_TRUE(api_->DeleteKey(key.access_key_id, Limits()).ok());
  EXPECT_TRUE(api_->RemoveLocalAlias(bucket.id, key.access_key_id, "of-the-key", Limits()).ok());
  auto const gone = api_->AddLocalAlias(bucket.id, key.access_key_id, "of-the-key", Limits());
  EXPECT_TRUE(absl::IsNotFound(gone.status())) << gone.status();
}

}  // namespace
}  // namespace fediversity::garage
