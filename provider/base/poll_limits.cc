#include "provider/base/poll_limits.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "absl/time/clock.h"
#include "provider/base/text.h"

namespace fediversity {
namespace {

// Rounded up, so that a deadline which is less than a millisecond away does not spin.
int MillisecondsUntil(absl::Time deadline) {
  constexpr std::int64_t kLongest = 60'000;
  if (deadline == absl::InfiniteFuture()) return -1;
  absl::Duration const left = deadline - absl::Now();
  std::int64_t const milliseconds = absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1)));
  return static_cast<int>(std::clamp<std::int64_t>(milliseconds, 0, kLongest));
}

}  // namespace

absl::Status Interrupted(std::string_view what) {
  return absl::CancelledError(ToAbsl(Cat({what, ": interrupted"})));
}

absl::Status PollWithin(std::span<pollfd> fds, const CancelToken& cancel, absl::Time deadline,
                        std::string_view what) {
  std::vector<pollfd> all(fds.begin(), fds.end());
  all.push_back({cancel.fd(), POLLIN, 0});
  while (true) {
    if (cancel.cancelled()) return Interrupted(what);
    int const ready = poll(all.data(), all.size(), MillisecondsUntil(deadline));
    if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, ToAbsl(what));
    if (ready > 0) {
      if (cancel.cancelled()) return Interrupted(what);
      std::copy(all.begin(), all.end() - 1, fds.begin());
      return absl::OkStatus();
    }
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError(ToAbsl(Cat({what, ": took longer than allowed"})));
    }
  }
}

}  // namespace fediversity
