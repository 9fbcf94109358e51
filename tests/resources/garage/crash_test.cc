// What is left when the provider, or what is between it and the cluster, fails at any one request of an operation: run
// again, there is one of each thing, nothing is lost, nothing stays behind, and the plan is empty.

#include "provider/base/text.h"
#include "resources/garage/bucket.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/key.h"
#include "resources/garage/local_alias.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using emulators::garage::Fault;
using ::testing::IsEmpty;

struct Moment {
  bool after = false;  // the request has its effect
  bool killed =
      false;  // nothing of the provider survives: the state is what it was, and no later request is sent
};

struct Kind {
  std::string name;
  MakeResource make;
  std::string made;     // with BUCKET and KEY for the ids of what was there before
  std::string changed;  // what it is changed to
  std::string import_id;
  int requests;  // more than any operation makes
};

const Kind kKinds[] = {
    {"Bucket", OnBackends(MakeGarageBucket),
     R"({"aliases": ["media", "files.example.org"], "force_destroy": true,
        "website": {"index_document": "index.html"}, "quotas": {"max_size": "1G"}})",
     R"({"aliases": ["media", "other.example.org"], "force_destroy": true, "website": {"enabled": false},
        "quotas": {"max_objects": 5}, "cors_rules": [{"allowed_origins": ["*"], "allowed_methods": ["GET"]}]})",
     "media", 12},
    {"Key", OnBackends(MakeGarageKey),
     R"({"name": "app", "create_bucket": true, "expiration": "2090-01-01T00:00:00Z"})",
     R"({"name": "app-2", "create_bucket": false, "expiration": "never"})", "", 6},
    {"KeyOfGivenId", OnBackends(MakeGarageKey),
     R"({"access_key_id": "GK0123456789abcdef01234567", "name": "app",
        "create_bucket": true})",
     R"({"access_key_id": "GK0123456789abcdef01234567", "name": "app-2", "create_bucket": false})",
     "GK0123456789abcdef01234567", 6},
    {"Access", OnBackends(MakeGarageBucketAccess),
     R"({"bucket_id": "BUCKET", "access_key_id": "KEY", "read": true, "write": true})",
     R"({"bucket_id": "BUCKET", "access_key_id": "KEY", "read": true, "owner": true})", "BUCKET/KEY", 5},
    {"LocalAlias", OnBackends(MakeGarageLocalAlias),
     R"({"bucket_id": "BUCKET", "access_key_id": "KEY", "alias": "own"})",
     R"({"bucket_id": "BUCKET", "access_key_id": "KEY", "alias": "mine"})", "BUCKET/KEY/own", 6},
};

class GarageCrashTest : public GarageResourceTest,
                        public ::testing::WithParamInterface<std::tuple<const Kind*, Moment>> {
 protected:
  void SetUp() override {
    GarageResourceTest::SetUp();
    bucket_ = GivenBucket("given");
    key_ = GivenKey("given");
  }

  const Kind& kind() const { return *std::get<0>(GetParam()); }
  Moment moment() const { return std::get<1>(GetParam()); }

  std::string Filled(std::string text) const {
    for (const auto& [name, id] : {std::pair<std::string, std::string>("BUCKET", bucket_), {"KEY", key_}}) {
      for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) {
        text.replace(at, name.size(), id);
      }
    }
    return text;
  }
  std::string made() const { return Filled(kind().made); }
  std::string changed() const { return Filled(kind().changed); }

  // Everything from the `nth` request on fails, if the process was killed; else only that one.
  void FailAt(int nth) {
    emulator_.ForgetRequests();
    Fault fault{.action = moment().after ? Fault::Action::kCutAfter : Fault::Action::kCutBefore, .nth = nth};
    if (moment().killed) fault.on_strike = [this] { journal_.Die(); };
    emulator_.AddFault(std::move(fault));
    if (moment().killed) {
      emulator_.AddFault({.action = Fault::Action::kCutBefore, .nth = nth + 1, .times = 1'000'000});
    }
  }

  void ExpectAsMany(std::size_t of_this_kind) {
    bool const is_bucket = kind().name == "Bucket";
    bool const is_key = kind().name.starts_with("Key");
    EXPECT_EQ(Buckets(), 1 + (is_bucket ? of_this_kind : 0));
    EXPECT_EQ(Keys(), 1 + (is_key ? of_this_kind : 0));
    std::size_t const grants = emulator_.With([&](GarageStore& store) {
      auto const& grants_of = store.buckets.at(bucket_).grants;
      return grants_of.contains(key_) && grants_of.at(key_).Any() ? 1U : 0U;
    });
    EXPECT_EQ(grants, kind().name == "Access" ? of_this_kind : 0);
    std::size_t const names =
        emulator_.With([&](GarageStore& store) { return store.keys.at(key_).AliasesOf(bucket_).size(); });
    EXPECT_EQ(names, kind().name == "LocalAlias" ? of_this_kind : 0);
  }

  // An id that is configured is lost for good with its key.
  void ForgetDroppedKeys() {
    emulator_.With([](GarageStore& store) { store.dropped_keys.clear(); });
  }

  std::string bucket_;
  std::string key_;
};

