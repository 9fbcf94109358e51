#include "provider/backends/proxmox/silent_nodes.h"

#include <utility>

#include "provider/backends/proxmox/error.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::proxmox {
namespace {

// A failure that comes sooner costs little, and may be one of services that restart.
constexpr absl::Duration kLongWait = absl::Seconds(5);
constexpr absl::Duration kRemembered = absl::Seconds(15);

// {"nodes", NODE, "qemu", VMID, "config"}.
bool ReadsConfig(const http::Request& request) {
  constexpr std::size_t kSegments = 5;
  return request.method == http::Method::kGet && request.path.size() == kSegments &&
         request.path[0] == "nodes" && request.path[2] == "qemu" && request.path[4] == "config";
}

absl::Status Silent(std::string_view node) {
  return http::WithDelivery(
      absl::UnavailableError(ToAbsl(Cat(
          {"node ", node,
           " cannot be reached\nA moment ago nobody could ask it anything, so nothing was sent to it now. The "
           "cluster has it online: look at its network and at its service pveproxy."}))),
      http::Delivery::kNotSent);
}

}  // namespace

SilentNodes::SilentNodes(std::unique_ptr<http::Transport> inner, Clock& clock)
    : inner_(std::move(inner)),
      clock_(clock) {}

absl::StatusOr<http::Response> SilentNodes::Send(const http::Request& request, const CallLimits& limits) {
  if (!ReadsConfig(request)) return inner_->Send(request, limits);
  const std::string& node = request.path[1];
  if (IsSilent(node)) return Silent(node);
  absl::Time const asked = clock_.Now();
  auto result = inner_->Send(request, limits);
  absl::Time const now = clock_.Now();
  if (result.ok() && IsProxyFailure(result->status) && now - asked >= kLongWait) {
    std::lock_guard const lock(mutex_);
    given_up_[node] = now;
  }
  return result;
}

bool SilentNodes::IsSilent(const std::string& node) {
  std::lock_guard const lock(mutex_);
  auto const found = given_up_.find(node);
  return found != given_up_.end() && clock_.Now() - found->second < kRemembered;
}

}  // namespace fediversity::proxmox
