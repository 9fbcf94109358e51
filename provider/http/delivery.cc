#include "provider/http/delivery.h"

#include "absl/strings/cord.h"

namespace fediversity::http {
namespace {

constexpr const char* kNotSentMark = "fediversity/http-not-sent";

}  // namespace

absl::Status WithDelivery(absl::Status status, Delivery delivery) {
  if (delivery == Delivery::kNotSent) {
    status.SetPayload(kNotSentMark, absl::Cord());
  } else {
    status.ErasePayload(kNotSentMark);
  }
  return status;
}

Delivery DeliveryOf(const absl::Status& status) {
  return status.GetPayload(kNotSentMark).has_value() ? Delivery::kNotSent : Delivery::kUnknown;
}

}  // namespace fediversity::http
