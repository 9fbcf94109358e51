#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class KeysTest : public ServerTest {};

TEST_F(KeysTest, AKeyIsMadeOutOfDrawnCredentials) {
  auto const credentials = DrawKeyCredentials();
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ(credentials->access_key_id.size(), 26U);
  EXPECT_EQ(credentials->secret_access_key.Reveal().size(), 64U);
  api_.admin->Forget();
  auto const key = api_->ImportKey(*credentials, "alice", Limits());
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->access_key_id, credentials->access_key_id);
  EXPECT_EQ(key->name, "alice");
  EXPECT_EQ(key->expiration, std::nullopt);
  EXPECT_FALSE(key->create_bucket);
  EXPECT_THAT(api_.admin->calls(), ElementsAre("ImportKey"));
  auto const secret = api_->ReadSecret(key->access_key_id, Limits());
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_TRUE(*secret == credentials->secret_access_key);
  EXPECT_FALSE(*DrawKeyCredentials() == *credentials);
}

TEST_F(KeysTest, ImportingTwiceMakesOneKey) {
  KeyCredentials const credentials = NewKey("twice");
  auto const again = api_->ImportKey(credentials, "twice", Limits());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->name, "twice");
}

TEST_F(KeysTest, AnIdThatAnotherKeyHasIsTaken) {
  KeyCredentials credentials = NewKey("first");
  auto const renamed = api_->ImportKey(credentials, "second", Limits());
  EXPECT_TRUE(absl::IsAlreadyExists(renamed.status())) << renamed.status();
  EXPECT_THAT(Text(renamed.status()), HasSubstr("It is called \"first\""));
  std::string const own = credentials.secret_access_key.Reveal();
  credentials.secret_access_key = DrawKeyCredentials()->secret_access_key;
  auto const other = api_->ImportKey(credentials, "first", Limits());
  EXPECT_TRUE(absl::IsAlreadyExists(other.status())) << other.status();
  EXPECT_THAT(Text(other.status()), Not(HasSubstr(own)));
  EXPECT_THAT(Text(other.status()), Not(HasSubstr(credentials.secret_access_key.Reveal())));
}

TEST_F(KeysTest, TheIdOfADeletedKeyIsGoneForEver) {
  KeyCredentials const credentials = NewKey();
  ASSERT_TRUE(api_->DeleteKey(credentials.access_key_id, Limits()).ok());
  EXPECT_TRUE(api_->DeleteKey(credentials.access_key_id, Limits()).ok());
  EXPECT_TRUE(absl::IsNotFound(api_->ReadKey(credentials.access_key_id, Limits()).status()));
  EXPECT_TRUE(absl::IsNotFound(api_->ReadSecret(credentials.access_key_id, Limits()).status()));
  auto const again = api_->ImportKey(credentials, "a key", Limits());
  EXPECT_TRUE(absl::IsAlreadyExists(again.status())) << again.status();
  EXPECT_THAT(Text(again.status()), HasSubstr("a key with this id was deleted"));
}

TEST_F(KeysTest, CredentialsOfOnesOwnAreTaken) {
  KeyCredentials const own{"my.own_key-1", Secret("p@ssw0rd-16-char!")};
  auto const key = api_->ImportKey(own, "own", Limits());
  ASSERT_TRUE(key.ok()) << key.status();
  auto const bad = api_->ImportKey({"short", Secret("p@ssw0rd-16-char!")}, "own", Limits());
  EXPECT_TRUE(absl::IsInvalidArgument(bad.status())) << bad.status();
  EXPECT_THAT(Text(bad.status()), HasSubstr("at least 8 characters"));
}

