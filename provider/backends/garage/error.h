#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ERROR_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ERROR_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "provider/http/request.h"
#include "provider/http/response.h"

namespace fediversity::garage {

// What the service calls a failure, as far as callers act on it.
enum class Cause {
  kOther,
  kUnknownCall,   // the server is older than the call
  kAccessDenied,  // the token is wrong, expired, or its scope lacks the call: all look the same
  kInvalid,       // of a request that was read and refused
  kNoSuchThing,   // no such bucket or key, for certain
  kTaken,         // the alias or access key id
  kNotEmpty,      // of a bucket to be deleted
  kInternal,      // among others an alias to be removed that is not there
};

// The error that an answer of the admin API other than 2xx stands for; the codes are those of Api, but that every
// refused token is PermissionDenied here. `call` was sent ("GetBucketInfo"), and `what` is what it was for, such as
// "Bucket 0123: reading it", which begins the summary.
absl::Status ErrorOf(const http::Request& request, const http::Response& response, std::string_view call,
                     std::string_view what);

// The cause that a status carries; kOther where it carries none.
absl::Status WithCause(absl::Status status, Cause cause);
Cause CauseOf(const absl::Status& status);

// `message` on one line, without what no terminal should see.
std::string OneLine(std::string_view message);

// The summary of a status's message, which is its first line, and what follows.
struct Parts {
  std::string summary;
  std::string detail;
};
Parts PartsOf(const absl::Status& status);

// The same error with other words: what was known of its delivery and cause stays.
absl::Status Reworded(const absl::Status& status, absl::StatusCode code, std::string_view message);

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ERROR_H_
