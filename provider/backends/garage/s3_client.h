#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_S3_CLIENT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_S3_CLIENT_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/garage/key.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/http/transport.h"

namespace fediversity::garage {

// What emptying a bucket takes of the S3 API of a Garage server. Thread-safe.
//
//   PermissionDenied    the key may not, or this node does not know it yet
//   NotFound            there is no such bucket
//   InvalidArgument     the server refuses the request: the region, above all
//   Internal            an answer that is none of S3's
//   and the errors of http::Transport
class S3Client {
 public:
  // `host` as for SignV4(). `clock` must outlive it.
  S3Client(std::unique_ptr<http::Transport> transport, std::string host, std::string region, Clock& clock);

  // The first keys of a bucket, at most 1,000; empty where there are no objects.
  absl::StatusOr<std::vector<std::string>> ListObjects(std::string_view bucket_id,
                                                       const KeyCredentials& credentials,
                                                       const CallLimits& limits);
  // At most 1,000. OK where some were gone. An error says of how many the server said that it could not.
  absl::Status DeleteObjects(std::string_view bucket_id, const std::vector<std::string>& keys,
                             const KeyCredentials& credentials, const CallLimits& limits);

 private:
  absl::StatusOr<std::string> Send(http::Request request, const std::string& what,
                                   const KeyCredentials& credentials, const CallLimits& limits);

  std::unique_ptr<http::Transport> transport_;
  std::string const host_;
  std::string const region_;
  Clock& clock_;
};

// The answers, and the bodies of failures; for tests.
absl::StatusOr<std::vector<std::string>> DecodeObjectList(std::string_view body, std::string_view what);
absl::Status DecodeDeletion(std::string_view body, std::string_view what);
absl::Status S3ErrorOf(const http::Request& request, const http::Response& response, std::string_view what);

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_S3_CLIENT_H_
