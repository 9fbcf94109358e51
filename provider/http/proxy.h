#ifndef FEDIVERSITY_PROVIDER_HTTP_PROXY_H_
#define FEDIVERSITY_PROVIDER_HTTP_PROXY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/base/environment.h"
#include "provider/base/secret.h"
#include "provider/http/endpoint.h"

namespace fediversity::http {

struct Proxy {
  Secret url;  // may hold a password
  std::uint16_t port = 0;
  std::string printable;  // "http://proxy.example:3128"
  std::string variable;   // where it comes from: "HTTPS_PROXY"
};

// The proxy through which the environment wants `endpoint` reached, by the rules that OpenTofu and every provider
// written in Go follow: HTTPS_PROXY for https, HTTP_PROXY for http, the lower-case names where those are not set;
// never for localhost and loopback addresses, nor for what NO_PROXY lists. FailedPrecondition where the variable
// names no proxy that can be used: http, socks5 and socks5h.
absl::StatusOr<std::optional<Proxy>> ProxyFor(const Endpoint& endpoint, const Environment& environment);

// Whether NO_PROXY's value `list` covers a host. Entries are separated by commas or blanks: an address, a network in
// CIDR notation, a name, which stands for its subdomains too, a name with a leading dot (or "*."), which stands for
// its subdomains only, any of the three but the network with ":port" behind it, or "*" for everything.
bool IsExcludedFromProxy(std::string_view list, std::string_view host, std::uint16_t port);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_PROXY_H_