TEST_F(KeysTest, EverythingOfAKeyIsChangedInPlace) {
  KeyCredentials const credentials = NewKey("before");
  absl::Time const end = absl::FromUnixMillis(1'900'000'000'123) + absl::Microseconds(456);
  auto const changed = api_->UpdateKey(credentials.access_key_id,
                                       {.name = "after", .expiration = end, .create_bucket = true}, Limits());
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->name, "after");
  EXPECT_EQ(changed->expiration, absl::FromUnixMillis(1'900'000'000'123));
  EXPECT_TRUE(changed->create_bucket);
  EXPECT_FALSE(changed->expired);

  auto const renamed = api_->UpdateKey(credentials.access_key_id, {.name = "third"}, Limits());
  ASSERT_TRUE(renamed.ok());
  EXPECT_TRUE(renamed->create_bucket);
  EXPECT_TRUE(renamed->expiration.has_value());

  auto const back =
      api_->UpdateKey(credentials.access_key_id,
                      {.expiration = std::optional<absl::Time>(), .create_bucket = false}, Limits());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->expiration, std::nullopt);
  EXPECT_FALSE(back->create_bucket);
  EXPECT_EQ(back->name, "third");
}

TEST_F(KeysTest, AnEndInThePastIsTheEnd) {
  KeyCredentials const credentials = NewKey();
  auto const ended = api_->UpdateKey(credentials.access_key_id,
                                     {.expiration = absl::FromUnixSeconds(1'000'000'000)}, Limits());
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_TRUE(ended->expired);
}

TEST_F(KeysTest, NoticesWhatAnOlderServerPassesOver) {
  KeyCredentials const credentials = NewKey();
  api_.admin->Spoil("UpdateKey", {{.status = 200, .body = R"({"accessKeyId": "x", "name": "n", "buckets": [],
      "permissions": {"createBucket": false}})"}});
  auto const changed = api_->UpdateKey(credentials.access_key_id,
                                       {.name = "n", .expiration = absl::Now() + absl::Hours(1)}, Limits());
  EXPECT_TRUE(absl::IsUnimplemented(changed.status())) << changed.status();
  EXPECT_THAT(Text(changed.status()), HasSubstr("did not take expiration\n"));
}

TEST_F(KeysTest, PermissionsAreSetExactly) {
  Bucket const bucket = NewBucket();
  std::string const id = NewKey().access_key_id;
  api_.admin->Forget();
  Permissions const read_write{.read = true, .write = true};
  auto given = api_->SetPermissions(bucket.id, id, read_write, Limits());
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_EQ(given->keys.at(id).permissions, read_write);
  EXPECT_THAT(api_.admin->calls(), ElementsAre("AllowBucketKey"));

  api_.admin->Forget();
  Permissions const owner{.owner = true};
  given = api_->SetPermissions(bucket.id, id, owner, Limits());
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_EQ(given->keys.at(id).permissions, owner);
  EXPECT_THAT(api_.admin->calls(), ElementsAre("AllowBucketKey", "DenyBucketKey"));
  auto const key = api_->ReadKey(id, Limits());
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->buckets.at(bucket.id).permissions, owner);

  api_.admin->Forget();
  given = api_->SetPermissions(bucket.id, id, {}, Limits());
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_FALSE(given->keys.contains(id));
  EXPECT_THAT(api_.admin->calls(), ElementsAre("DenyBucketKey"));
}

TEST_F(KeysTest, PermissionsGoWithTheirKeyAndTheirBucket) {
  Bucket const bucket = NewBucket();
  std::string const id = NewKey().access_key_id;
  ASSERT_TRUE(api_->DeleteKey(id, Limits()).ok());
  EXPECT_TRUE(api_->SetPermissions(bucket.id, id, {}, Limits()).ok());
  auto const given = api_->SetPermissions(bucket.id, id, {.read = true}, Limits());
  EXPECT_TRUE(absl::IsNotFound(given.status())) << given.status();
  ASSERT_TRUE(api_->DeleteBucket(bucket.id, Limits()).ok());
  EXPECT_TRUE(api_->SetPermissions(bucket.id, NewKey().access_key_id, {}, Limits()).ok());
}

}  // namespace
}  // namespace fediversity::garage
