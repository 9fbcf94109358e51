#include "provider/backends/proxmox/failover.h"

#include <optional>
#include <string>
#include <utility>

#include "provider/backends/proxmox/error.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::proxmox {
namespace {

bool MayAskAnother(const http::Request& request, const absl::StatusOr<http::Response>& result) {
  if (result.ok()) {
    if (SaysNoQuorum(*result)) return true;
    return http::CodeOf(result->status) == absl::StatusCode::kUnavailable && http::IsRepeatable(request);
  }
  bool const not_sent = http::DeliveryOf(result.status()) == http::Delivery::kNotSent;
  if (absl::IsFailedPrecondition(result.status())) return not_sent;
  return absl::IsUnavailable(result.status()) && (not_sent || http::IsRepeatable(request));
}

// What each endpoint said, under a summary; nothing was sent if that is so for all.
absl::Status AllFailed(const std::vector<absl::Status>& failures) {
  std::string text = "no endpoint of the Proxmox cluster answers";
  bool not_sent = true;
  bool may_pass = false;
  for (const absl::Status& failure : failures) {
    text += Cat({"\n", ToStd(failure.message())});
    not_sent = not_sent && http::DeliveryOf(failure) == http::Delivery::kNotSent;
    may_pass = may_pass || absl::IsUnavailable(failure);
  }
  absl::StatusCode const code =
      may_pass ? absl::StatusCode::kUnavailable : absl::StatusCode::kFailedPrecondition;
  return http::WithDelivery({code, text}, not_sent ? http::Delivery::kNotSent : http::Delivery::kUnknown);
}

}  // namespace

FailoverTransport::FailoverTransport(std::vector<std::unique_ptr<http::Transport>> endpoints)
    : endpoints_(std::move(endpoints)) {}

absl::StatusOr<http::Response> FailoverTransport::Send(const http::Request& request,
                                                       const CallLimits& limits) {
  std::size_t const first = current_.load();
  std::vector<absl::Status> failures;
  std::optional<http::Response> refused;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    std::size_t const index = (first + i) % endpoints_.size();
    absl::StatusOr<http::Response> result = endpoints_[index]->Send(request, limits);
    if (!MayAskAnother(request, result)) {
      // A failure says nothing about the endpoint: it may be the user's interrupt.
      if (result.ok()) current_.store(index);
      return result;
    }
    if (!result.ok()) {
      failures.push_back(result.status());
    } else if (!refused.has_value()) {
      refused = *std::move(result);
    }
  }
  if (refused.has_value()) return *std::move(refused);
  if (failures.size() == 1) return failures.front();
  return AllFailed(failures);
}

}  // namespace fediversity::proxmox
