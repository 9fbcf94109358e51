#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_DISK_CHANGES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_DISK_CHANGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// What Proxmox changes of drives by requests of their own.
struct DiskChanges {
  struct Move {
    proxmox::MoveDiskRequest request;
    std::string volume;  // that moves
  };
  struct Growth {
    std::string slot;
    std::string size;  // as ResizeDisk takes it
    std::string volume;
  };
  std::vector<Move> moves;
  std::vector<Growth> growth;

  bool empty() const { return moves.empty() && growth.empty(); }
};

// What has to be done to the drives that `options` holds so that they are as `plan` says. FailedPrecondition, on the
// disk's size, where one would have to shrink. Drives that are yet to be made are left out.
absl::StatusOr<DiskChanges> CompareDisks(const ProxmoxVm& plan, VmOptions& options);

// Whether `plan` adds a disk to `prior` whose size is that of its content: an imported image, or a volume that exists.
bool BringsDisks(const ProxmoxVm& prior, const ProxmoxVm& plan);
bool BringsDisk(const ProxmoxVm& prior, const std::string& slot, const schema::Value<VmDisk>& disk);

// FailedPrecondition, on the attribute, where one of the drives waits for the VM's next start: Proxmox changes what is in
// effect, and what waits would name a volume that is gone, or a size of the past.
absl::Status RefuseWaitingDrives(proxmox::Api& api, const proxmox::VmId& vm, const DiskChanges& changes,
                                 const CallLimits& limits);

// Whether somebody else may change the VM at the same time. Nobody knows one that is being made.
enum class Others : std::uint8_t { kNone, kPossible };

// Carries them out, moves first. Where there may be others, each change is preceded by a look at the VM: Aborted where
// the slot holds another volume by now, and as RefuseWaitingDrives() where it waits. Warnings of the tasks are added to
// `warnings`.
absl::Status ChangeDisks(proxmox::Api& api, const proxmox::VmId& vm, const DiskChanges& changes,
                         Others others, std::vector<std::string>& warnings, VmContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_DISK_CHANGES_H_
