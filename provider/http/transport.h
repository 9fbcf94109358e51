#ifndef FEDIVERSITY_PROVIDER_HTTP_TRANSPORT_H_
#define FEDIVERSITY_PROVIDER_HTTP_TRANSPORT_H_

#include "absl/status/statusor.h"
#include "provider/base/call_limits.h"
#include "provider/http/request.h"
#include "provider/http/response.h"

namespace fediversity::http {

// Sends requests to one service. Thread-safe.
//
// A failed HTTP status such as 404 or 500 is a success here: the server has answered, and only the caller knows
// what its answer means. ToStatus() in response.h turns it into an error. An error status says that there is no
// complete answer, and DeliveryOf() in delivery.h whether the server may have seen the request:
//
//   Cancelled, DeadlineExceeded  the limits of the call were reached
//   Unavailable                  no connection, a broken one, or silence; a read may be repeated
//   FailedPrecondition           something has to be changed first: a certificate, the proxy, a file
//   ResourceExhausted            the answer is larger than allowed
//   InvalidArgument              the request cannot be put into HTTP
//
// No message of a status holds a secret of the request, or anything of a body.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual absl::StatusOr<Response> Send(const Request& request, const CallLimits& limits) = 0;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_TRANSPORT_H_
