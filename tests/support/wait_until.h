#ifndef FEDIVERSITY_TESTS_SUPPORT_WAIT_UNTIL_H_
#define FEDIVERSITY_TESTS_SUPPORT_WAIT_UNTIL_H_

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace fediversity::testing {

// Asks until `condition` holds, which another process brings about; false where it has not within half a minute.
inline bool WaitUntil(const std::function<bool()>& condition) {
  constexpr absl::Duration kLongest = absl::Seconds(30);
  constexpr absl::Duration kPause = absl::Milliseconds(5);
  absl::Time const deadline = absl::Now() + kLongest;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(kPause);
  }
  return true;
}

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_WAIT_UNTIL_H_
