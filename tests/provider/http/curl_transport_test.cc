#include "provider/http/curl_transport.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/provider/http/curl_fixture.h"
#include "tests/support/http_server/http_server.h"
#include "tests/support/http_server/open_socket.h"
#include "tests/support/http_server/raw_server.h"

namespace fediversity::http {
namespace {

using ::fediversity::testing::Answer;
using ::fediversity::testing::Http;
using ::fediversity::testing::HttpServer;
using ::fediversity::testing::IsOpenSocket;
using ::fediversity::testing::RawServer;
using ::fediversity::testing::ReadRequest;
using ::fediversity::testing::ServedRequest;
using ::fediversity::testing::WriteText;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(CurlTest, SendsWhatItWasGiven) {
  HttpServer server([](const ServedRequest&) {
    return Answer{
        .status = 201, .body = "made", .content_type = "text/plain", .headers = {{"X-Node", "pve1"}}};
  });
  auto const response =
      SendOnce({.url = server.Url() + "/api2/json"}, {.method = Method::kPost,
                                                      .path = {"nodes", "a/b"},
                                                      .query = {{"full", "1 2"}, {"key", Secret("k")}},
                                                      .headers = {{"Authorization", Secret("Bearer t")}},
                                                      .body = JsonBody(R"({"a":1})")});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "made");
  EXPECT_EQ(response->headers.Find("x-node"), "pve1");
  EXPECT_EQ(response->url, server.Url() + "/api2/json/nodes/a%2Fb?full=1%202&key=(secret)");
  ASSERT_EQ(server.requests().size(), 1);
  ServedRequest const seen = server.requests()[0];
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/api2/json/nodes/a%2Fb?full=1%202&key=k");
  EXPECT_EQ(seen.Header("Authorization"), "Bearer t");
  EXPECT_EQ(seen.Header("Content-Type"), "application/json");
  EXPECT_EQ(seen.headers.count("Expect"), 0);
  EXPECT_THAT(seen.Header("User-Agent"), StartsWith("terraform-provider-fediversity"));
  EXPECT_EQ(seen.body, R"({"a":1})");
}

TEST_F(CurlTest, EachMethodArrivesWithAndWithoutABody) {
  HttpServer server(Ok);
  auto const transport = Open({.url = server.Url()});
  std::vector<std::string> expected;
  for (Method const method : {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    ASSERT_TRUE(transport->Send({.method = method, .path = {"x"}}, Limits()).ok());
    expected.push_back(std::string(NameOf(method)) + " ");
    if (method == Method::kGet) continue;
    ASSERT_TRUE(transport->Send({.method = method, .path = {"x"}, .body = JsonBody("{}")}, Limits()).ok());
    expected.push_back(std::string(NameOf(method)) + " {}");
  }
  std::vector<std::string> seen;
  for (const ServedRequest& request : server.requests()) {
    seen.push_back(request.method + " " + request.body);
    EXPECT_EQ(request.headers.count("Content-Type"), request.body.empty() ? 0 : 1) << seen.back();
  }
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTest, LargeBodiesAndZeroBytesArriveWhole) {
  HttpServer server([](const ServedRequest& request) {
    return Answer{.body = request.body, .content_type = "application/octet-stream"};
  });
  std::string body(3'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 % 256);
  auto const response = SendOnce({.url = server.Url()}, {.method = Method::kPut, .body = JsonBody(body)});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, body);
}

TEST_F(CurlTest, AFailedStatusIsAnAnswer) {
  HttpServer server(
      [](const ServedRequest&) { return Answer{.status = 500, .body = R"({"message":"no such vm"})"}; });
  auto const response = SendOnce({.url = server.Url()}, {.path = {"vm"}});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body, R"({"message":"no such vm"})");
}

TEST_F(CurlTest, HeadHasNoBody) {
  HttpServer server([](const ServedRequest&) {
    return Answer{.body = "ignored", .content_type = "application/octet-stream"};
  });
  auto const response = SendOnce({.url = server.Url()}, {.method = Method::kHead});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(response->headers.Find("content-length"), "7");
}

TEST_F(CurlTest, KeepsTheReasonAndTheLastOfSeveralHeads) {
  RawServer server([](int fd) {
    ReadRequest(fd);
    WriteText(fd,
              "HTTP/1.1 100 Continue\r\nX-A: early\r\n\r\n"
              "HTTP/1.1 500 can't lock file: timeout\r\nX-A: late\r\nContent-Length: 0\r\n\r\n");
  });
  auto const response = SendOnce({.url = server.Url()}, {});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->reason, "can't lock file: timeout");
  EXPECT_EQ(response->headers.Find("X-A"), "late");
}

