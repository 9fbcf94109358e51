// The whole way, out of settings: sockets, TLS, patience, and servers that are none.

#include <algorithm>

#include "provider/backends/garage/api.h"
#include "tests/provider/backends/garage/server_fixture.h"
#include "tests/support/http_server/http_server.h"
#include "tests/support/http_server/raw_server.h"
#include "tests/support/http_server/test_certificate.h"

namespace fediversity::garage {
namespace {

using fediversity::testing::Answer;
using fediversity::testing::GarageServer;
using fediversity::testing::HttpServer;
using fediversity::testing::RawServer;
using fediversity::testing::ReadRequest;
using fediversity::testing::ServedRequest;
using fediversity::testing::TestCertificate;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHealth = R"({"status": "healthy", "knownNodes": 3})";

class MakeApiTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Api>> Make(const Settings& settings) {
    return MakeApi(
        settings, [](const std::string&) { return std::nullopt; }, Logger(), clock_);
  }
  absl::Status Health(const Settings& settings, absl::Duration time = absl::Seconds(30)) {
    auto const api = Make(settings);
    return api.ok() ? (*api)->ReadHealth({cancel_, absl::Now() + time}).status() : api.status();
  }

  SystemClock clock_;
  CancelToken cancel_;
};

TEST_F(MakeApiTest, SendsTheTokenAndNothingElse) {
  HttpServer server([](const ServedRequest&) { return Answer{.body = kHealth}; });
  ASSERT_TRUE(Health({.endpoint = server.Url() + "/garage/", .token = Secret("a.b")}).ok());
  auto const requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].target, "/garage/v2/GetClusterHealth");
  EXPECT_EQ(requests[0].Header("Authorization"), "Bearer a.b");
}

TEST_F(MakeApiTest, ChecksTheCertificateOfAProxy) {
  TestCertificate const certificate({});
  HttpServer server([](const ServedRequest&) { return Answer{.body = kHealth}; }, &certificate);
  Settings settings{.endpoint = server.Url(), .token = Secret("a.b")};
  EXPECT_TRUE(absl::IsFailedPrecondition(Health(settings)));
  settings.tls.fingerprint = certificate.Fingerprint();
  EXPECT_TRUE(Health(settings).ok());
}

TEST_F(MakeApiTest, SpeaksOverUnixSockets) {
  auto server = GarageServer::StartAlone({.unix_sockets = true});
  ASSERT_TRUE(server.ok()) << server.status();
  auto const api = Make({.endpoint = (*server)->admin_endpoint(),
                         .token = (*server)->token(),
                         .s3_endpoint = (*server)->s3_endpoint(),
                         .region = (*server)->region()});
  ASSERT_TRUE(api.ok()) << api.status();
  CallLimits const limits{cancel_, absl::Now() + absl::Seconds(30)};
  auto const bucket = (*api)->CreateBucket("", limits);
  ASSERT_TRUE(bucket.ok()) << bucket.status();
  auto const emptied = (*api)->EmptyBucket(
      bucket->id, [](const std::string&) {}, limits);
  ASSERT_TRUE(emptied.ok()) << emptied.status();
  EXPECT_TRUE((*api)->DeleteBucket(bucket->id, limits).ok());
}

TEST_F(MakeApiTest, HasAPatienceOfItsOwn) {
  RawServer silent([](int fd) { ReadRequest(fd), fediversity::testing::WaitForEnd(fd); });
  Settings const settings{
      .endpoint = silent.Url(), .token = Secret("a.b"), .timeout = absl::Milliseconds(50)};
  absl::Time const begin = absl::Now();
  absl::Status const late = Health(settings);
  EXPECT_TRUE(absl::IsUnavailable(late)) << late;
  EXPECT_THAT(Text(late), HasSubstr("The cluster: reading its health: "));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(15));
}

TEST_F(MakeApiTest, TheEndOfAnOperationEndsItsCalls) {
  RawServer silent([](int fd) { ReadRequest(fd), fediversity::testing::WaitForEnd(fd); });
  absl::Status const late =
      Health({.endpoint = silent.Url(), .token = Secret("a.b")}, absl::Milliseconds(100));
  EXPECT_TRUE(absl::IsDeadlineExceeded(late)) << late;
}

TEST_F(MakeApiTest, RefusesServersThatAreNotGarage) {
  HttpServer server([](const ServedRequest&) {
    return Answer{.status = 403, .body = "<html>Log in first</html>", .content_type = "text/html"};
  });
  absl::Status const refused = Health({.endpoint = server.Url(), .token = Secret("secret-token")});
  EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
  EXPECT_THAT(Text(refused), HasSubstr("no answer of Garage"));
  EXPECT_THAT(Text(refused), Not(HasSubstr("secret-token")));
}

TEST_F(MakeApiTest, ReadsNoEndlessAnswer) {
  RawServer server([](int fd) {
    ReadRequest(fd);
    fediversity::testing::WriteText(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n[");
    fediversity::testing::WaitForEnd(fd);
  });
  absl::Status const endless = Health({.endpoint = server.Url(), .token = Secret("a.b")});
  EXPECT_TRUE(absl::IsResourceExhausted(endless)) << endless;
}

TEST_F(MakeApiTest, RefusesSettingsThatCannotBe) {
  Settings const good{
      .endpoint = "http://[::1]:3903", .token = Secret("a.b"), .s3_endpoint = "https://s3.example"};
  EXPECT_TRUE(Make(good).ok());
  Settings bad = good;
  bad.endpoint = "";
  EXPECT_TRUE(absl::IsInvalidArgument(Make(bad).status()));
  bad = good;
  bad.endpoint = "garage.example:3903";
  EXPECT_TRUE(absl::IsInvalidArgument(Make(bad).status()));
  bad = good;
  bad.token = Secret("with-line-break\n");
  absl::Status const token = Make(bad).status();
  EXPECT_TRUE(absl::IsInvalidArgument(token));
  EXPECT_THAT(Text(token), Not(HasSubstr("with-line-break")));
  bad.token = Secret("");
  EXPECT_TRUE(absl::IsInvalidArgument(Make(bad).status()));
  bad = good;
  bad.s3_endpoint = "http://s3.example/path";
  EXPECT_THAT(Text(Make(bad).status()), HasSubstr("use http://s3.example"));
  bad = good;
  bad.page_size = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(Make(bad).status()));
}

}  // namespace
}  // namespace fediversity::garage
