#include "provider/backends/dns/wait.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "absl/time/clock.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {

Wakeup::Wakeup() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

// Without a descriptor (the process is out of them) waiting ends by timeout; WaitReady says so at once.
void Wakeup::Signal() {
  if (fd_.valid()) eventfd_write(fd_.get(), 1);
}

void Wakeup::Clear() {
  eventfd_t count = 0;
  if (fd_.valid()) eventfd_read(fd_.get(), &count);
}

Patience::Patience(absl::Duration duration, const CallLimits& limits) {
  if (limits.deadline != absl::InfiniteFuture()) {
    absl::Duration const left = std::max(limits.deadline - absl::Now(), absl::ZeroDuration());
    by_call_ = left < duration;
    duration = std::min(duration, left);
  }
  constexpr absl::Duration kForever = absl::Hours(24 * 365);  // within the range of the steady clock
  if (duration < kForever) end_ = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(duration);
}

bool Patience::over() const { return end_.has_value() && std::chrono::steady_clock::now() >= *end_; }

int Patience::milliseconds() const {
  if (!end_.has_value()) return -1;
  auto const left =
      std::chrono::ceil<std::chrono::milliseconds>(*end_ - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, std::numeric_limits<int>::max()));
}

absl::Status Patience::Expired(std::string_view what) const {
  if (by_call_) return absl::DeadlineExceededError(Cat({what, ": the time for this operation is over"}));
  return absl::UnavailableError(Cat({what, ": no answer in time"}));
}

absl::Status WaitReady(int fd, short events, int wakeup_fd, const CallLimits& limits,
                       const Patience& patience, std::string_view what) {
  while (true) {
    if (limits.cancel.cancelled()) return absl::CancelledError(Cat({what, ": interrupted"}));
    pollfd waiting[] = {{fd, events, 0}, {wakeup_fd, POLLIN, 0}, {limits.cancel.fd(), POLLIN, 0}};
    int const ready = poll(waiting, std::size(waiting), patience.milliseconds());
    if (ready < 0 && errno != EINTR) {
      return absl::UnavailableError(Cat({what, ": poll: ", std::strerror(errno)}));
    }
    if (ready > 0 && (waiting[0].revents != 0 || waiting[1].revents != 0)) return absl::OkStatus();
    if (ready <= 0 && patience.over()) return patience.Expired(what);
  }
}

absl::StatusOr<Gate::Pass> Gate::Enter(const CallLimits& limits, const Patience& patience,
                                       std::string_view what) {
  std::unique_lock lock(mutex_);
  if (!busy_) {
    busy_ = true;
    return Pass(this);
  }
  Waiter waiter;
  if (waiter.wakeup.fd() < 0) return absl::ResourceExhaustedError(Cat({what, ": no file descriptor left"}));
  waiters_.push_back(&waiter);
  lock.unlock();
  absl::Status const status = WaitReady(-1, 0, waiter.wakeup.fd(), limits, patience, what);
  lock.lock();
  if (!waiter.admitted) {
    std::erase(waiters_, &waiter);
    return status;
  }
  lock.unlock();
  Pass pass(this);  // gives the turn to the next one where this call is over
  if (!status.ok()) return status;
  return pass;
}

void Gate::Leave() {
  std::lock_guard const lock(mutex_);
  if (waiters_.empty()) {
    busy_ = false;
    return;
  }
  Waiter* const next = waiters_.front();
  waiters_.pop_front();
  next->admitted = true;
  next->wakeup.Signal();
}

}  // namespace fediversity::dns
