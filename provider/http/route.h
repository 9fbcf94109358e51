#ifndef FEDIVERSITY_PROVIDER_HTTP_ROUTE_H_
#define FEDIVERSITY_PROVIDER_HTTP_ROUTE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "provider/http/endpoint.h"
#include "provider/http/proxy.h"
#include "provider/http/tls.h"

namespace fediversity::http {

// How a transport gets to its service, and how patient it is. Constant for its life.
struct Route {
  Endpoint endpoint;
  std::string unix_socket;  // spoken to in place of the endpoint's address; empty for none
  std::optional<Proxy> proxy;
  std::unique_ptr<TlsTrust> trust;
  std::string user_agent;
  absl::Duration connect_timeout;
  absl::Duration timeout;
  absl::Duration max_idle;
  std::size_t max_response_bytes;

  // The server, for messages: "pve.example:8006", or the path of its socket.
  std::string Server() const { return unix_socket.empty() ? endpoint.Authority() : unix_socket; }
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_ROUTE_H_
