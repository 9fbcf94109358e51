#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_WAIT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_WAIT_H_

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/call_limits.h"
#include "provider/base/unique_fd.h"

// Waiting that ends when the call is cancelled or out of time.
namespace fediversity::dns {

// Readable from Signal() to Clear(). Signal may be called from any thread.
class Wakeup {
 public:
  Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  void Signal();
  void Clear();
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

// The end of one wait: the sooner of a patience of ours and of the call's deadline. Runs on the steady clock,
// so that setting the system's time does not disturb it.
class Patience {
 public:
  Patience(absl::Duration duration, const CallLimits& limits);
  static Patience Endless(const CallLimits& limits) { return {absl::InfiniteDuration(), limits}; }

  bool over() const;
  // For poll(2): milliseconds, rounded up, -1 for ever.
  int milliseconds() const;
  // What to answer once it is over: DeadlineExceeded where the call's deadline was the sooner, else
  // Unavailable.
  absl::Status Expired(std::string_view what) const;

 private:
  std::optional<std::chrono::steady_clock::time_point> end_;
  bool by_call_ = false;
};

// Waits until one of two descriptors is ready for its poll events; -1 is never ready. `what` ("connecting to
// 192.0.2.1") names the work in the errors: Cancelled, and those of Patience.
absl::Status WaitReady(int fd, short events, int wakeup_fd, const CallLimits& limits,
                       const Patience& patience, std::string_view what);

// Mutual exclusion in order of arrival, for work that takes time: waiting for it can be cancelled.
class Gate {
 public:
  class Pass {
   public:
    explicit Pass(Gate* gate) : gate_(gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_ != nullptr) gate_->Leave();
    }

   private:
    Gate* gate_;
  };

  absl::StatusOr<Pass> Enter(const CallLimits& limits, const Patience& patience, std::string_view what);

 private:
  struct Waiter {
    Wakeup wakeup;
    bool admitted = false;
  };

  void Leave();

  std::mutex mutex_;
  bool busy_ = false;
  std::deque<Waiter*> waiters_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_WAIT_H_
