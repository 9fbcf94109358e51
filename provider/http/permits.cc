#include "provider/http/permits.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "absl/status/status.h"
#include "provider/base/poll_limits.h"
#include "provider/base/text.h"

namespace fediversity::http {

absl::StatusOr<Permits::Permit> Permits::Acquire(const CallLimits& limits, std::string_view what) {
  if (limits.cancel.cancelled()) return Interrupted(what);
  {
    std::lock_guard const lock(mutex_);
    if (free_ > 0) {  // then nobody waits
      --free_;
      return Permit(this);
    }
  }
  Waiter waiter{UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))};
  if (!waiter.wakeup.valid()) return absl::ErrnoToStatus(errno, ToAbsl(what));
  {
    std::lock_guard const lock(mutex_);
    if (free_ > 0) {
      --free_;
      return Permit(this);
    }
    waiters_.push_back(&waiter);
  }
  std::array<pollfd, 1> descriptors = {{{waiter.wakeup.get(), POLLIN, 0}}};
  absl::Status const waited = PollWithin(descriptors, limits.cancel, limits.deadline, what);
  std::lock_guard const lock(mutex_);
  // A permit that came at the last moment is used: the caller looks at the limits by itself.
  if (waiter.admitted) return Permit(this);
  std::erase(waiters_, &waiter);
  return waited;
}

void Permits::Release() {
  std::lock_guard const lock(mutex_);
  if (waiters_.empty()) {
    ++free_;
    return;
  }
  Waiter* const next = waiters_.front();
  waiters_.pop_front();
  next->admitted = true;
  // The first and only write cannot fail: the counter starts at zero. The lock keeps `next` alive.
  eventfd_write(next->wakeup.get(), 1);
}

}  // namespace fediversity::http
