#ifndef FEDIVERSITY_PROVIDER_HTTP_RATE_LIMIT_H_
#define FEDIVERSITY_PROVIDER_HTTP_RATE_LIMIT_H_

#include <memory>
#include <mutex>
#include <optional>

#include "absl/time/time.h"
#include "provider/base/clock.h"
#include "provider/http/permits.h"
#include "provider/http/transport.h"

namespace fediversity::http {

struct RateLimit {
  int max_in_flight = 0;  // 0: as many as there are
  double per_second = 0;  // how many may start in a second, evenly spread; 0: any number
  bool limits() const { return max_in_flight > 0 || per_second > 0; }
};

// Makes requests wait until the service may be asked, in the order in which they come. DeadlineExceeded at once
// where a request's turn would come after its deadline. Thread-safe.
class RateLimitedTransport final : public Transport {
 public:
  // `clock` must outlive it.
  RateLimitedTransport(std::unique_ptr<Transport> inner, RateLimit limit, Clock& clock);

  absl::StatusOr<Response> Send(const Request& request, const CallLimits& limits) override;

 private:
  absl::Status WaitForTurn(const Request& request, const CallLimits& limits);

  std::unique_ptr<Transport> inner_;
  std::optional<Permits> permits_;
  absl::Duration spacing_;
  Clock& clock_;
  std::mutex mutex_;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_RATE_LIMIT_H_
