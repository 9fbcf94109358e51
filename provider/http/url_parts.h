#ifndef FEDIVERSITY_PROVIDER_HTTP_URL_PARTS_H_
#define FEDIVERSITY_PROVIDER_HTTP_URL_PARTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fediversity::http {

// The pieces of a URL as libcurl reads them; empty where absent.
struct UrlParts {
  std::string scheme;
  std::string host;        // without the brackets of an IPv6 address
  std::uint16_t port = 0;  // the scheme's own where the URL has none
  std::string path;
  bool zone = false;  // whether its IPv6 address is one of a zone ("[fe80::1%25eth0]"), which `host` lacks
  bool user = false;  // whether it has a user or a password
  bool query = false;
  bool fragment = false;
};

// nullopt where `url` is not an absolute URL with a host and a port.
std::optional<UrlParts> SplitUrl(std::string_view url);

// "example.org:80", "[::1]:3903".
std::string AuthorityOf(std::string_view host, std::uint16_t port);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_URL_PARTS_H_
