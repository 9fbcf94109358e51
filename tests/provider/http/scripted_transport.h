#ifndef FEDIVERSITY_TESTS_PROVIDER_HTTP_SCRIPTED_TRANSPORT_H_
#define FEDIVERSITY_TESTS_PROVIDER_HTTP_SCRIPTED_TRANSPORT_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "provider/http/transport.h"

namespace fediversity::http {

// Answers from a list, for tests of the decorators. Not thread-safe.
class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(std::vector<absl::StatusOr<Response>> script) : script_(std::move(script)) {}

  absl::StatusOr<Response> Send(const Request& /*request*/, const CallLimits& /*limits*/) override {
    auto const next = static_cast<std::size_t>(attempts_++);
    return next < script_.size() ? script_[next] : absl::InternalError("the script is over");
  }

  int attempts() const { return attempts_; }

 private:
  std::vector<absl::StatusOr<Response>> script_;
  int attempts_ = 0;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_TESTS_PROVIDER_HTTP_SCRIPTED_TRANSPORT_H_
