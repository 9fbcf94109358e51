#ifndef FEDIVERSITY_PROVIDER_HTTP_ENDPOINT_H_
#define FEDIVERSITY_PROVIDER_HTTP_ENDPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::http {

// Where a service answers, out of a URL such as "https://pve.example:8006/api2/json".
struct Endpoint {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string base_path;  // "/api2/json", or empty; never ends in a slash

  // "pve.example:8006", "[::1]:3903".
  std::string Authority() const;
  // "https://pve.example:8006/api2/json".
  std::string Url() const;
};

// InvalidArgument for anything but an http or https URL without user, query and fragment. The message does not
// repeat the URL where that may hold a password.
absl::StatusOr<Endpoint> ParseEndpoint(std::string_view url);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_ENDPOINT_H_
