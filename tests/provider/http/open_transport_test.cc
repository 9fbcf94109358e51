#include "provider/http/open_transport.h"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "provider/base/unique_fd.h"
#include "tests/provider/http/curl_fixture.h"
#include "tests/support/http_server/http_server.h"
#include "tests/support/http_server/raw_server.h"

namespace fediversity::http {
namespace {

using ::fediversity::testing::Answer;
using ::fediversity::testing::HttpServer;
using ::fediversity::testing::ServedRequest;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class OpenTransportTest : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> Open(const std::string& url, RateLimit rate = {}) {
    auto transport =
        OpenTransport({.name = "garage", .connection = {.url = url}, .rate = rate}, EnvironmentOf({}),
                      Logger(log_fd_.get(), LogLevel::kTrace, "test"), clock_);
    EXPECT_TRUE(transport.ok()) << transport.status();
    return *std::move(transport);
  }
  CallLimits Limits() const { return {cancel_}; }
  std::string Log() const { return log_.Read(); }

  CancelToken cancel_;
  ManualClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  TemporaryFile log_{""};
  UniqueFd log_fd_{open(log_.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)};
};

Request Write() {
  return {.method = Method::kPost,
          .path = {"v2", "ImportKey"},
          .query = {{"page", "7"}, {"ticket", Secret("hush-query")}},
          .headers = {{"Authorization", Secret("Bearer hush-header")}},
          .body = JsonBody(R"({"secretAccessKey":"hush-body"})")};
}

// Fails the first requests with a status.
class FailingServer {
 public:
  FailingServer(int failures, int status)
      : server_([this, failures, status](const ServedRequest&) {
          return count_++ < failures ? Answer{.status = status, .body = "{}"}
                                     : Answer{.body = R"("hush-answer")"};
        }) {}
  std::string Url() const { return server_.Url(); }
  int count() const { return count_; }

 private:
  std::atomic<int> count_ = 0;
  HttpServer server_;
};

TEST_F(OpenTransportTest, ReadsSurviveAServiceThatIsDownForAWhile) {
  FailingServer server(3, 503);
  auto const response = Open(server.Url())->Send({.path = {"x"}}, Limits());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(server.count(), 4);
}

TEST_F(OpenTransportTest, WritesAreSentOnceWhenTheirOutcomeIsUnknown) {
  FailingServer server(1, 503);
  auto const response = Open(server.Url())->Send(Write(), Limits());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(server.count(), 1);
  fediversity::testing::RawServer cutting([](int fd) { fediversity::testing::ReadRequest(fd); });
  EXPECT_EQ(DeliveryOf(Open(cutting.Url())->Send(Write(), Limits()).status()), Delivery::kUnknown);
  EXPECT_EQ(cutting.connections(), 1);
}

TEST_F(OpenTransportTest, WritesThatWereNotSentAreTriedAgain) {
  RefusingPort const port;
  auto const response = Open(port.Url())->Send(Write(), Limits());
  EXPECT_TRUE(absl::IsUnavailable(response.status()));
  EXPECT_THAT(Text(response.status()), HasSubstr("It was tried 5 times."));
}

TEST_F(OpenTransportTest, EachAttemptIsLoggedWithoutSecrets) {
  FailingServer server(1, 502);
  Request request = Write();
  request.idempotent = true;
  ASSERT_TRUE(Open(server.Url())->Send(request, Limits()).ok());
  EXPECT_THAT(
      Log(), AllOf(ContainsRegex(R"("@module":"http.garage".*"status":502.*)"), HasSubstr(R"("status":200)"),
                   HasSubstr(R"("method":"POST")"),
                   HasSubstr(server.Url() + "/v2/ImportKey?page=7&ticket=(secret)"), Not(HasSubstr("hush"))));
}

TEST_F(OpenTransportTest, FailuresAreLoggedWithoutSecrets) {
  RefusingPort const port;
  EXPECT_FALSE(Open(port.Url())->Send(Write(), Limits()).ok());
  EXPECT_THAT(Log(), AllOf(HasSubstr(R"("@level":"warn")"), HasSubstr("Connection refused"),
                           HasSubstr("POST /v2/ImportKey"), Not(HasSubstr("hush"))));
}

TEST_F(OpenTransportTest, ManyThreadsShareOneTransport) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  HttpServer server([&](const ServedRequest& request) {
    int const now = ++running;
    int seen = most.load();
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    Answer answer{.body = request.Query("n")};
    --running;
    return answer;
  });
  auto const transport = Open(server.Url(), {.max_in_flight = 4});
  std::vector<std::thread> threads;
  threads.reserve(12);
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 25; ++round) {
        std::string const number = std::to_string(i * 1000 + round);
        auto const response = transport->Send({.path = {"x"}, .query = {{"n", number}}}, Limits());
        ASSERT_TRUE(response.ok()) << response.status();
        EXPECT_EQ(response->body, number);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server.requests().size(), 300);
  EXPECT_LE(most, 4);
  EXPECT_LE(server.connections(), 4);
}

}  // namespace
}  // namespace fediversity::http
