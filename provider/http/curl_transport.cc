#include "provider/http/curl_transport.h"

#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/curl_channel.h"
#include "provider/http/delivery.h"

namespace fediversity::http {

absl::StatusOr<std::unique_ptr<CurlTransport>> CurlTransport::Create(const ConnectionOptions& options,
                                                                     const Environment& environment) {
  ASSIGN_OR_RETURN(Endpoint endpoint, ParseEndpoint(options.url));
  ASSIGN_OR_RETURN(std::unique_ptr<TlsTrust> trust, TlsTrust::Create(options.tls, environment));
  bool const has_tls_settings =
      !options.tls.ca_file.empty() || !options.tls.fingerprint.empty() || options.tls.insecure;
  if (has_tls_settings && !endpoint.tls) {
    return absl::InvalidArgumentError(
        "TLS settings for a service without TLS\nca_file, fingerprint and insecure mean nothing for an http:// URL: "
        "use https://, or leave them out.");
  }
  if (options.max_connections < 1) return absl::InvalidArgumentError("max_connections has to be at least 1");
  std::optional<Proxy> proxy;
  if (options.unix_socket.empty()) {
    ASSIGN_OR_RETURN(proxy, ProxyFor(endpoint, environment));
  }
  Route route{.endpoint = std::move(endpoint),
              .unix_socket = options.unix_socket,
              .proxy = std::move(proxy),
              .trust = std::move(trust),
              .user_agent = options.user_agent,
              .connect_timeout = options.connect_timeout,
              .timeout = options.timeout,
              .max_idle = options.max_idle,
              .max_response_bytes = options.max_response_bytes};
  return std::unique_ptr<CurlTransport>(new CurlTransport(std::move(route), options.max_connections));
}

CurlTransport::CurlTransport(Route route, int max_connections)
    : route_(std::move(route)),
      permits_(max_connections) {}

CurlTransport::~CurlTransport() = default;

absl::StatusOr<Response> CurlTransport::Send(const Request& request, const CallLimits& limits) {
  if (absl::Status status = CheckRequest(request); !status.ok())
    return WithDelivery(status, Delivery::kNotSent);
  if (route_.endpoint.tls) {
    if (absl::Status status = route_.trust->Load(); !status.ok())
      return WithDelivery(status, Delivery::kNotSent);
  }
  auto const permit = permits_.Acquire(
      limits, Cat({PrintableLine(request), ": waiting for a connection to ", route_.Server()}));
  if (!permit.ok()) return WithDelivery(permit.status(), Delivery::kNotSent);
  absl::StatusOr<std::unique_ptr<CurlChannel>> channel = TakeChannel();
  if (!channel.ok()) return WithDelivery(channel.status(), Delivery::kNotSent);
  absl::StatusOr<Response> response = (*channel)->Send(request, limits);
  KeepChannel(*std::move(channel));
  return response;
}

absl::StatusOr<std::unique_ptr<CurlChannel>> CurlTransport::TakeChannel() {
  {
    std::lock_guard const lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<CurlChannel> channel = std::move(idle_.back());
      idle_.pop_back();
      return channel;
    }
  }
  return CurlChannel::Create(route_);
}

void CurlTransport::KeepChannel(std::unique_ptr<CurlChannel> channel) {
  std::lock_guard const lock(mutex_);
  idle_.push_back(std::move(channel));
}

}  // namespace fediversity::http
