#ifndef FEDIVERSITY_PROVIDER_HTTP_REQUEST_H_
#define FEDIVERSITY_PROVIDER_HTTP_REQUEST_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "provider/base/secret.h"
#include "provider/http/body_source.h"
#include "provider/http/field.h"

namespace fediversity::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete };

std::string_view NameOf(Method method);

// Bodies may hold secrets and are never printed.
struct Body {
  std::string content_type;
  Secret bytes = {};
  std::shared_ptr<BodySource> source = {};  // sent in place of `bytes` where it is set
};

Body JsonBody(std::string json);
// application/x-www-form-urlencoded.
Body FormBody(std::span<const Field> fields);

// One request to the service that a transport was opened for:
//
//   Request{.path = {"v2", "GetBucketInfo"}, .query = {{"id", id}}, .headers = {{"Authorization", bearer}}}
struct Request {
  Method method = Method::kGet;
  // Segments below the service's base path, not encoded: a slash inside one is data.
  std::vector<std::string> path = {};
  std::vector<Field> query = {};
  std::vector<Field> headers = {};
  std::optional<Body> body = {};
  // Whether sending it twice does the same as sending it once. GET and HEAD always are.
  bool idempotent = false;
  // How long to wait for the complete answer; the transport's own patience where it is not set.
  std::optional<absl::Duration> timeout = {};
};

// Whether it may be sent again although the first time may have had its effect.
bool IsRepeatable(const Request& request);

// What follows the base path in the URL: "/v2/GetBucketInfo?id=5". Holds the secrets of the query.
std::string TargetOf(const Request& request);
// The method and target for people: "GET /v2/GetBucketInfo?token=(secret)".
std::string PrintableLine(const Request& request);

// InvalidArgument for what cannot be sent as it is meant: path segments that are empty, "." or "..", which servers
// and proxies resolve, and headers that would end early (RFC 9110, sections 5.1 and 5.5).
absl::Status CheckRequest(const Request& request);

// `text` with "(secret)" in place of each secret of the request's headers and query, for text that came back.
std::string WithoutSecrets(std::string text, const Request& request);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_REQUEST_H_
