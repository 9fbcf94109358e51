// Buckets, keys and permissions of jkossis/garage move here without a change in the plan. Their states, in
// tests/golden/jkossis-garage-state.json, are what that provider leaves behind.

#include "resources/garage/jkossis_state.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "provider/base/text.h"
#include "resources/garage/bucket.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/key.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;

constexpr const char* kTheirs = "registry.opentofu.org/jkossis/garage";

class JkossisStateTest : public GarageResourceTest {
 protected:
  JkossisStateTest() {
    std::ifstream file("tests/golden/jkossis-garage-state.json");
    EXPECT_TRUE(file) << "run this from the top of the source tree";
    theirs_ = nlohmann::json::parse(file).at("resources");
  }

  const nlohmann::json& Theirs(const std::string& type, const std::string& name) const {
    for (const auto& resource : theirs_) {
      if (resource.at("type") == type && resource.at("name") == name) return resource.at("attributes");
    }
    ADD_FAILURE() << "no " << type << " " << name;
    return theirs_;
  }

  static schema::StateResponse Move(const Managed& managed, const std::string& type,
                                    const nlohmann::json& state, const std::string& provider = kTheirs) {
    return schema::MoveState(const_cast<Managed&>(managed).resource(),
                             {.provider_address = provider, .type_name = type, .state = {}}, state.dump());
  }

  // Moves, refreshes and plans what a person would write now: nothing changes.
  void ExpectNoChange(Managed& managed, const std::string& type, const nlohmann::json& state,
                      std::string_view config_json) {
    auto const moved = Move(managed, type, state);
    ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
    EXPECT_TRUE(moved.identity.has_value());
    CancelToken const never;
    auto const read = schema::ReadResource(managed.resource(), {.state = moved.state, .private_bytes = ""},
                                           {.cancel = never});
    ASSERT_THAT(read.diagnostics.list(), IsEmpty());
    ASSERT_FALSE(read.state.is_null());
    // What they knew is what Garage says.
    for (const auto& [name, value] : moved.state.entries()) {
      if (!value.is_null()) {
        EXPECT_EQ(*read.state.Find(name), value) << name;
      }
    }
    wire::Value const config = managed.Config(config_json);
    wire::Value const proposed = oracle::ProposedNew(managed.resource().table(), read.state, config);
    auto const plan = schema::PlanResource(
        managed.resource(),
        {.prior = read.state, .proposed = proposed, .config = config, .prior_private = ""},
        {.cancel = never});
    EXPECT_THAT(plan.diagnostics.list(), IsEmpty());
    EXPECT_EQ(plan.planned, read.state);
  }

  nlohmann::json theirs_;
};

TEST_F(JkossisStateTest, EverythingMovesWithoutAChange) {
  std::string const full = Theirs("garage_bucket", "full").at("id");
  std::string const plain = Theirs("garage_bucket", "plain").at("id");
  std::string const key = Theirs("garage_key", "k").at("id");
  emulator_.With([&](GarageStore& store) {
    for (const auto& [id, alias] : {std::pair(full, "jk-full"), std::pair(plain, "jk-plain")}) {
      auto bucket = store.MakeBucket();
      store.buckets.erase(bucket.id);
      bucket.id = id;
      store.buckets[id] = bucket;
      store.GiveAlias(alias, id);
    }
    auto& bucket = store.buckets.at(full);
    bucket.website = {.index = "index.html", .error = "404.html"};
    bucket.max_objects = 100;
    bucket.max_size = 1073741824;
    store.MakeKey(key, Theirs("garage_key", "k").at("secret_access_key"), "jk-key");
    bucket.grants[key] = {.read = true, .write = true};
  });
  Managed bucket(MakeGarageBucket, backends_);
  ExpectNoChange(
      bucket, "garage_bucket", Theirs("garage_bucket", "full"),
      R"({"aliases": ["jk-full"], "website": {"index_document": "index.html", "error_document": "404.html"},
                     "quotas": {"max_size": "1G", "max_objects": 100}})");
  ExpectNoChange(bucket, "garage_bucket", Theirs("garage_bucket", "plain"), R"({"aliases": ["jk-plain"]})");
  Managed keys(MakeGarageKey, backends_);
  ExpectNoChange(keys, "garage_key", Theirs("garage_key", "k"), R"({"name": "jk-key"})");
  Managed access(MakeGarageBucketAccess, backends_);
  ExpectNoChange(access, "garage_bucket_permission", Theirs("garage_bucket_permission", "p"),
                 Cat({R"({"bucket_id": ")", full, R"(", "access_key_id": ")", key,
                      R"(", "read": true, "write": true})"}));
}

TEST_F(JkossisStateTest, ASecretThatTheyLostIsAskedFor) {
  std::string const key = GivenKey("jk-key");
  Managed keys(MakeGarageKey, backends_);
  auto const moved =
      Move(keys, "garage_key", {{"id", key}, {"name", "jk-key"}, {"secret_access_key", nullptr}});
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  CancelToken const never;
  auto const read =
      schema::ReadResource(keys.resource(), {.state = moved.state, .private_bytes = ""}, {.cancel = never});
  ASSERT_THAT(read.diagnostics.list(), IsEmpty());
  EXPECT_EQ(
      *read.state.Find("secret"),
      wire::Value::String(emulator_.With([&](GarageStore& store) { return store.keys.at(key).secret; })));
}

TEST_F(JkossisStateTest, WhatIsNotTheirsOrHasNoIdIsRefused) {
  Managed bucket(MakeGarageBucket, backends_);
  Managed key(MakeGarageKey, backends_);
  Managed access(MakeGarageBucketAccess, backends_);
  const auto& full = Theirs("garage_bucket", "full");
  EXPECT_THAT(Move(bucket, "garage_bucket", full, "registry.opentofu.org/other/garage").diagnostics.list(),
              Contains(ErrorOn("", "Cannot move", "other/garage")));
  EXPECT_TRUE(Move(bucket, "garage_key", full).diagnostics.has_errors());
  EXPECT_TRUE(Move(key, "garage_bucket", full).diagnostics.has_errors());
  for (const nlohmann::json& broken :
       {nlohmann::json::object(), nlohmann::json{{"id", 7}}, nlohmann::json{{"id", "short"}},
        nlohmann::json(nullptr), nlohmann::json::array()}) {
    EXPECT_TRUE(Move(bucket, "garage_bucket", broken).diagnostics.has_errors()) << broken;
    EXPECT_TRUE(Move(key, "garage_key", broken).diagnostics.has_errors()) << broken;
    EXPECT_TRUE(Move(access, "garage_bucket_permission", broken).diagnostics.has_errors()) << broken;
  }
}

}  // namespace
}  // namespace fediversity::resources
