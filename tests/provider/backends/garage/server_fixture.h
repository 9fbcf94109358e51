#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_GARAGE_SERVER_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_GARAGE_SERVER_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "provider/backends/garage/http_api.h"
#include "provider/backends/garage/s3_client.h"
#include "provider/http/curl_transport.h"
#include "provider/http/retrying.h"
#include "tests/provider/backends/garage/fault_transport.h"
#include "tests/support/garage/garage_server.h"

namespace fediversity::garage {

inline std::string Text(const absl::Status& status) { return std::string(status.message()); }

// An Api on a server, with what passes between the two at hand.
struct OpenApi {
  FaultTransport* admin = nullptr;
  FaultTransport* s3 = nullptr;
  std::unique_ptr<HttpApi> api;

  HttpApi* operator->() const { return api.get(); }
};

struct OpenOptions {
  std::string token = {};  // that of the server's configuration
  std::string region = {};
  int page_size = 1000;
  bool with_s3 = true;
};

inline std::unique_ptr<FaultTransport> Connect(const std::string& url) {
  auto transport = http::CurlTransport::Create({.url = url}, [](const std::string&) { return std::nullopt; });
  return std::make_unique<FaultTransport>(*std::move(transport));
}

inline std::unique_ptr<http::Transport> Retrying(std::unique_ptr<http::Transport> inner, Clock& clock) {
  http::RetryPolicy const quick{.shortest_wait = absl::Milliseconds(1),
                                .longest_wait = absl::Milliseconds(5)};
  return std::make_unique<http::RetryingTransport>(std::move(inner), quick, clock);
}

inline OpenApi Open(const fediversity::testing::GarageServer& server, Clock& clock,
                    const OpenOptions& options = {}) {
  OpenApi open;
  auto admin = Connect(server.admin_endpoint());
  open.admin = admin.get();
  std::unique_ptr<S3Client> s3;
  if (options.with_s3) {
    auto transport = Connect(server.s3_endpoint());
    open.s3 = transport.get();
    std::string const host = server.s3_endpoint().substr(server.s3_endpoint().find("//") + 2);
    s3 = std::make_unique<S3Client>(Retrying(std::move(transport), clock), host,
                                    options.region.empty() ? server.region() : options.region, clock);
  }
  open.api = std::make_unique<HttpApi>(
      Retrying(std::move(admin), clock), options.token.empty() ? server.token() : Secret(options.token),
      std::move(s3), HttpApi::Options{.page_size = options.page_size}, clock);
  return open;
}

// On a real server of the test program's own, which all its tests share: names are theirs to keep apart.
class ServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = fediversity::testing::GarageServer::StartAlone();
    ASSERT_TRUE(started.ok()) << started.status();
    shared_server = *std::move(started);
  }
  static void TearDownTestSuite() { shared_server.reset(); }

  void SetUp() override {
    ASSERT_NE(shared_server, nullptr);
    api_ = Open(*shared_server, clock_);
  }

  CallLimits Limits() const { return {cancel_, absl::Now() + absl::Minutes(1)}; }

  Bucket NewBucket() {
    auto bucket = api_->CreateBucket("", Limits());
    EXPECT_TRUE(bucket.ok()) << bucket.status();
    return bucket.value_or(Bucket{});
  }
  // With that global alias.
  Bucket NamedBucket(const std::string& alias) {
    auto bucket = api_->AddGlobalAlias(NewBucket().id, alias, Limits());
    EXPECT_TRUE(bucket.ok()) << bucket.status();
    return bucket.value_or(Bucket{});
  }
  KeyCredentials NewKey(const std::string& name = "a key") {
    KeyCredentials credentials = DrawKeyCredentials().value_or(KeyCredentials{});
    auto const key = api_->ImportKey(credentials, name, Limits());
    EXPECT_TRUE(key.ok()) << key.status();
    return credentials;
  }

  static inline std::unique_ptr<fediversity::testing::GarageServer> shared_server;
  SystemClock clock_;
  CancelToken cancel_;
  OpenApi api_;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_GARAGE_SERVER_FIXTURE_H_
