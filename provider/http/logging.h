#ifndef FEDIVERSITY_PROVIDER_HTTP_LOGGING_H_
#define FEDIVERSITY_PROVIDER_HTTP_LOGGING_H_

#include <memory>

#include "provider/base/clock.h"
#include "provider/base/log.h"
#include "provider/http/transport.h"

namespace fediversity::http {

// Logs each request with its answer: at debug level, or as a warning where there is no answer. Method, path, query
// without its secrets, status, duration and size; never a header, never a body. Thread-safe.
class LoggingTransport final : public Transport {
 public:
  // `clock` must outlive it.
  LoggingTransport(std::unique_ptr<Transport> inner, Logger logger, const Clock& clock);

  absl::StatusOr<Response> Send(const Request& request, const CallLimits& limits) override;

 private:
  std::unique_ptr<Transport> inner_;
  Logger logger_;
  const Clock& clock_;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_LOGGING_H_
