#include "provider/http/permits.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "absl/time/clock.h"

namespace fediversity::http {
namespace {

TEST(Permits, GivesNoMoreThanItHas) {
  Permits permits(3);
  CancelToken const cancel;
  std::atomic<int> held = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  threads.reserve(12);
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        auto const permit = permits.Acquire({cancel}, "test");
        ASSERT_TRUE(permit.ok());
        int const now = ++held;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        --held;
        ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 600);
  EXPECT_LE(most, 3);
}

TEST(Permits, WaitingEndsAtTheDeadline) {
  Permits permits(1);
  CancelToken const cancel;
  auto const held = permits.Acquire({cancel}, "first");
  auto const second = permits.Acquire({cancel, absl::Now() + absl::Milliseconds(5)}, "second");
  EXPECT_TRUE(absl::IsDeadlineExceeded(second.status())) << second.status();
}

TEST(Permits, WaitingEndsWithTheToken) {
  Permits permits(1);
  CancelToken const never;
  CancelToken cancel;
  auto const held = permits.Acquire({never}, "first");
  auto waiting = std::async(std::launch::async, [&] { return permits.Acquire({cancel}, "second").status(); });
  cancel.Cancel();
  EXPECT_TRUE(absl::IsCancelled(waiting.get()));
}

TEST(Permits, WhoGaveUpIsPassedOver) {
  Permits permits(1);
  CancelToken const cancel;
  {
    auto const held = permits.Acquire({cancel}, "first");
    EXPECT_FALSE(permits.Acquire({cancel, absl::Now()}, "gives up").ok());
  }
  EXPECT_TRUE(permits.Acquire({cancel, absl::Now() + absl::Seconds(10)}, "third").ok());
}

}  // namespace
}  // namespace fediversity::http
