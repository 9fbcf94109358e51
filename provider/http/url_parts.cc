#include "provider/http/url_parts.h"

#include "absl/strings/numbers.h"
#include "provider/base/text.h"
#include "provider/http/curl_handle.h"

namespace fediversity::http {
namespace {

std::string Get(CURLU* url, CURLUPart part, unsigned int flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(url, part, &raw, flags) != CURLUE_OK) return {};
  CurlText const text(raw);
  return text.get();
}

}  // namespace

std::optional<UrlParts> SplitUrl(std::string_view url) {
  // libcurl reads a C string, and would overlook what follows a zero byte.
  if (url.find('\0') != url.npos) return std::nullopt;
  CurlUrl const handle(curl_url());
  unsigned int const flags = CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS;
  if (handle == nullptr) return std::nullopt;
  if (curl_url_set(handle.get(), CURLUPART_URL, std::string(url).c_str(), flags) != CURLUE_OK)
    return std::nullopt;
  UrlParts parts;
  parts.scheme = Get(handle.get(), CURLUPART_SCHEME);
  parts.host = Get(handle.get(), CURLUPART_HOST);
  if (parts.host.size() > 2 && parts.host.front() == '[')
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  parts.zone = !Get(handle.get(), CURLUPART_ZONEID).empty();
  unsigned int port = 0;
  if (!absl::SimpleAtoi(Get(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT), &port)) port = 0;
  if (parts.host.empty() || port > 65535) return std::nullopt;
  parts.port = static_cast<std::uint16_t>(port);
  parts.path = Get(handle.get(), CURLUPART_PATH);
  parts.user = !Get(handle.get(), CURLUPART_USER).empty() || !Get(handle.get(), CURLUPART_PASSWORD).empty();
  // An empty query or fragment ("http://host/?") has no part of its own.
  parts.query = url.find('?') != url.npos;
  parts.fragment = url.find('#') != url.npos;
  return parts;
}

std::string AuthorityOf(std::string_view host, std::uint16_t port) {
  bool const ipv6 = host.find(':') != host.npos;
  return Cat({ipv6 ? "[" : "", host, ipv6 ? "]:" : ":", std::to_string(port)});
}

}  // namespace fediversity::http
