#ifndef FEDIVERSITY_PROVIDER_HTTP_OPEN_TRANSPORT_H_
#define FEDIVERSITY_PROVIDER_HTTP_OPEN_TRANSPORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "provider/base/clock.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"
#include "provider/http/curl_transport.h"
#include "provider/http/rate_limit.h"
#include "provider/http/retrying.h"
#include "provider/http/transport.h"

namespace fediversity::http {

struct ServiceOptions {
  std::string name;  // "garage"; its log lines come from the module "http.garage"
  ConnectionOptions connection;
  RetryPolicy retry = {};
  RateLimit rate = {};
};

// What a client of a service sends its requests with: connections of libcurl, each attempt logged and counted
// against the rate limit, attempts repeated. Opens nothing yet. `clock` must outlive it.
//
//   ASSIGN_OR_RETURN(auto transport, OpenTransport({.name = "garage", .connection = {.url = url}}, environment, logger, clock));
//   ASSIGN_OR_RETURN(Response const response, transport->Send({.path = {"v2", "GetClusterHealth"}}, limits));
absl::StatusOr<std::unique_ptr<Transport>> OpenTransport(const ServiceOptions& options,
                                                         const Environment& environment, const Logger& logger,
                                                         Clock& clock);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_OPEN_TRANSPORT_H_
