#include "provider/http/rate_limit.h"

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "provider/http/delivery.h"

namespace fediversity::http {
namespace {

class CallbackTransport final : public Transport {
 public:
  explicit CallbackTransport(std::function<void()> callback) : callback_(std::move(callback)) {}
  absl::StatusOr<Response> Send(const Request& /*request*/, const CallLimits& /*limits*/) override {
    callback_();
    return Response{.status = 200};
  }

 private:
  std::function<void()> callback_;
};

TEST(RateLimit, SpreadsRequestsEvenly) {
  absl::Time const start = absl::FromUnixSeconds(1'700'000'000);
  ManualClock clock(start);
  CancelToken const cancel;
  std::vector<absl::Duration> sent;
  auto inner = std::make_unique<CallbackTransport>([&] { sent.push_back(clock.Now() - start); });
  RateLimitedTransport transport(std::move(inner), {.per_second = 4}, clock);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(transport.Send({}, {cancel}).ok());
  clock.Advance(absl::Seconds(10));  // idle time is not saved up
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(transport.Send({}, {cancel}).ok());
  std::vector<absl::Duration> expected;
  for (int const milliseconds : {0, 250, 500, 750, 1000, 11000, 11250}) {
    expected.push_back(absl::Milliseconds(milliseconds));
  }
  EXPECT_EQ(sent, expected);
}

TEST(RateLimit, ATurnAfterTheDeadlineIsNotTaken) {
  ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  CancelToken const cancel;
  int sent = 0;
  RateLimitedTransport transport(std::make_unique<CallbackTransport>([&] { ++sent; }), {.per_second = 1},
                                 clock);
  ASSERT_TRUE(transport.Send({}, {cancel}).ok());
  absl::Time const soon = clock.Now() + absl::Milliseconds(500);
  auto const late = transport.Send({}, {cancel, soon});
  EXPECT_TRUE(absl::IsDeadlineExceeded(late.status()));
  EXPECT_EQ(DeliveryOf(late.status()), Delivery::kNotSent);
  EXPECT_EQ(sent, 1);
  ASSERT_TRUE(transport.Send({}, {cancel}).ok());
  EXPECT_EQ(clock.Now(), soon + absl::Milliseconds(500));  // the turn that was not taken is free
}

TEST(RateLimit, HoldsBackWhatIsTooMuchAtOnce) {
  SystemClock clock;
  CancelToken const cancel;
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  auto inner = std::make_unique<CallbackTransport>([&] {
    int const now = ++running;
    int seen = most.load();
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    std::this_thread::yield();
    --running;
  });
  RateLimitedTransport transport(std::move(inner), {.max_in_flight = 2}, clock);
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) EXPECT_TRUE(transport.Send({}, {cancel}).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace fediversity::http
