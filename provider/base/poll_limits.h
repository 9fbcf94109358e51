#ifndef FEDIVERSITY_PROVIDER_BASE_POLL_LIMITS_H_
#define FEDIVERSITY_PROVIDER_BASE_POLL_LIMITS_H_

#include <poll.h>

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "provider/base/cancel.h"

namespace fediversity {

// poll(2) that also ends with Cancelled when the token fires and with DeadlineExceeded at the deadline. OK means
// that at least one of `fds` has revents. `what` names what is waited for.
absl::Status PollWithin(std::span<pollfd> fds, const CancelToken& cancel, absl::Time deadline,
                        std::string_view what);

// The Cancelled status of work that the user interrupted.
absl::Status Interrupted(std::string_view what);

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_POLL_LIMITS_H_
