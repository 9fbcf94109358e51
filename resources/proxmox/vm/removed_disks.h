#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_REMOVED_DISKS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_REMOVED_DISKS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "provider/schema/diagnostics.h"
#include "provider/wire/path.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

// What leaves a VM that is planned: a disk, the EFI disk or the state of the TPM.
struct RemovedDisk {
  std::string slot;
  schema::Value<std::string> volume;
  bool deleted = false;                    // on_remove = "delete"
  std::optional<std::int64_t> owner = {};  // another VM, whose volume it is: then nothing becomes of it
  wire::Path path;                         // the attribute that it leaves
};

// `prior` is without the slots that nobody named (configured.h). What `plan` does not know yet does not leave.
std::vector<RemovedDisk> RemovedDisks(const ProxmoxVm& prior, const ProxmoxVm& plan);

// Says at plan what becomes of each.
void TellOfRemovedDisks(const std::vector<RemovedDisk>& removed, schema::Diagnostics& diagnostics);

// Aborted where a slot holds another volume than the one that the plan said would leave.
absl::Status RefuseExchangedDisks(const std::vector<RemovedDisk>& removed, VmOptions& options);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_REMOVED_DISKS_H_