TEST_F(CurlTest, RedirectsAreNotFollowed) {
  HttpServer other(Ok);
  HttpServer server([&other](const ServedRequest&) {
    return Answer{.status = 307, .headers = {{"Location", other.Url() + "/elsewhere"}}};
  });
  auto const response = SendOnce(
      {.url = server.Url()}, {.method = Method::kPost, .headers = {{"Authorization", Secret("Bearer t")}}});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 307);
  EXPECT_TRUE(other.requests().empty());
}

TEST_F(CurlTest, ConnectionsAreKept) {
  HttpServer server(Ok);
  auto const transport = Open({.url = server.Url(), .max_idle = absl::InfiniteDuration()});
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(transport->Send({.path = {"x"}}, Limits()).ok());
  EXPECT_EQ(server.requests().size(), 50);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTest, IdleConnectionsAreNotUsedAgain) {
  HttpServer server(Ok);
  auto const transport = Open({.url = server.Url(), .max_idle = absl::ZeroDuration()});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(transport->Send({.path = {"x"}}, Limits()).ok());
  EXPECT_EQ(server.connections(), 5);
}

TEST_F(CurlTest, AnIdleConnectionIsClosedBeforeAnotherIsOpened) {
  std::mutex mutex;
  std::vector<int> sockets;
  std::vector<std::size_t> open;
  RawServer server([&](int fd) {
    ReadRequest(fd);
    {
      std::lock_guard const lock(mutex);
      sockets.push_back(fd);
      open.push_back(static_cast<std::size_t>(std::ranges::count_if(sockets, IsOpenSocket)));
    }
    WriteText(fd, Http(200, "{}"));
    WaitForEnd(fd);
    std::lock_guard const lock(mutex);
    std::erase(sockets, fd);
  });
  auto const transport = Open({.url = server.Url(), .max_connections = 1, .max_idle = absl::ZeroDuration()});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(transport->Send({.path = {"x"}}, Limits()).ok());
  std::lock_guard const lock(mutex);
  EXPECT_THAT(open, ElementsAre(1, 1, 1));
}

TEST_F(CurlTest, NoMoreConnectionsThanAllowed) {
  constexpr int kConnections = 3;
  std::mutex mutex;
  std::condition_variable arrived;
  int running = 0;
  int most = 0;
  HttpServer server([&](const ServedRequest&) {
    std::unique_lock lock(mutex);
    most = std::max(most, ++running);
    arrived.notify_all();
    // Nobody leaves before as many as are allowed have been there at once.
    arrived.wait(lock, [&] { return most >= kConnections; });
    --running;
    return Answer{};
  });
  auto const transport = Open({.url = server.Url(), .max_connections = kConnections});
  std::vector<std::thread> threads;
  threads.reserve(10);
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) EXPECT_TRUE(transport->Send({.path = {"x"}}, Limits()).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server.requests().size(), 50);
  EXPECT_EQ(most, kConnections);
  EXPECT_LE(server.connections(), kConnections);
}

