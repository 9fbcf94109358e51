// A key's attributes, and where its secret is.

#include "resources/garage/key.h"

#include "provider/base/text.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using testing::WarningOn;

class GarageKeyTest : public GarageResourceTest {
 protected:
  template <typename Look>
  auto Held(Look look) {
    return emulator_.With(
        [&](GarageStore& store) { return look(store.keys.at(key_.Text("access_key_id"))); });
  }
  std::string Secret() {
    return Held([](auto& key) { return key.secret; });
  }
  void Set(std::string_view json) {
    ASSERT_TRUE(Apply(key_, json)) << json << "\n" << key_.host().Errors();
    ASSERT_EQ(Planned(key_, json), Action::kNoOp) << json;
    ASSERT_THAT(key_.host().faults(), IsEmpty()) << json;
  }

  Managed key_{MakeGarageKey, backends_};
};

TEST_F(GarageKeyTest, IsDrawnAndItsSecretKept) {
  Set(R"({"name": "app"})");
  EXPECT_THAT(key_.Text("access_key_id"), MatchesRegex("GK[0-9a-f]+"));
  EXPECT_EQ(key_.Text("access_key_id").size(), 26U);
  EXPECT_EQ(key_.Text("secret"), Secret());
  EXPECT_EQ(Secret().size(), 64U);
  EXPECT_EQ(key_.Text("expiration"), "never");
  EXPECT_EQ(key_.State("create_bucket"), "false");
  EXPECT_EQ(key_.State("store_secret"), "true");
  EXPECT_THAT(Requests(), Not(Contains("POST /v2/UpdateKey")));
}

TEST_F(GarageKeyTest, IsChangedInPlace) {
  Set(R"({"name": "app"})");
  std::string const id = key_.Text("access_key_id");
  Set(R"({"name": "web", "expiration": "2090-01-01T00:00:00Z", "create_bucket": true})");
  EXPECT_EQ(key_.Text("access_key_id"), id);
  EXPECT_EQ(Held([](auto& key) { return key.name; }), "web");
  EXPECT_EQ(Planned(key_, R"({"name": "web", "expiration": "2090-01-01T02:00:00.000+02:00"})"),
            Action::kNoOp);
  Set(R"({"name": "web"})");
  EXPECT_TRUE(Held([](auto& key) { return key.expiration.has_value() && key.create_bucket; })) << "as it was";
  Set(R"({"name": "web", "expiration": "never", "create_bucket": false})");
  EXPECT_FALSE(Held([](auto& key) { return key.expiration.has_value() || key.create_bucket; }));
}

TEST_F(GarageKeyTest, KeepsItsSecretOutOfStateWhereItIsTold) {
  Set(R"({"name": "app", "store_secret": false})");
  EXPECT_EQ(key_.State("secret"), "null");
  for (const auto& request : emulator_.requests())
    EXPECT_EQ(request.query.find("showSecretKey"), std::string::npos);
  Set(R"({"name": "app", "store_secret": true})");
  EXPECT_EQ(key_.Text("secret"), Secret());
  Set(R"({"name": "app", "store_secret": false})");
  EXPECT_EQ(key_.State("secret"), "null");
}

TEST_F(GarageKeyTest, TakesASecretThatIsWrittenDown) {
  Set(R"({"name": "app", "secret_wo": "obviously-fake-secret-1", "secret_wo_version": 1})");
  EXPECT_EQ(Secret(), "obviously-fake-secret-1");
  EXPECT_EQ(key_.State("secret"), "null");
  EXPECT_EQ(key_.State("secret_wo"), "null");
  EXPECT_EQ(key_.State("store_secret"), "false");
  std::string const id = key_.Text("access_key_id");
  // What no version announces is not looked at.
  EXPECT_EQ(
      Planned(key_, R"({"name": "app", "secret_wo": "obviously-fake-secret-2", "secret_wo_version": 1})"),
      Action::kNoOp);
  constexpr std::string_view kSecond =
      R"({"name": "app", "secret_wo": "obviously-fake-secret-2", "secret_wo_version": 2})";
  EXPECT_EQ(Planned(key_, kSecond), Action::kReplace);
  Set(kSecond);
  EXPECT_NE(key_.Text("access_key_id"), id);
  EXPECT_EQ(Secret(), "obviously-fake-secret-2");
  EXPECT_EQ(Keys(), 1U);
}

TEST_F(GarageKeyTest, AnotherSecretNeedsAnotherId) {
  Set(R"({"access_key_id": "my-own-key", "name": "app", "secret_wo": "obviously-fake-secret-1", "secret_wo_version": 1})");
  Configure();
  EXPECT_FALSE(key_.host().MakePlan(key_.Config(
      R"({"access_key_id": "my-own-key", "name": "app", "secret_wo": "obviously-fake-secret-2", "secret_wo_version": 2})")));
  EXPECT_THAT(key_.host().diagnostics(),
              Contains(ErrorOn("secret_wo_version", "another `access_key_id`", "my-own-key")));
}

