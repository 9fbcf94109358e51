#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_DISK_CHANGES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_DISK_CHANGES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

// What Proxmox changes of drives by requests of their own.
struct DiskChanges {
  struct Growth {
    std::string slot;
    std::string size;  // as ResizeDisk takes it
  };
  std::vector<proxmox::MoveDiskRequest> moves;
  std::vector<Growth> growth;

  bool empty() const { return moves.empty() && growth.empty(); }
};

// What has to be done to the drives that `options` holds so that they are as `plan` says. FailedPrecondition, on the
// disk's size, where one would have to shrink. Drives that are yet to be made are left out.
absl::StatusOr<DiskChanges> CompareDisks(const ProxmoxVm& plan, VmOptions& options);

// Carries them out, moves first. Warnings of the tasks are added to `warnings`.
absl::Status ChangeDisks(proxmox::Api& api, const proxmox::VmId& vm, const DiskChanges& changes,
                         std::vector<std::string>& warnings, const CallLimits& limits);

// Names of the disks of `prior` that `plan` is without. Where `plan` does not know its disks, there are none.
std::vector<std::string> RemovedDisks(const ProxmoxVm& prior, const ProxmoxVm& plan);
// Whether the volume of the disk goes with it (on_remove = "delete").
bool IsDeletedOnRemoval(const ProxmoxVm& vm, const std::string& slot);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_DISK_CHANGES_H_
