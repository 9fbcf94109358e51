#ifndef FEDIVERSITY_PROVIDER_HTTP_PERMITS_H_
#define FEDIVERSITY_PROVIDER_HTTP_PERMITS_H_

#include <deque>
#include <mutex>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "provider/base/call_limits.h"
#include "provider/base/unique_fd.h"

namespace fediversity::http {

// A number of permits, given out in the order in which they are asked for. Thread-safe.
class Permits {
 public:
  // Gives the permit back at its end.
  class Permit {
   public:
    explicit Permit(Permits* permits) : permits_(permits) {}
    Permit(Permit&& other) noexcept : permits_(std::exchange(other.permits_, nullptr)) {}
    Permit& operator=(Permit&&) = delete;
    ~Permit() {
      if (permits_ != nullptr) permits_->Release();
    }

   private:
    Permits* permits_;
  };

  explicit Permits(int count) : free_(count) {}

  // Waits for a permit. Cancelled or DeadlineExceeded at the limits, with `what` the permit is for.
  absl::StatusOr<Permit> Acquire(const CallLimits& limits, std::string_view what);

 private:
  struct Waiter {
    UniqueFd wakeup;  // an eventfd
    bool admitted = false;
  };

  void Release();

  std::mutex mutex_;
  int free_;
  std::deque<Waiter*> waiters_;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_PERMITS_H_
