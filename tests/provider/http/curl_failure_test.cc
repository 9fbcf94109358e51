#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "absl/time/clock.h"
#include "tests/provider/http/curl_fixture.h"
#include "tests/support/http_server/raw_server.h"

namespace fediversity::http {
namespace {

using ::fediversity::testing::Http;
using ::fediversity::testing::RawServer;
using ::fediversity::testing::ReadRequest;
using ::fediversity::testing::WaitForEnd;
using ::fediversity::testing::WriteText;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Request const kRead{.path = {"x"}};
Request const kWrite{.method = Method::kPost, .path = {"x"}, .body = JsonBody("{}")};

TEST_F(CurlTest, ARefusedConnectionHasSentNothing) {
  RefusingPort const port;
  auto const response = SendOnce({.url = port.Url()}, kWrite);
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
  EXPECT_THAT(Text(response.status()),
              StartsWith("cannot connect to 127.0.0.1:" + std::to_string(port.port()) + "\n"));
  EXPECT_THAT(Text(response.status()), HasSubstr("POST /x: Connection refused."));
}

TEST_F(CurlTest, AnUnknownNameHasSentNothing) {
  auto const response = SendOnce({.url = "http://" + UnresolvableHost()}, kWrite);
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
  EXPECT_THAT(Text(response.status()), StartsWith("cannot resolve " + UnresolvableHost() + "\n"));
}

TEST_F(CurlTest, AConnectionThatEndsWithoutAnAnswerLeavesAWriteUnknown) {
  RawServer server([](int fd) { ReadRequest(fd); });
  auto const response = SendOnce({.url = server.Url()}, kWrite);
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kUnknown);
  EXPECT_THAT(Text(response.status()), HasSubstr("may have carried out the request"));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_THAT(Text(SendOnce({.url = server.Url()}, kRead).status()), Not(HasSubstr("may have carried out")));
}

TEST_F(CurlTest, ACutAnswerIsNoAnswer) {
  RawServer counted([](int fd) {
    ReadRequest(fd);
    WriteText(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":");
  });
  RawServer chunked([](int fd) {
    ReadRequest(fd);
    WriteText(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"data\":\r\n");
  });
  RawServer head([](int fd) {
    ReadRequest(fd);
    WriteText(fd, "HTTP/1.1 200 OK\r\nContent-Le");
  });
  for (const std::string& url : {counted.Url(), chunked.Url(), head.Url()}) {
    auto const response = SendOnce({.url = url}, kWrite);
    EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
    EXPECT_EQ(DeliveryOf(response.status()), Delivery::kUnknown);
    EXPECT_THAT(Text(response.status()), HasSubstr("broke"));
  }
}

TEST_F(CurlTest, SilenceEndsAtTheTimeout) {
  RawServer silent([](int fd) {
    ReadRequest(fd);
    WaitForEnd(fd);
  });
  RawServer slow([](int fd) {
    ReadRequest(fd);
    WriteText(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    WaitForEnd(fd);
  });
  for (const std::string& url : {silent.Url(), slow.Url()}) {
    Request request = kWrite;
    request.timeout = absl::Milliseconds(150);
    auto const response = SendOnce({.url = url}, request);
    EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
    EXPECT_EQ(DeliveryOf(response.status()), Delivery::kUnknown);
    EXPECT_THAT(Text(response.status()), HasSubstr("gave no complete answer within 150ms"));
  }
}

TEST_F(CurlTest, TheDeadlineOfTheCallIsToldApart) {
  RawServer silent([](int fd) {
    ReadRequest(fd);
    WaitForEnd(fd);
  });
  auto const transport = Open({.url = silent.Url()});
  auto const late = transport->Send(kWrite, {cancel_, absl::Now() + absl::Milliseconds(150)});
  EXPECT_TRUE(absl::IsDeadlineExceeded(late.status())) << late.status();
  EXPECT_EQ(DeliveryOf(late.status()), Delivery::kUnknown);
  auto const past = transport->Send(kWrite, {cancel_, absl::Now() - absl::Seconds(1)});
  EXPECT_TRUE(absl::IsDeadlineExceeded(past.status())) << past.status();
  EXPECT_EQ(DeliveryOf(past.status()), Delivery::kNotSent);
  EXPECT_EQ(silent.connections(), 1);
}

TEST_F(CurlTest, AHandshakeThatStallsEndsAtTheConnectTimeout) {
  RawServer silent([](int fd) { WaitForEnd(fd); });
  std::string const url = "https://127.0.0.1:" + std::to_string(silent.port());
  auto const response =
      SendOnce({.url = url, .tls = {.insecure = true}, .connect_timeout = absl::Milliseconds(150)}, kWrite);
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
  EXPECT_THAT(Text(response.status()), HasSubstr("no connection to 127.0.0.1:"));
  EXPECT_THAT(Text(response.status()), HasSubstr("within 150ms"));
}

TEST_F(CurlTest, CancellingEndsARunningTransferAtOnce) {
  std::promise<void> arrived;
  std::promise<void> left;
  RawServer slow([&](int fd) {
    ReadRequest(fd);
    WriteText(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    arrived.set_value();
    WaitForEnd(fd);
    left.set_value();
  });
  auto const transport = Open({.url = slow.Url()});
  auto sending = std::async(std::launch::async, [&] { return transport->Send(kWrite, Limits()).status(); });
  arrived.get_future().wait();
  absl::Time const start = absl::Now();
  cancel_.Cancel();
  absl::Status const status = sending.get();
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(800));  // the poll alone would take a second
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_EQ(DeliveryOf(status), Delivery::kUnknown);
  left.get_future().wait();  // the connection is closed, too
  auto const next = transport->Send(kWrite, Limits());
  EXPECT_TRUE(absl::IsCancelled(next.status()));
  EXPECT_EQ(DeliveryOf(next.status()), Delivery::kNotSent);
  EXPECT_EQ(slow.connections(), 1);
}

TEST_F(CurlTest, ATransportGoesOnAfterACancelledCall) {
  std::atomic<int> count = 0;
  RawServer server([&](int fd) {
    if (count++ == 0) {
      WaitForEnd(fd);
      return;
    }
    while (!ReadRequest(fd).empty()) WriteText(fd, Http(200, "fine"));
  });
  auto const transport = Open({.url = server.Url(), .max_connections = 1});
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      transport->Send(kRead, {cancel_, absl::Now() + absl::Milliseconds(50)}).status()));
  for (int i = 0; i < 3; ++i) {
    auto const response = transport->Send(kRead, Limits());
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->body, "fine");
  }
  EXPECT_EQ(count, 2);
}

