#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_SLOTS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_SLOTS_H_

// Slots of drives: what they hold, and which are free.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/text/volume_id.h"
#include "provider/wire/path.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

// The volume in a drive's string; nullopt where there is no drive.
absl::StatusOr<std::optional<proxmox::VolumeId>> VolumeAt(VmOptions& options, std::string_view slot);

bool IsDiskSlot(VmOptions& options, std::string_view slot);
bool IsCdromSlot(VmOptions& options, std::string_view slot);
bool IsCloudInitSlot(VmOptions& options, std::string_view slot);

// Where a cloud-init drive goes for which nobody chose a slot: ide2 if it is free, else another of its kind.
// FailedPrecondition where none is.
absl::StatusOr<std::string> FreeCloudInitSlot(const VmOptions& options);

// Refuses to put at `path` what would drive out what `slot` holds.
absl::Status SlotTaken(VmOptions& options, std::string_view slot, const wire::Path& path);
// The same for each disk that is new in `plan` and whose slot is not free, unless it is the volume that is there.
absl::Status RefuseTakenSlots(const ProxmoxVm& prior, const ProxmoxVm& plan, VmOptions& options);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_SLOTS_H_
