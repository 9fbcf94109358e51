#ifndef FEDIVERSITY_PROVIDER_HTTP_CURL_TRANSPORT_H_
#define FEDIVERSITY_PROVIDER_HTTP_CURL_TRANSPORT_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/environment.h"
#include "provider/http/permits.h"
#include "provider/http/route.h"
#include "provider/http/tls.h"
#include "provider/http/transport.h"

namespace fediversity::http {

class CurlChannel;

struct ConnectionOptions {
  std::string url;  // "https://pve.example:8006/api2/json"
  std::string unix_socket =
      {};  // path of a socket to speak to; `url` then gives the Host header and the path
  TlsSettings tls = {};
  int max_connections = 8;
  // A connection that has been idle for longer is not used again: servers drop those after some seconds, and a
  // request that meets the drop has an unknown outcome.
  absl::Duration max_idle = absl::Seconds(4);
  absl::Duration connect_timeout = absl::Seconds(10);       // name, connection, proxy and TLS
  absl::Duration timeout = absl::Seconds(60);               // the whole request, where it does not say
  std::size_t max_response_bytes = std::size_t{64} << 20U;  // unpacked
  std::string user_agent = "terraform-provider-fediversity";
};

// Sends each request over one of a few kept connections, by HTTP/1.1, through the proxy of the environment.
// Redirects are not followed, so that credentials go to the configured service only. A write is sent once: libcurl's
// own second try on a connection that went stale is for repeatable requests. Beyond max_connections requests wait
// their turn. Cancelling ends a running transfer at once.
class CurlTransport final : public Transport {
 public:
  // Opens nothing yet. InvalidArgument where the options are wrong, FailedPrecondition where the environment's proxy is.
  static absl::StatusOr<std::unique_ptr<CurlTransport>> Create(const ConnectionOptions& options,
                                                               const Environment& environment);
  ~CurlTransport() override;

  absl::StatusOr<Response> Send(const Request& request, const CallLimits& limits) override;

 private:
  CurlTransport(Route route, int max_connections);
  absl::StatusOr<std::unique_ptr<CurlChannel>> TakeChannel();
  void KeepChannel(std::unique_ptr<CurlChannel> channel);

  Route const route_;
  Permits permits_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlChannel>> idle_;  // used last comes last, and is used next
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_CURL_TRANSPORT_H_
