#ifndef FEDIVERSITY_PROVIDER_HTTP_DELIVERY_H_
#define FEDIVERSITY_PROVIDER_HTTP_DELIVERY_H_

#include "absl/status/status.h"

namespace fediversity::http {

// What is known about a request that got no answer. Decides whether a write may be repeated.
enum class Delivery {
  kNotSent,  // no byte of it left: the server cannot have acted on it
  kUnknown,  // the server may have acted on it, wholly, in part, or not at all
};

// The same status, marked. A status without a mark counts as kUnknown.
absl::Status WithDelivery(absl::Status status, Delivery delivery);
Delivery DeliveryOf(const absl::Status& status);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_DELIVERY_H_
