#include "provider/http/endpoint.h"

#include "absl/status/status.h"
#include "provider/base/text.h"
#include "provider/http/url_parts.h"

namespace fediversity::http {
namespace {

absl::Status Invalid(std::string_view problem) {
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"not the URL of a service\nThe URL ", problem,
                  ". Expected is something like \"https://service.example:8006\"."})));
}

}  // namespace

std::string Endpoint::Authority() const { return AuthorityOf(host, port); }

std::string Endpoint::Url() const { return Cat({tls ? "https://" : "http://", Authority(), base_path}); }

absl::StatusOr<Endpoint> ParseEndpoint(std::string_view url) {
  std::optional<UrlParts> const parts = SplitUrl(url);
  if (!parts.has_value()) return Invalid("cannot be read, or lacks its scheme or host");
  if (parts->scheme != "http" && parts->scheme != "https") {
    return Invalid(Cat({"has the scheme \"", ValidUtf8(parts->scheme), "\", not http or https"}));
  }
  if (parts->zone) {
    return Invalid(
        "has an IPv6 address that only a network device makes whole; a name or another address is wanted");
  }
  if (parts->user) return Invalid("holds a user or password, which has a setting of its own");
  if (parts->query || parts->fragment) return Invalid("has a query or a fragment");
  if (parts->port == 0) return Invalid("has port 0");
  Endpoint endpoint{
      .tls = parts->scheme == "https", .host = parts->host, .port = parts->port, .base_path = parts->path};
  while (!endpoint.base_path.empty() && endpoint.base_path.back() == '/') endpoint.base_path.pop_back();
  return endpoint;
}

}  // namespace fediversity::http