TEST_F(GarageKeyTest, AFirstVersionReplacesTheKeyOnlyWhereItHasAnotherSecret) {
  Set(R"({"name": "app"})");
  std::string const id = key_.Text("access_key_id");
  std::string const right =
      Cat({R"({"name": "app", "secret_wo": ")", Secret(), R"(", "secret_wo_version": 1})"});
  Set(right);
  EXPECT_EQ(key_.State("secret"), "null");
  EXPECT_EQ(key_.Text("access_key_id"), id);
  Set(R"({"name": "app"})");
  constexpr std::string_view kOther =
      R"({"name": "app", "secret_wo": "obviously-fake-secret-1", "secret_wo_version": 1})";
  EXPECT_EQ(Planned(key_, kOther), Action::kReplace);
  Set(kOther);
  EXPECT_NE(key_.Text("access_key_id"), id);
  EXPECT_EQ(Secret(), "obviously-fake-secret-1");
}

TEST_F(GarageKeyTest, AnIdThatIsTakenIsNotTakenOver) {
  std::string const theirs = GivenKey("theirs");
  std::string const config = Cat({R"({"access_key_id": ")", theirs, R"(", "name": "mine"})"});
  EXPECT_FALSE(Apply(key_, config));
  EXPECT_THAT(key_.host().diagnostics(), Contains(ErrorOn("access_key_id", theirs, "import {")));
  EXPECT_FALSE(key_.host().exists());
  emulator_.With([&](GarageStore& store) {
    EXPECT_EQ(store.keys.at(theirs).name, "theirs");
    store.DropKey(theirs);
  });
  EXPECT_FALSE(Apply(key_, config));
  EXPECT_THAT(key_.host().diagnostics(),
              Contains(ErrorOn("access_key_id", theirs, "never takes the id again")));
  EXPECT_FALSE(key_.host().exists());
}

// Somebody else's key of the same id and name has grants; one that an interrupted apply has left has none.
TEST_F(GarageKeyTest, AKeyThatWasLeftHalfwayIsTakenUp) {
  std::string const left = GivenKey("app");
  std::string const config =
      Cat({R"({"access_key_id": ")", left, R"(", "name": "app", "create_bucket": true})"});
  std::string const bucket = GivenBucket("media");
  emulator_.With([&](GarageStore& store) { store.buckets.at(bucket).grants[left] = {.read = true}; });
  EXPECT_FALSE(Apply(key_, config));
  emulator_.With([&](GarageStore& store) { store.buckets.at(bucket).grants.clear(); });
  Set(config);
  EXPECT_EQ(key_.Text("secret"), Secret());
  EXPECT_TRUE(Held([](auto& key) { return key.create_bucket; }));
}

TEST_F(GarageKeyTest, WhatFailsAfterItWasMadeIsCarriedOnWith) {
  emulator_.AddFault({.path = "/v2/UpdateKey", .times = 1000, .status = 503, .message = "no quorum"});
  EXPECT_TRUE(Apply(key_, R"({"name": "app", "create_bucket": true})"));
  EXPECT_THAT(key_.host().diagnostics(), Contains(WarningOn("", "is not finished", "carries on")));
  std::string const id = key_.Text("access_key_id");
  emulator_.ClearFaults();
  Set(R"({"name": "app", "create_bucket": true})");
  EXPECT_EQ(key_.Text("access_key_id"), id);
}

TEST_F(GarageKeyTest, IsImportedWithItsSecret) {
  std::string const id = GivenKey("app");
  ASSERT_TRUE(Import(key_, id)) << key_.host().Errors();
  EXPECT_EQ(key_.Text("secret"), Secret());
  EXPECT_EQ(Planned(key_, R"({"name": "app"})"), Action::kNoOp);
  EXPECT_EQ(Planned(key_, R"({"name": "app", "store_secret": false})"), Action::kUpdate);
  EXPECT_FALSE(Import(key_, "GK000000000000000000000000"));
}

TEST_F(GarageKeyTest, MistakesAreFoundBeforeAnythingIsAsked) {
  const std::string kCases[][3] = {
      {R"({"name": "a", "access_key_id": "short"})", "access_key_id", "8 characters"},
      {R"({"name": "a", "expiration": "2030-01-01"})", "expiration", "RFC 3339"},
      {R"({"name": "a", "expiration": "infinite-future"})", "expiration", "RFC 3339"},
      {R"({"name": "a", "secret_wo": "obviously-fake-secret"})", "secret_wo", "All or none"},
      {R"({"name": "a", "secret_wo": "short", "secret_wo_version": 1})", "secret_wo", "16 printable"},
      {R"({"name": "a", "secret_wo": "obviously-fake-secret", "secret_wo_version": 1, "store_secret": true})",
       "store_secret", "not in state"},
  };
  CancelToken const never;
  for (const auto& [json, path, text] : kCases) {
    auto const found = schema::ValidateConfig(key_.resource(), key_.Config(json), {.cancel = never}).list();
    ASSERT_EQ(found.size(), 1U) << json;
    EXPECT_EQ(found[0].path.ToString(), path) << json;
    EXPECT_NE((found[0].summary + found[0].detail).find(text), std::string::npos) << found[0].detail;
    if (path == "secret_wo") {
      EXPECT_EQ(found[0].detail.find("\"short\""), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace fediversity::resources
