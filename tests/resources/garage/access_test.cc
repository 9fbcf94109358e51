// What a key may do with a bucket, and the names that it alone knows.

#include "provider/base/text.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/local_alias.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using testing::WarningOn;

class GarageAccessTest : public GarageResourceTest {
 protected:
  void SetUp() override {
    GarageResourceTest::SetUp();
    bucket_ = GivenBucket("media");
    key_ = GivenKey("app");
  }
  // The attributes of the pair, and what is appended.
  std::string Between(std::string_view more) const {
    return Cat({R"({"bucket_id": ")", bucket_, R"(", "access_key_id": ")", key_, R"(", )", more, "}"});
  }
  void Set(Managed& managed, const std::string& json) {
    ASSERT_TRUE(Apply(managed, json)) << json << "\n" << managed.host().Errors();
    ASSERT_EQ(Planned(managed, json), Action::kNoOp) << json;
    ASSERT_THAT(managed.host().faults(), IsEmpty()) << json;
  }
  // "r-o"
  std::string Granted() {
    return emulator_.With([&](GarageStore& store) {
      auto const grant = store.buckets.at(bucket_).grants[key_];
      return std::string(grant.read ? "r" : "-") + (grant.write ? "w" : "-") + (grant.owner ? "o" : "-");
    });
  }
  std::vector<std::string> Names() {
    return emulator_.With([&](GarageStore& store) { return store.keys.at(key_).AliasesOf(bucket_); });
  }

  std::string bucket_;
  std::string key_;
};

TEST_F(GarageAccessTest, IsExactlyWhatIsWritten) {
  emulator_.With([&](GarageStore& store) { store.buckets.at(bucket_).grants[key_] = {.owner = true}; });
  Managed access(MakeGarageBucketAccess, backends_);
  Set(access, Between(R"("read": true, "write": true)"));
  EXPECT_EQ(Granted(), "rw-");
  Set(access, Between(R"("read": true, "owner": true)"));
  EXPECT_EQ(Granted(), "r-o");
  emulator_.With([&](GarageStore& store) { store.buckets.at(bucket_).grants[key_].write = true; });
  EXPECT_EQ(Planned(access, Between(R"("read": true, "owner": true)")), Action::kUpdate);
  ASSERT_TRUE(Destroy(access));
  EXPECT_EQ(Granted(), "---");
  EXPECT_EQ(Keys(), 1U);
  EXPECT_EQ(Buckets(), 1U);
}

TEST_F(GarageAccessTest, IsGoneWithItsKeyOrBucket) {
  for (bool const bucket_goes : {true, false}) {
    Managed access(MakeGarageBucketAccess, backends_);
    Set(access, Between(R"("read": true)"));
    emulator_.With(
        [&](GarageStore& store) { bucket_goes ? store.DropBucket(bucket_) : store.DropKey(key_); });
    Configure();
    ASSERT_TRUE(access.host().Refresh());
    EXPECT_FALSE(access.host().exists());
    SetUp();
  }
}

TEST_F(GarageAccessTest, NeedsBothAndSaysWhichIsMissing) {
  Managed access(MakeGarageBucketAccess, backends_);
  emulator_.With([&](GarageStore& store) { store.DropKey(key_); });
  EXPECT_FALSE(Apply(access, Between(R"("read": true)")));
  EXPECT_TRUE(testing::Mentions(access.host().diagnostics(), key_)) << access.host().Errors();
  EXPECT_FALSE(access.host().exists());
}

TEST_F(GarageAccessTest, IsImported) {
  emulator_.With([&](GarageStore& store) { store.buckets.at(bucket_).grants[key_] = {.read = true}; });
  Managed access(MakeGarageBucketAccess, backends_);
  ASSERT_TRUE(Import(access, bucket_ + "/" + key_)) << access.host().Errors();
  EXPECT_EQ(Planned(access, Between(R"("read": true)")), Action::kNoOp);
  EXPECT_FALSE(Import(access, bucket_ + "/GK000000000000000000000000"));
  EXPECT_FALSE(Import(access, "media/" + key_));
}

TEST_F(GarageAccessTest, AllowsSomethingAtLeast) {
  Managed access(MakeGarageBucketAccess, backends_);
  CancelToken const never;
  auto const found = schema::ValidateConfig(access.resource(), access.Config(Between(R"("read": false)")),
                                            {.cancel = never});
  EXPECT_THAT(found.list(), Contains(ErrorOn("", "allows nothing", "has to be true")));
}

TEST_F(GarageAccessTest, ALocalNameIsRenamedInPlace) {
  Managed name(MakeGarageLocalAlias, backends_);
  Set(name, Between(R"("alias": "own")"));
  EXPECT_THAT(Names(), ::testing::ElementsAre("own"));
  EXPECT_EQ(Planned(name, Between(R"("alias": "mine")")), Action::kUpdate);
  Set(name, Between(R"("alias": "mine")"));
  EXPECT_THAT(Names(), ::testing::ElementsAre("mine"));
  Managed imported(MakeGarageLocalAlias, backends_);
  ASSERT_TRUE(Import(imported, Cat({bucket_, "/", key_, "/mine"}))) << imported.host().Errors();
  EXPECT_EQ(Planned(imported, Between(R"("alias": "mine")")), Action::kNoOp);
  EXPECT_FALSE(Import(imported, Cat({bucket_, "/", key_, "/other"})));
  ASSERT_TRUE(Destroy(name)) << name.host().Errors();
  EXPECT_THAT(Names(), IsEmpty());
}

// Garage takes no last name away; destroying everything must not fail for that.
TEST_F(GarageAccessTest, TheLastNameOfABucketGoesWithIt) {
  bucket_ = GivenBucket("");
  Managed name(MakeGarageLocalAlias, backends_);
  Set(name, Between(R"("alias": "own")"));
  EXPECT_TRUE(Destroy(name)) << name.host().Errors();
  EXPECT_THAT(name.host().diagnostics(), Contains(WarningOn("", "is left", "last name")));
  EXPECT_FALSE(name.host().exists());
}

}  // namespace
}  // namespace fediversity::resources
