#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_

#include <cstdint>
#include <mutex>
#include <set>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// The VMs that this process has made, whose names the listing does not know for a while. Thread-safe.
class OwnVms {
 public:
  void Add(std::int64_t vmid) {
    std::lock_guard const lock(mutex_);
    vmids_.insert(vmid);
  }
  bool Contains(std::int64_t vmid) const {
    std::lock_guard const lock(mutex_);
    return vmids_.contains(vmid);
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::int64_t> vmids_;
};

// Makes the VM of `plan`, from nothing or as a clone. AlreadyExists where its name or VMID is taken: an apply that was cut
// off may have made it, and a second one would be an orphan. Once the VM exists, whatever fails is a warning
// (Context::Unfinished), so that the next apply carries on.
absl::StatusOr<ProxmoxVm> CreateVm(proxmox::Api& api, OwnVms& own, const ProxmoxVm& plan, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_CREATE_H_