// Answers the first request of its first connection and closes it after reading the second.
class ClosingServer {
 public:
  ClosingServer()
      : server_([this](int fd) {
          bool const first = connections_++ == 0;
          int served = 0;
          while (!ReadRequest(fd).empty()) {
            ++requests_;
            if (first && ++served == 2) return;
            WriteText(fd, Http(200, "fine"));
          }
        }) {}

  std::string Url() const { return server_.Url(); }
  int requests() const { return requests_; }

 private:
  std::atomic<int> connections_ = 0;
  std::atomic<int> requests_ = 0;
  RawServer server_;
};

TEST_F(CurlTest, AReadOnAKeptConnectionThatClosesIsSentAgain) {
  ClosingServer server;
  auto const transport = Open({.url = server.Url()});
  ASSERT_TRUE(transport->Send(kRead, Limits()).ok());
  auto const second = transport->Send(kRead, Limits());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(server.requests(), 3);
}

TEST_F(CurlTest, AWriteOnAKeptConnectionThatClosesIsNotSentAgain) {
  for (const Request& write : {kWrite, Request{.method = Method::kDelete, .path = {"x"}},
                               Request{.method = Method::kPost, .path = {"x"}}}) {
    ClosingServer server;
    auto const transport = Open({.url = server.Url()});
    ASSERT_TRUE(transport->Send(kRead, Limits()).ok());
    auto const second = transport->Send(write, Limits());
    EXPECT_TRUE(absl::IsUnavailable(second.status())) << second.status();
    EXPECT_EQ(DeliveryOf(second.status()), Delivery::kUnknown);
    EXPECT_THAT(Text(second.status()), HasSubstr("closed a kept connection"));
    EXPECT_EQ(server.requests(), 2);
  }
}

TEST_F(CurlTest, OtherProtocolsAreNamedAsSuch) {
  RawServer ssh([](int fd) {
    WriteText(fd, "SSH-2.0-OpenSSH_9.2\r\n");
    WaitForEnd(fd);
  });
  auto const response = SendOnce({.url = ssh.Url()}, kRead);
  EXPECT_TRUE(absl::IsFailedPrecondition(response.status())) << response.status();
  EXPECT_THAT(Text(response.status()), HasSubstr("does not speak HTTP"));
}

TEST_F(CurlTest, FailuresShowNoSecrets) {
  RefusingPort const port;
  RawServer cutting([](int fd) { ReadRequest(fd); });
  Request const request{.method = Method::kPost,
                        .path = {"x"},
                        .query = {{"ticket", Secret("hush-query")}},
                        .headers = {{"Authorization", Secret("Bearer hush-header")}},
                        .body = JsonBody("hush-body")};
  for (const std::string& url : {port.Url(), cutting.Url(), "http://" + UnresolvableHost()}) {
    auto const response = SendOnce({.url = url}, request);
    ASSERT_FALSE(response.ok());
    EXPECT_THAT(Text(response.status()), HasSubstr("ticket=(secret)"));
    EXPECT_THAT(Text(response.status()), Not(HasSubstr("hush")));
  }
}

}  // namespace
}  // namespace fediversity::http
