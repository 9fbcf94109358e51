#ifndef FEDIVERSITY_PROVIDER_BASE_CALL_LIMITS_H_
#define FEDIVERSITY_PROVIDER_BASE_CALL_LIMITS_H_

#include "absl/time/time.h"
#include "provider/base/cancel.h"

namespace fediversity {

// What ends a call before it is done: the user's interrupt, and the end of the operation's time. Refers to a token
// that outlives the call.
struct CallLimits {
  const CancelToken& cancel;
  absl::Time deadline = absl::InfiniteFuture();
};

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_CALL_LIMITS_H_
