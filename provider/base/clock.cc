#include "provider/base/clock.h"

#include "absl/time/clock.h"
#include "provider/base/poll_limits.h"

namespace fediversity {

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::Status SystemClock::Sleep(absl::Duration duration, const CancelToken& cancel, std::string_view what) {
  absl::Status const status = PollWithin({}, cancel, Now() + duration, what);
  return absl::IsDeadlineExceeded(status) ? absl::OkStatus() : status;
}

absl::Time ManualClock::Now() const {
  std::lock_guard const lock(mutex_);
  return now_;
}

absl::Status ManualClock::Sleep(absl::Duration duration, const CancelToken& cancel, std::string_view what) {
  if (cancel.cancelled()) return Interrupted(what);
  Advance(duration);
  return absl::OkStatus();
}

void ManualClock::Advance(absl::Duration duration) {
  std::lock_guard const lock(mutex_);
  now_ += duration;
}

}  // namespace fediversity
