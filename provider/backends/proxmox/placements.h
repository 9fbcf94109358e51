#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_PLACEMENTS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_PLACEMENTS_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "provider/backends/proxmox/vm.h"

namespace fediversity::proxmox {

// Where our own writes have put VMs since the cluster was listed, so that a write need not be followed by a listing.
// Thread-safe.
class Placements {
 public:
  struct Known {
    std::optional<std::string> node;  // nullopt: not known any more
  };

  void Put(const VmId& vm) { Set(vm.vmid, {vm.node}); }
  // The VM is gone, or was set on its way to wherever the cluster puts it.
  void Forget(std::int64_t vmid) { Set(vmid, {}); }
  // nullopt where no write of ours says anything.
  std::optional<Known> Find(std::int64_t vmid) const {
    std::lock_guard const lock(mutex_);
    auto const found = known_.find(vmid);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
  }
  // A listing says so now.
  void Erase(std::int64_t vmid) {
    std::lock_guard const lock(mutex_);
    known_.erase(vmid);
  }

 private:
  void Set(std::int64_t vmid, Known known) {
    std::lock_guard const lock(mutex_);
    known_[vmid] = std::move(known);
  }

  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, Known> known_;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_PLACEMENTS_H_
