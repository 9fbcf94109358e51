// Garage's resources on a real server, one after the other as somebody would write them.

#include "provider/base/log.h"
#include "provider/base/text.h"
#include "resources/garage/bucket.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/key.h"
#include "resources/garage/local_alias.h"
#include "tests/resources/garage/garage_fixture.h"
#include "tests/support/garage/garage_server.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;

class RealGarageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::FindGarage().has_value()) GTEST_SKIP() << "there is no garage";
    auto server = testing::GarageServer::StartAlone();
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    Configure();
  }

  // As in a new process.
  void Configure() {
    garage::Settings settings;
    settings.endpoint = server_->admin_endpoint();
    settings.token = server_->token();
    settings.s3_endpoint = server_->s3_endpoint();
    settings.region = server_->region();
    auto const no_environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
    auto api = garage::MakeApi(settings, no_environment, Logger(), clock_);
    ASSERT_TRUE(api.ok()) << api.status();
    backends_.garage.Fill(*std::move(api));
  }

  oracle::Host::Action Planned(Managed& managed, std::string_view json) {
    Configure();
    EXPECT_TRUE(managed.host().Refresh()) << managed.host().Errors();
    auto const plan = managed.host().MakePlan(managed.Config(json));
    EXPECT_TRUE(plan.has_value()) << managed.host().Errors();
    return plan.has_value() ? plan->action : oracle::Host::Action::kDelete;
  }
  bool Apply(Managed& managed, std::string_view json) {
    Configure();
    if (managed.host().exists() && !managed.host().Refresh()) return false;
    auto const plan = managed.host().MakePlan(managed.Config(json));
    return plan.has_value() && managed.host().Apply(*plan);
  }
  // Applies, and finds the plan empty, as often as lists may come in another order.
  void Set(Managed& managed, std::string_view json) {
    ASSERT_TRUE(Apply(managed, json)) << json << "\n" << managed.host().Errors();
    for (int count = 0; count < 3; ++count) {
      ASSERT_EQ(Planned(managed, json), oracle::Host::Action::kNoOp) << json;
    }
    ASSERT_THAT(managed.host().faults(), IsEmpty()) << json;
  }

  std::unique_ptr<testing::GarageServer> server_;
  Backends backends_;
  SystemClock clock_;
  CancelToken never_;
  Managed bucket_{MakeGarageBucket, backends_};
  Managed key_{MakeGarageKey, backends_};
  Managed access_{MakeGarageBucketAccess, backends_};
  Managed name_{MakeGarageLocalAlias, backends_};
};

TEST_F(RealGarageTest, ABucketGoesThroughEveryAttribute) {
  Set(bucket_, R"({"aliases": ["media"]})");
  std::string const id = bucket_.Text("id");
  Set(bucket_, R"({"aliases": ["files.example.org", "other"],
      "website": {"index_document": "index.html", "error_document": "404.html", "routing_rules": [
          {"condition": {"key_prefix_equals": "old/"}, "redirect": {"replace_key_prefix_with": "new/", "http_redirect_code": 301}},
          {"condition": {"http_error_code_returned_equals": 404}, "redirect": {"host_name": "example.org", "protocol": "https"}}]},
      "quotas": {"max_size": "50G", "max_objects": 1000000},
      "cors_rules": [{"id": "one", "allowed_origins": ["https://b.example", "https://a.example"],
          "allowed_methods": ["PUT", "GET"], "allowed_headers": ["x-b", "x-a"], "expose_headers": ["etag"],
          "max_age_seconds": 60}, {"allowed_origins": ["*"], "allowed_methods": ["GET"]}],
      "lifecycle_rules": [{"id": "tmp", "prefix": "tmp/", "expiration_days": 7},
          {"expiration_date": "2031-02-03", "object_size_greater_than": "1M", "object_size_less_than": "1G"},
          {"enabled": false, "abort_incomplete_multipart_upload_days": 2}]})");
  EXPECT_EQ(bucket_.Text("id"), id);
  EXPECT_EQ(bucket_.State("aliases"), R"(["files.example.org","other"])");
  Set(bucket_, "{}");
  EXPECT_EQ(bucket_.Text("quotas.max_size"), "50G");
  Set(bucket_, R"({"website": {"index_document": "index.html"}, "quotas": {"max_objects": 5}})");
  EXPECT_EQ(bucket_.State("quotas.max_size"), "null");
  EXPECT_EQ(bucket_.State("website.routing_rules"), "null");
  Set(bucket_, R"({"website": {"enabled": false}, "quotas": {}, "cors_rules": [], "lifecycle_rules": []})");
  Managed imported(MakeGarageBucket, backends_);
  for (const std::string& by : {id, std::string("other")}) {
    ASSERT_TRUE(imported.host().Import({.id = by, .identity = {}})) << imported.host().Errors();
    EXPECT_EQ(Planned(imported, "{}"), oracle::Host::Action::kNoOp);
  }
  ASSERT_TRUE(bucket_.host().Destroy()) << bucket_.host().Errors();
}

