#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NAMES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NAMES_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"

namespace fediversity::resources {

// What VMs are called. The listing of the cluster learns that some seconds after a VM was made; until then the names of
// those that this process has made are known here, and others are looked up in their configuration. Thread-safe.
class VmNames {
 public:
  void Add(std::int64_t vmid, std::string name);
  void Forget(std::int64_t vmid);

  // The listing's VMs, each with its name. One request, once, for each VM that nobody knows yet. The name of one that
  // cannot be read stays empty, and so do those of the VMs of a node that is offline: nobody can ask it.
  absl::StatusOr<std::vector<proxmox::VmSummary>> List(proxmox::Api& api, const CallLimits& limits);

 private:
  std::optional<std::string> Find(std::int64_t vmid) const;

  mutable std::mutex mutex_;
  std::map<std::int64_t, std::string> names_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NAMES_H_
