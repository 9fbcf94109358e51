#include "provider/http/rate_limit.h"

#include <algorithm>
#include <string>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::http {

RateLimitedTransport::RateLimitedTransport(std::unique_ptr<Transport> inner, RateLimit limit, Clock& clock)
    : inner_(std::move(inner)),
      spacing_(limit.per_second > 0 ? absl::Seconds(1) / limit.per_second : absl::ZeroDuration()),
      clock_(clock) {
  if (limit.max_in_flight > 0) permits_.emplace(limit.max_in_flight);
}

absl::StatusOr<Response> RateLimitedTransport::Send(const Request& request, const CallLimits& limits) {
  std::optional<Permits::Permit> permit;
  if (permits_.has_value()) {
    auto acquired = permits_->Acquire(limits, Cat({PrintableLine(request), ": waiting for other requests"}));
    if (!acquired.ok()) return WithDelivery(acquired.status(), Delivery::kNotSent);
    permit.emplace(*std::move(acquired));
  }
  if (absl::Status status = WaitForTurn(request, limits); !status.ok()) {
    return WithDelivery(status, Delivery::kNotSent);
  }
  return inner_->Send(request, limits);
}

absl::Status RateLimitedTransport::WaitForTurn(const Request& request, const CallLimits& limits) {
  if (spacing_ == absl::ZeroDuration()) return absl::OkStatus();
  absl::Time const now = clock_.Now();
  std::string const what = Cat({PrintableLine(request), ": waiting for its turn"});
  absl::Time turn;
  {
    std::lock_guard const lock(mutex_);
    turn = std::max(now, next_);
    if (turn >= limits.deadline) {
      return absl::DeadlineExceededError(ToAbsl(Cat({what, ": it would come after the time allowed"})));
    }
    next_ = turn + spacing_;
  }
  return turn > now ? clock_.Sleep(turn - now, limits.cancel, what) : absl::OkStatus();
}

}  // namespace fediversity::http
