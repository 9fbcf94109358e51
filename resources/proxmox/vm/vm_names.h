#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NAMES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NAMES_H_

#include <cstdint>
#include <map>
#include <mutex>
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

  // The listing's VMs, each with its name. One request for each VM that nobody knows yet; the name of one that cannot be
  // read stays empty.
  absl::StatusOr<std::vector<proxmox::VmSummary>> List(proxmox::Api& api, const CallLimits& limits) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::int64_t, std::string> names_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_NAMES_H_
