// Buckets are emptied by S3, on a real server.

#include "provider/backends/garage/signing.h"
#include "tests/provider/backends/garage/server_fixture.h"

namespace fediversity::garage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EmptyingTest : public ServerTest {
 protected:
  // A bucket with a key of the test's own that may write.
  void SetUp() override {
    ServerTest::SetUp();
    bucket_ = NewBucket();
    key_ = NewKey();
    ASSERT_TRUE(
        api_->SetPermissions(bucket_.id, key_.access_key_id, {.read = true, .write = true}, Limits()).ok());
  }

  http::Response S3(http::Method method, std::vector<std::string> path, std::vector<http::Field> query = {},
                    const std::string& content = "") {
    path.insert(path.begin(), bucket_.id);
    http::Request request{.method = method, .path = std::move(path), .query = std::move(query)};
    if (method != http::Method::kGet) request.body = http::Body{"text/plain", Secret(content)};
    std::string const host = shared_server->s3_endpoint().substr(7);
    SignV4(request, host, shared_server->region(), key_, absl::Now());
    auto response = Connect(shared_server->s3_endpoint())->Send(request, Limits());
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(http::Response{});
  }
  void Put(const std::string& name) {
    auto const put = S3(http::Method::kPut, {name}, {}, "content");
    EXPECT_EQ(put.status, 200) << name << ": " << put.body;
  }
  // Keys of the bucket that are not the test's.
  std::vector<std::string> StrangeKeys() {
    std::vector<std::string> strange;
    auto const keys = api_->ListKeys(Limits());
    EXPECT_TRUE(keys.ok()) << keys.status();
    for (const auto& [id, key] : **keys) {
      if (key.name != "a key") strange.push_back(id);
    }
    return strange;
  }

  Bucket bucket_;
  KeyCredentials key_;
  std::vector<std::string> announced_;
  Api::AnnounceKey note_ = [this](const std::string& key) { announced_.push_back(key); };
};

TEST_F(EmptyingTest, ABucketWithObjectsIsNotDeletedUntilItIsEmptied) {
  for (const char* const name :
       {"plain", "a/b/c", "with blank", " leading", "trailing ", "a+b&c<d>\"e'", "ä€😀", "100%", "a//b",
        "/slash", "a/../b", "tab\tin", "line\nbreak", "return\r", "bell\x07", "x\x01/y"}) {
    Put(name);
  }
  auto const refused = api_->DeleteBucket(bucket_.id, Limits());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(Text(refused), HasSubstr("objects are inside\nNothing was deleted."));
  auto const emptied = api_->EmptyBucket(bucket_.id, note_, Limits());
  ASSERT_TRUE(emptied.ok()) << emptied.status();
  EXPECT_EQ(*emptied, 16U);
  EXPECT_THAT(announced_, ::testing::SizeIs(1));
  EXPECT_TRUE(api_->DeleteBucket(bucket_.id, Limits()).ok());
  EXPECT_THAT(StrangeKeys(), IsEmpty());
}

TEST_F(EmptyingTest, UnfinishedUploadsGoToo) {
  auto const begun = S3(http::Method::kPost, {"large"}, {{"uploads", ""}});
  ASSERT_EQ(begun.status, 200) << begun.body;
  Put("small");
  auto const emptied = api_->EmptyBucket(bucket_.id, note_, Limits());
  ASSERT_TRUE(emptied.ok()) << emptied.status();
  EXPECT_EQ(*emptied, 1U);
  auto const left = api_->CleanupIncompleteUploads(bucket_.id, absl::ZeroDuration(), Limits());
  ASSERT_TRUE(left.ok());
  EXPECT_EQ(*left, 0U);
}

TEST_F(EmptyingTest, UnfinishedUploadsAreCleanedUpByAge) {
  ASSERT_EQ(S3(http::Method::kPost, {"large"}, {{"uploads", ""}}).status, 200);
  EXPECT_EQ(api_->CleanupIncompleteUploads(bucket_.id, absl::Hours(1), Limits()).value_or(99), 0U);
  EXPECT_EQ(api_->CleanupIncompleteUploads(bucket_.id, absl::ZeroDuration(), Limits()).value_or(99), 1U);
}

TEST_F(EmptyingTest, AnEmptyBucketIsEmptiedToo) {
  EXPECT_EQ(api_->EmptyBucket(bucket_.id, note_, Limits()).value_or(99), 0U);
  std::string const unknown(64, '0');
  EXPECT_TRUE(absl::IsNotFound(api_->EmptyBucket(unknown, note_, Limits()).status()));
}

