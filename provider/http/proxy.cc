#include "provider/http/proxy.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "provider/base/text.h"
#include "provider/http/ip_address.h"
#include "provider/http/url_parts.h"

namespace fediversity::http {
namespace {

struct Variable {
  std::string name;
  std::string value;
};

// An empty upper-case variable does not hide the lower-case one.
std::optional<Variable> Lookup(const Environment& environment, std::string_view name) {
  for (const std::string& spelling : {std::string(name), absl::AsciiStrToLower(ToAbsl(name))}) {
    std::string value = environment(spelling).value_or("");
    if (!value.empty()) return Variable{spelling, std::move(value)};
  }
  return std::nullopt;
}

bool IsLocal(std::string_view host) {
  if (host == "localhost") return true;
  std::optional<IpAddress> const address = IpAddress::Parse(host);
  return address.has_value() && address->IsLoopback();
}

bool MatchesNetwork(std::string_view entry, const std::optional<IpAddress>& address) {
  std::size_t const slash = entry.find('/');
  std::size_t bits = 0;
  if (!address.has_value() || !absl::SimpleAtoi(ToAbsl(entry.substr(slash + 1)), &bits)) return false;
  std::optional<IpAddress> const network = IpAddress::Parse(entry.substr(0, slash));
  return network.has_value() && address->IsWithin(*network, bits);
}

struct HostAndPort {
  std::string_view host;
  std::optional<unsigned> port = {};
};

// "name", "name:80", "192.0.2.1:80", "::1", "[::1]", "[::1]:80".
HostAndPort SplitEntry(std::string_view entry) {
  HostAndPort split{entry};
  std::size_t const colon = entry.rfind(':');
  bool const bracketed = entry.front() == '[';
  bool const has_port =
      colon != entry.npos && (bracketed ? entry[colon - 1] == ']' : entry.find(':') == colon);
  if (has_port) {
    unsigned port = 0;
    // A port that is not a number matches none.
    split.port = absl::SimpleAtoi(ToAbsl(entry.substr(colon + 1)), &port) ? port : 0;
    split.host = entry.substr(0, colon);
  }
  if (bracketed && split.host.size() > 1 && split.host.back() == ']') {
    split.host = split.host.substr(1, split.host.size() - 2);
  }
  return split;
}

bool MatchesName(std::string_view pattern, std::string_view host) {
  if (absl::StartsWith(ToAbsl(pattern), "*.")) pattern.remove_prefix(1);
  if (pattern.empty()) return false;
  if (pattern.front() == '.') return absl::EndsWith(ToAbsl(host), ToAbsl(pattern));
  return host == pattern || absl::EndsWith(ToAbsl(host), ToAbsl(Cat({".", pattern})));
}

bool Matches(std::string_view entry, std::string_view host, std::uint16_t port) {
  if (entry.empty()) return false;
  if (entry == "*") return true;
  std::optional<IpAddress> const address = IpAddress::Parse(host);
  if (entry.find('/') != entry.npos) return MatchesNetwork(entry, address);
  HostAndPort const split = SplitEntry(entry);
  if (split.port.has_value() && *split.port != port) return false;
  if (std::optional<IpAddress> const wanted = IpAddress::Parse(split.host)) return address == wanted;
  return MatchesName(split.host, host);
}

absl::StatusOr<Proxy> ParseProxy(const Variable& variable) {
  bool const has_scheme = variable.value.find("://") != std::string::npos;
  std::string const url = has_scheme ? variable.value : Cat({"http://", variable.value});
  std::optional<UrlParts> const parts = SplitUrl(url);
  // The value may hold a password and is not repeated.
  if (!parts.has_value()) {
    return absl::FailedPreconditionError(
        ToAbsl(Cat({"the environment names no proxy that can be used\nThe value of ", variable.name,
                    " cannot be read as a URL. Expected is something like \"http://proxy.example:3128\"."})));
  }
  if (parts->scheme != "http" && parts->scheme != "socks5" && parts->scheme != "socks5h") {
    constexpr std::string_view kRemedy =
        "; supported are proxies that are spoken to by http, socks5 or socks5h. Set the variable to such a proxy, or "
        "list the service's host in NO_PROXY.";
    return absl::FailedPreconditionError(
        ToAbsl(Cat({"the environment names no proxy that can be used\nThe value of ", variable.name,
                    " has the scheme \"", ValidUtf8(parts->scheme), "\"", kRemedy})));
  }
  Proxy proxy;
  constexpr std::uint16_t kSocksPort = 1080;
  proxy.port = parts->port != 0 ? parts->port : kSocksPort;
  proxy.printable = Cat({parts->scheme, "://", AuthorityOf(parts->host, proxy.port)});
  proxy.url = Secret(url);
  proxy.variable = variable.name;
  return proxy;
}

}  // namespace

bool IsExcludedFromProxy(std::string_view list, std::string_view host, std::uint16_t port) {
  std::string const lower_host = absl::AsciiStrToLower(ToAbsl(host));
  std::string const lower_list = absl::AsciiStrToLower(ToAbsl(list));
  for (absl::string_view const entry :
       absl::StrSplit(lower_list, absl::ByAnyChar(", \t"), absl::SkipEmpty())) {
    if (Matches(ToStd(entry), lower_host, port)) return true;
  }
  return false;
}

absl::StatusOr<std::optional<Proxy>> ProxyFor(const Endpoint& endpoint, const Environment& environment) {
  std::optional<Variable> const variable = Lookup(environment, endpoint.tls ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (!variable.has_value() || IsLocal(absl::AsciiStrToLower(endpoint.host))) return std::nullopt;
  std::optional<Variable> const excluded = Lookup(environment, "NO_PROXY");
  if (excluded.has_value() && IsExcludedFromProxy(excluded->value, endpoint.host, endpoint.port))
    return std::nullopt;
  absl::StatusOr<Proxy> proxy = ParseProxy(*variable);
  if (!proxy.ok()) return proxy.status();
  return std::optional<Proxy>(*std::move(proxy));
}

}  // namespace fediversity::http
