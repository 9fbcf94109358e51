#include "provider/http/logging.h"

#include <cstdint>
#include <string>
#include <utility>

#include "provider/base/text.h"

namespace fediversity::http {

LoggingTransport::LoggingTransport(std::unique_ptr<Transport> inner, Logger logger, const Clock& clock)
    : inner_(std::move(inner)),
      logger_(std::move(logger)),
      clock_(clock) {}

absl::StatusOr<Response> LoggingTransport::Send(const Request& request, const CallLimits& limits) {
  if (!logger_.Enabled(LogLevel::kWarn)) return inner_->Send(request, limits);
  absl::Time const start = clock_.Now();
  absl::StatusOr<Response> response = inner_->Send(request, limits);
  std::int64_t const milliseconds = absl::ToInt64Milliseconds(clock_.Now() - start);
  if (response.ok()) {
    logger_.Debug("answered", {{"method", NameOf(request.method)},
                               {"url", response->url},
                               {"status", response->status},
                               {"bytes", static_cast<std::int64_t>(response->body.size())},
                               {"milliseconds", milliseconds}});
    return response;
  }
  logger_.Warn("no answer", {{"request", PrintableLine(request)},
                             {"error", ToStd(response.status().message())},
                             {"milliseconds", milliseconds}});
  return response;
}

}  // namespace fediversity::http