TEST_F(CurlTest, SpeaksThroughAUnixSocket) {
  std::string const path = ::testing::TempDir() + "fediversity-http-" + std::to_string(getpid()) + ".sock";
  std::string request;
  {
    RawServer server(path, [&request](int fd) {
      request = ReadRequest(fd);
      WriteText(fd, Http(200, "socket"));
    });
    // A proxy is for the network only.
    auto const response =
        SendOnce({.url = "http://garage.test:3903/v2", .unix_socket = path},
                 {.path = {"x"}, .headers = {{"X-Empty", ""}}}, {{"HTTP_PROXY", "http://proxy.invalid:1"}});
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->body, "socket");
  }
  unlink(path.c_str());
  EXPECT_THAT(request, StartsWith("GET /v2/x HTTP/1.1\r\nHost: garage.test:3903\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nX-Empty:\r\n"));
  auto const gone = SendOnce({.url = "http://garage.test:3903", .unix_socket = path}, {});
  EXPECT_TRUE(absl::IsUnavailable(gone.status()));
  EXPECT_THAT(Text(gone.status()), HasSubstr(path));
}

TEST_F(CurlTest, UnpacksAnswers) {
  std::string const body(100'000, 'z');
  HttpServer server([&](const ServedRequest&) { return Answer{.body = body, .content_type = "text/plain"}; });
  auto const response = SendOnce({.url = server.Url()}, {});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, body);
  EXPECT_NE(response->headers.Find("Content-Encoding"), std::nullopt) << "the server sent it as it is";
}

TEST_F(CurlTest, TooLargeAnswersAreGivenUp) {
  HttpServer packed([](const ServedRequest&) {
    return Answer{.body = std::string(1'000'000, 'z'), .content_type = "text/plain"};
  });
  RawServer announced([](int fd) {
    ReadRequest(fd);
    WriteText(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    fediversity::testing::WaitForEnd(fd);
  });
  RawServer endless([](int fd) {
    ReadRequest(fd);
    WriteText(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (WriteText(fd, "1000\r\n" + std::string(0x1000, 'x') + "\r\n")) {
    }
  });
  for (const std::string& url : {packed.Url(), announced.Url(), endless.Url()}) {
    auto const response = SendOnce({.url = url, .max_response_bytes = 100'000}, {.path = {"x"}});
    EXPECT_TRUE(absl::IsResourceExhausted(response.status())) << response.status();
    EXPECT_THAT(Text(response.status()), HasSubstr("100000 bytes"));
  }
}

TEST_F(CurlTest, AnAnswerOfTheLargestSizeIsRead) {
  HttpServer server([](const ServedRequest&) {
    return Answer{.body = std::string(100'000, 'x'), .content_type = "application/octet-stream"};
  });
  EXPECT_TRUE(SendOnce({.url = server.Url(), .max_response_bytes = 100'000}, {}).ok());
  EXPECT_FALSE(SendOnce({.url = server.Url(), .max_response_bytes = 99'999}, {}).ok());
}

TEST_F(CurlTest, RequestsThatCannotBeSentAreNot) {
  HttpServer server(Ok);
  auto const response = SendOnce({.url = server.Url()}, {.path = {"a", "..", "b"}});
  EXPECT_TRUE(absl::IsInvalidArgument(response.status()));
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
  EXPECT_TRUE(server.requests().empty());
}

TEST(CurlTransport, RefusesOptionsThatMakeNoSense) {
  Environment const none = EnvironmentOf({});
  std::string const fingerprint(64, 'a');
  std::vector<ConnectionOptions> const wrong = {
      {.url = "pve.example"},
      {.url = "http://a.example", .tls = {.fingerprint = fingerprint}},
      {.url = "http://a.example", .tls = {.insecure = true}},
      {.url = "https://a.example", .tls = {.fingerprint = "A1:B2"}},
      {.url = "https://a.example", .tls = {.ca_file = "ca.pem", .insecure = true}},
      {.url = "https://a.example", .tls = {.ca_file = "ca.pem", .fingerprint = fingerprint}},
      {.url = "https://a.example", .max_connections = 0},
  };
  for (const ConnectionOptions& options : wrong) {
    EXPECT_TRUE(absl::IsInvalidArgument(CurlTransport::Create(options, none).status())) << options.url;
  }
}

}  // namespace
}  // namespace fediversity::http
