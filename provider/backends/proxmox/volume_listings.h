#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VOLUME_LISTINGS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VOLUME_LISTINGS_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/client.h"
#include "provider/backends/proxmox/shared_read.h"
#include "provider/backends/proxmox/storage.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"

namespace fediversity::proxmox {

// What storages hold, each kind of content of each storage listed once for all who ask. Thread-safe.
class VolumeListings {
 public:
  // Both must outlive it.
  VolumeListings(Client& client, Reuse reuse, Clock& clock) : client_(client), reuse_(reuse), clock_(clock) {}

  // `content` as for Api::ListVolumes().
  absl::StatusOr<std::shared_ptr<const std::vector<Volume>>> Get(std::string_view node,
                                                                 std::string_view storage,
                                                                 std::string_view content,
                                                                 const CallLimits& limits);
  // Makes the next Get() of each list anew.
  void Drop();

 private:
  using Listing = SharedRead<std::vector<Volume>>;
  Listing& Find(const std::string& node, const std::string& storage, const std::string& content);

  Client& client_;
  Reuse const reuse_;
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Listing> listings_;  // never erased from: callers hold references
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VOLUME_LISTINGS_H_
