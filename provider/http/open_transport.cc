#include "provider/http/open_transport.h"

#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/logging.h"

namespace fediversity::http {

absl::StatusOr<std::unique_ptr<Transport>> OpenTransport(const ServiceOptions& options,
                                                         const Environment& environment, const Logger& logger,
                                                         Clock& clock) {
  ASSIGN_OR_RETURN(std::unique_ptr<Transport> transport,
                   CurlTransport::Create(options.connection, environment));
  transport = std::make_unique<LoggingTransport>(std::move(transport),
                                                 logger.Named(Cat({"http.", options.name})), clock);
  if (options.rate.limits()) {
    transport = std::make_unique<RateLimitedTransport>(std::move(transport), options.rate, clock);
  }
  return std::make_unique<RetryingTransport>(std::move(transport), options.retry, clock);
}

}  // namespace fediversity::http
