#ifndef FEDIVERSITY_PROVIDER_HTTP_RESPONSE_H_
#define FEDIVERSITY_PROVIDER_HTTP_RESPONSE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/http/request.h"

namespace fediversity::http {

class Headers {
 public:
  void Add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  // The first value of a header, whose name is compared without regard to case.
  std::optional<std::string_view> Find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// A complete answer, whatever its status. The body may hold secrets: do not log it.
struct Response {
  int status = 0;
  std::string reason = {};  // text after the status code; some services put their only explanation there
  Headers headers = {};
  std::string body = {};
  std::string url = {};  // what was asked for, without secrets, for messages
};

// The code that an HTTP status stands for, in the one place that decides it:
//
//   2xx OK                     409 AlreadyExists
//   3xx FailedPrecondition     412, 423, 428 FailedPrecondition
//   401, 407 Unauthenticated   408, 425, 502, 503, 504, 595 to 599 Unavailable
//   403 PermissionDenied       429 ResourceExhausted
//   404, 410 NotFound          405, 501 Unimplemented
//   other 4xx InvalidArgument  other 5xx Internal
//
// 595 and above are what proxies answer that could not reach the server behind them. NotFound says no more than
// the status does: a client that takes it for "is gone" makes sure that it is the service's own answer, and not that
// of something in front of it.
absl::StatusCode CodeOf(int http_status);

// The status that `response` to `request` stands for; OK for 2xx. Its message names the request and the HTTP
// status; the detail is `said`, which is what the service gave as its reason, or the start of a body of plain text
// or JSON. Secrets of the request are cut out of it.
absl::Status ToStatus(const Request& request, const Response& response, std::string_view said = {});

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_RESPONSE_H_
