#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_CALL_LIMITS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_CALL_LIMITS_H_

#include "absl/time/time.h"
#include "provider/base/cancel.h"

namespace fediversity::dns {

// What ends a call before it is done. Refers to a token that outlives the call.
struct CallLimits {
  const CancelToken& cancel;
  absl::Time deadline = absl::InfiniteFuture();
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_CALL_LIMITS_H_