TEST_F(RealGarageTest, AnAliasThatIsTakenLeavesNoBucketBehind) {
  Set(bucket_, R"({"aliases": ["media"]})");
  Managed second(MakeGarageBucket, backends_);
  EXPECT_FALSE(Apply(second, R"({"aliases": ["fresh", "media"]})"));
  EXPECT_THAT(second.host().diagnostics(), Contains(ErrorOn("aliases", "media", "import {")));
  EXPECT_FALSE(second.host().exists());
  auto const buckets = server_->Call("ListBuckets");
  ASSERT_TRUE(buckets.ok()) << buckets.status();
  EXPECT_EQ(buckets->size(), 1U);
}

TEST_F(RealGarageTest, AKeyGoesThroughEveryAttribute) {
  Set(key_, R"({"name": "app"})");
  std::string const id = key_.Text("access_key_id");
  EXPECT_EQ(key_.Text("secret").size(), 64U);
  Set(key_, R"({"name": "web", "expiration": "2090-01-01T01:00:00.5+01:00", "create_bucket": true})");
  EXPECT_EQ(Planned(key_, R"({"name": "web", "expiration": "2090-01-01T00:00:00.500Z"})"),
            oracle::Host::Action::kNoOp);
  Set(key_, R"({"name": "web", "expiration": "never", "create_bucket": false, "store_secret": false})");
  EXPECT_EQ(key_.Text("access_key_id"), id);
  EXPECT_EQ(key_.State("secret"), "null");
  Managed imported(MakeGarageKey, backends_);
  ASSERT_TRUE(imported.host().Import({.id = id, .identity = {}})) << imported.host().Errors();
  EXPECT_EQ(imported.Text("secret").size(), 64U);
  EXPECT_EQ(Planned(imported, R"({"name": "web"})"), oracle::Host::Action::kNoOp);
  ASSERT_TRUE(key_.host().Destroy()) << key_.host().Errors();
  // A deleted id is lost for good.
  Managed again(MakeGarageKey, backends_);
  EXPECT_FALSE(Apply(again, Cat({R"({"name": "web", "access_key_id": ")", id, R"("})"})));
  EXPECT_THAT(again.host().diagnostics(), Contains(ErrorOn("access_key_id", id, "never takes the id again")));
  EXPECT_FALSE(again.host().exists());
}

TEST_F(RealGarageTest, ASecretOfOnesOwnIsTakenAndReplacedWithItsKey) {
  Set(key_, R"({"name": "app", "secret_wo": "obviously-fake-secret-1", "secret_wo_version": 1})");
  std::string const id = key_.Text("access_key_id");
  auto const secret = (*backends_.garage.Get())->ReadSecret(id, {.cancel = never_});
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(secret->Reveal(), "obviously-fake-secret-1");
  Set(key_, R"({"name": "app", "secret_wo": "obviously-fake-secret-2", "secret_wo_version": 2})");
  EXPECT_NE(key_.Text("access_key_id"), id);
}

TEST_F(RealGarageTest, AccessAndNamesAreWhatIsWritten) {
  Set(bucket_, R"({"aliases": ["media"]})");
  Set(key_, R"({"name": "app"})");
  auto const between = [this](std::string_view more) {
    return Cat({R"({"bucket_id": ")", bucket_.Text("id"), R"(", "access_key_id": ")",
                key_.Text("access_key_id"), R"(", )", more, "}"});
  };
  Set(access_, between(R"("read": true, "write": true)"));
  Set(access_, between(R"("read": true, "owner": true)"));
  Set(name_, between(R"("alias": "own")"));
  Set(name_, between(R"("alias": "mine")"));
  std::string const pair = Cat({bucket_.Text("id"), "/", key_.Text("access_key_id")});
  Managed access(MakeGarageBucketAccess, backends_);
  ASSERT_TRUE(access.host().Import({.id = pair, .identity = {}})) << access.host().Errors();
  EXPECT_EQ(access.State("write"), "false");
  Managed name(MakeGarageLocalAlias, backends_);
  ASSERT_TRUE(name.host().Import({.id = pair + "/mine", .identity = {}})) << name.host().Errors();
  ASSERT_TRUE(name_.host().Destroy()) << name_.host().Errors();
  ASSERT_TRUE(access_.host().Destroy()) << access_.host().Errors();
  Configure();
  ASSERT_TRUE(access.host().Refresh());
  EXPECT_FALSE(access.host().exists());
}

}  // namespace
}  // namespace fediversity::resources
