#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VMIDS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VMIDS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/client.h"
#include "provider/backends/proxmox/cluster.h"
#include "provider/base/call_limits.h"

namespace fediversity::proxmox {

// Hands out VMIDs. The service names the same free one to everybody who asks before it is used, so those handed out
// are kept here and passed over. Thread-safe.
class Vmids {
 public:
  // What the cluster holds as far as that is known without a request; nullptr where nothing is.
  using Listing = std::function<std::shared_ptr<const Resources>()>;

  // `client` must outlive it.
  Vmids(Client& client, Listing listing) : client_(client), listing_(std::move(listing)) {}

  // A free one: the lowest that the cluster offers, or the next above it that is in the range which the cluster hands
  // out. One request; two or three where that one is handed out, and one more for each above it that is in use without
  // being listed.
  absl::StatusOr<std::int64_t> Allocate(const CallLimits& limits);
  void Release(std::int64_t vmid);

 private:
  // Whether it was not handed out before.
  bool Take(std::int64_t vmid);
  // The lowest above `vmid` that is not listed and was not handed out before, now taken.
  std::int64_t TakeAbove(std::int64_t vmid, const Resources* listing);

  // The first above the range; asked for until it is known.
  absl::StatusOr<std::int64_t> End(const CallLimits& limits);

  Client& client_;
  Listing const listing_;
  std::mutex mutex_;
  std::optional<std::int64_t> end_;
  std::set<std::int64_t> handed_out_;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VMIDS_H_
