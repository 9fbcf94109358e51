#ifndef FEDIVERSITY_PROVIDER_HTTP_RETRYING_H_
#define FEDIVERSITY_PROVIDER_HTTP_RETRYING_H_

#include <memory>
#include <mutex>
#include <random>

#include "absl/time/time.h"
#include "provider/base/clock.h"
#include "provider/http/transport.h"

namespace fediversity::http {

struct RetryPolicy {
  int max_attempts = 5;
  // Waits are drawn between the shortest and an upper end that doubles from twice of it to the longest.
  absl::Duration shortest_wait = absl::Milliseconds(100);
  absl::Duration longest_wait = absl::Seconds(1);
  // A service that asks for a longer pause (Retry-After) gets none: its answer is returned.
  absl::Duration longest_retry_after = absl::Seconds(30);
  // No further attempt once this has passed since the first began: each may wait long for its answer.
  absl::Duration patience = absl::Seconds(20);
};

// Sends again what failed for a reason that may pass:
//
//   reads, and requests marked idempotent   on Unavailable; on answers 408, 425, 429, 502, 503, 504, 595 to 599
//   writes                                  on Unavailable, if nothing of them was sent
//
// Waits within the limits of the call and of its patience: where the time left does not allow another try, the last
// result stands. A cancelled wait answers Cancelled. Thread-safe.
class RetryingTransport final : public Transport {
 public:
  // `clock` must outlive it.
  RetryingTransport(std::unique_ptr<Transport> inner, RetryPolicy policy, Clock& clock);

  absl::StatusOr<Response> Send(const Request& request, const CallLimits& limits) override;

 private:
  absl::Duration Draw(int attempt);

  std::unique_ptr<Transport> inner_;
  RetryPolicy policy_;
  Clock& clock_;
  std::mutex mutex_;
  std::minstd_rand random_;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_RETRYING_H_