TEST_P(GarageCrashTest, AnywhereInCreating) {
  for (int nth = 1; nth <= kind().requests; ++nth) {
    SCOPED_TRACE(Cat({"request ", std::to_string(nth)}));
    Managed managed(kind().make, backends_);
    Managed victim(kind().make, backends_);
    Configure();
    auto const plan = managed.host().MakePlan(managed.Config(made()));
    ASSERT_TRUE(plan.has_value()) << managed.host().Errors();
    FailAt(nth);
    (moment().killed ? victim : managed).host().Apply(*plan);
    emulator_.ClearFaults();
    // The one that was to be killed and made fewer requests is alive, and has the state.
    Managed& left = moment().killed && !journal_.ComeBack() ? victim : managed;
    CarryOn(left, made());
    ExpectAsMany(1);
    EXPECT_THAT(left.host().faults(), IsEmpty());
    ASSERT_TRUE(Destroy(left)) << left.host().Errors();
    ExpectAsMany(0);
    ForgetDroppedKeys();
  }
}

TEST_P(GarageCrashTest, AnywhereInUpdating) {
  for (int nth = 1; nth <= kind().requests; ++nth) {
    SCOPED_TRACE(Cat({"request ", std::to_string(nth)}));
    Managed managed(kind().make, backends_);
    ASSERT_TRUE(Apply(managed, made())) << managed.host().Errors();
    // The state as a file that outlives the process.
    Managed before(kind().make, backends_);
    std::string const id =
        kind().import_id.empty() ? managed.Text("access_key_id") : Filled(kind().import_id);
    ASSERT_TRUE(Import(before, id)) << before.host().Errors();
    Configure();
    ASSERT_TRUE(managed.host().Refresh());
    auto const plan = managed.host().MakePlan(managed.Config(changed()));
    ASSERT_TRUE(plan.has_value()) << managed.host().Errors();
    Configure();
    FailAt(nth);
    managed.host().Apply(*plan);
    emulator_.ClearFaults();
    journal_.ComeBack();
    Managed& left = moment().killed ? before : managed;
    CarryOn(left, changed());
    ExpectAsMany(1);
    EXPECT_THAT(left.host().faults(), IsEmpty());
    ASSERT_TRUE(Destroy(left)) << left.host().Errors();
    ExpectAsMany(0);
    ForgetDroppedKeys();
  }
}

TEST_P(GarageCrashTest, AnywhereInDestroying) {
  for (int nth = 1; nth <= kind().requests; ++nth) {
    SCOPED_TRACE(Cat({"request ", std::to_string(nth)}));
    Managed managed(kind().make, backends_);
    ASSERT_TRUE(Apply(managed, made())) << managed.host().Errors();
    emulator_.With([](GarageStore& store) {
      if (auto* const bucket = store.FindByAlias("media")) {
        bucket->objects = {{"a", "text"}, {"b/c", "text"}};
        bucket->uploads["0123"] = {.key = "d", .started = store.Now(), .parts = {{1, "text"}}};
      }
    });
    Configure();
    FailAt(nth);
    managed.host().Destroy();
    emulator_.ClearFaults();
    journal_.ComeBack();
    Configure();
    if (managed.host().exists()) {
      ASSERT_TRUE(managed.host().Refresh()) << managed.host().Errors();
      if (managed.host().exists()) {
        ASSERT_TRUE(Destroy(managed)) << managed.host().Errors();
      }
    }
    ExpectAsMany(0);
    ForgetDroppedKeys();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, GarageCrashTest,
    ::testing::Combine(::testing::Values(&kKinds[0], &kKinds[1], &kKinds[2], &kKinds[3], &kKinds[4]),
                       ::testing::Values(Moment{.after = false, .killed = false},
                                         Moment{.after = true, .killed = false},
                                         Moment{.after = false, .killed = true},
                                         Moment{.after = true, .killed = true})),
    [](const auto& parameters) {
      const Moment& moment = std::get<1>(parameters.param);
      return Cat({std::get<0>(parameters.param)->name, moment.killed ? "Killed" : "CutOff",
                  moment.after ? "After" : "Before"});
    });

}  // namespace
}  // namespace fediversity::resources
