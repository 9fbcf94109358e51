#include "provider/base/clock.h"

#include <thread>

#include "gtest/gtest.h"

namespace fediversity {
namespace {

TEST(SystemClock, SleepsAsLongAsAsked) {
  SystemClock clock;
  absl::Time const start = clock.Now();
  EXPECT_TRUE(clock.Sleep(absl::Milliseconds(20), CancelToken(), "a test").ok());
  EXPECT_GE(clock.Now() - start, absl::Milliseconds(20));
}

TEST(SystemClock, IsWokenByCancellation) {
  SystemClock clock;
  CancelToken cancel;
  std::jthread const canceller([&cancel] { cancel.Cancel(); });
  absl::Status const status = clock.Sleep(absl::Hours(1), cancel, "a test");
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_EQ(std::string(status.message()), "a test: interrupted");
}

TEST(ManualClock, SleepsInNoTime) {
  absl::Time const start = absl::FromUnixSeconds(1'000'000);
  ManualClock clock(start);
  EXPECT_TRUE(clock.Sleep(absl::Hours(5), CancelToken(), "a test").ok());
  EXPECT_EQ(clock.Now(), start + absl::Hours(5));
  CancelToken cancel;
  cancel.Cancel();
  EXPECT_TRUE(absl::IsCancelled(clock.Sleep(absl::Hours(5), cancel, "a test")));
  EXPECT_EQ(clock.Now(), start + absl::Hours(5));
}

}  // namespace
}  // namespace fediversity