TEST_F(EmptyingTest, WithoutAnS3EndpointNothingHappens) {
  OpenApi const open = Open(*shared_server, clock_, {.with_s3 = false});
  auto const refused = open->EmptyBucket(bucket_.id, note_, Limits());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), HasSubstr("Add `s3_endpoint`"));
  EXPECT_THAT(open.admin->calls(), IsEmpty());
}

TEST_F(EmptyingTest, AWrongRegionIsNamed) {
  Put("here");
  OpenApi const open = Open(*shared_server, clock_, {.region = "elsewhere"});
  auto const refused = open->EmptyBucket(bucket_.id, note_, Limits());
  EXPECT_TRUE(absl::IsInvalidArgument(refused.status())) << refused.status();
  EXPECT_THAT(Text(refused.status()), AllOf(HasSubstr("\"test-region\""), HasSubstr("set it as `region`")));
  EXPECT_THAT(StrangeKeys(), IsEmpty());
}

TEST_F(EmptyingTest, NoKeyIsLeftBehindWhereverItFails) {
  Put("here");
  Fault const broken{.status = 500, .body = R"({"code": "InternalError", "message": "broken", "path": "/"})"};
  for (const char* const call : {"UpdateKey", "AllowBucketKey", "CleanupIncompleteUploads"}) {
    api_.admin->Spoil(call, {broken});
    EXPECT_TRUE(absl::IsInternal(api_->EmptyBucket(bucket_.id, note_, Limits()).status())) << call;
    EXPECT_THAT(StrangeKeys(), IsEmpty()) << call;
  }
  api_.s3->Spoil(
      "GET", {{.status = 500, .body = "<Error><Code>InternalError</Code><Message>broken</Message></Error>"}});
  auto const listing = api_->EmptyBucket(bucket_.id, note_, Limits());
  EXPECT_THAT(Text(listing.status()), HasSubstr("listing its objects: InternalError: broken"));
  EXPECT_THAT(StrangeKeys(), IsEmpty());
  // Lost answers make no difference.
  Put("there");
  api_.admin->Spoil("ImportKey", {{.carried_out = true}});
  api_.s3->Spoil("GET", {{.carried_out = false}});
  api_.s3->Spoil("POST", {{.carried_out = true}});
  EXPECT_TRUE(api_->EmptyBucket(bucket_.id, note_, Limits()).ok());
  EXPECT_THAT(StrangeKeys(), IsEmpty());
}

TEST_F(EmptyingTest, AKeyOfARunThatWasKilledGoes) {
  api_.admin->Spoil("DeleteKey",
                    {{.status = 500, .body = R"({"code": "InternalError", "message": "broken"})"}});
  EXPECT_FALSE(api_->EmptyBucket(bucket_.id, note_, Limits()).ok());
  auto const left = StrangeKeys();
  ASSERT_EQ(left.size(), 1U);
  // It does not live for ever.
  EXPECT_TRUE(api_->ReadKey(left.front(), Limits())->expiration.has_value());
  EXPECT_TRUE(api_->EmptyBucket(bucket_.id, note_, Limits()).ok());
  EXPECT_THAT(StrangeKeys(), IsEmpty());
}

TEST_F(EmptyingTest, AnInterruptLeavesNoKey) {
  Put("here");
  class Interrupt final : public http::Transport {
   public:
    Interrupt(std::unique_ptr<http::Transport> inner, CancelToken& cancel)
        : inner_(std::move(inner)),
          cancel_(cancel) {}
    absl::StatusOr<http::Response> Send(const http::Request& request, const CallLimits& limits) override {
      cancel_.Cancel();
      return inner_->Send(request, limits);
    }

   private:
    std::unique_ptr<http::Transport> inner_;
    CancelToken& cancel_;
  };
  CancelToken interrupted;
  auto s3 = std::make_unique<S3Client>(
      std::make_unique<Interrupt>(Connect(shared_server->s3_endpoint()), interrupted),
      shared_server->s3_endpoint().substr(7), shared_server->region(), clock_);
  HttpApi api(Connect(shared_server->admin_endpoint()), shared_server->token(), std::move(s3), {}, clock_);
  auto const ended = api.EmptyBucket(bucket_.id, note_, {interrupted, absl::Now() + absl::Minutes(1)});
  EXPECT_TRUE(absl::IsCancelled(ended.status())) << ended.status();
  EXPECT_THAT(StrangeKeys(), IsEmpty());
}

}  // namespace
}  // namespace fediversity::garage
