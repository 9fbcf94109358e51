#include "ephemeral/garage/key_secret.h"

#include "provider/schema/engine.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::ephemeral {
namespace {

using resources::GarageStore;
using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;

class KeySecretTest : public resources::GarageResourceTest {
 protected:
  schema::OpenResponse Open(const std::string& access_key_id) {
    auto const resource = MakeGarageKeySecret(backends_.garage);
    wire::Value config = schema::NullObject(resource->table());
    config.Set("access_key_id", wire::Value::String(access_key_id));
    return schema::OpenEphemeral(*resource, config, {.cancel = never_});
  }

  CancelToken never_;
};

TEST_F(KeySecretTest, GivesTheSecretOfAKey) {
  std::string const id = GivenKey("app");
  auto const opened = Open(id);
  ASSERT_THAT(opened.diagnostics.list(), IsEmpty());
  EXPECT_EQ(
      *opened.result.Find("secret"),
      wire::Value::String(emulator_.With([&](GarageStore& store) { return store.keys.at(id).secret; })));
  EXPECT_EQ(opened.private_bytes, "") << "what is opened leaves nothing to close";
  EXPECT_EQ(opened.renew_at, absl::InfiniteFuture());
}

TEST_F(KeySecretTest, AKeyThatIsNotThereIsAnErrorOnItsId) {
  EXPECT_THAT(Open("GK000000000000000000000000").diagnostics.list(),
              Contains(ErrorOn("access_key_id", "GK000000000000000000000000", "")));
}

TEST_F(KeySecretTest, ATokenThatMayNotIsTold) {
  std::string const id = GivenKey("app");
  Configure(emulator_.MakeToken({"GetBucketInfo"}));
  auto const opened = Open(id);
  EXPECT_TRUE(testing::Mentions(opened.diagnostics.list(), "GetKeyInfo"));
  EXPECT_TRUE(opened.result.is_null());
}

}  // namespace
}  // namespace fediversity::ephemeral
