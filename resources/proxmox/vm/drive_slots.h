#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_SLOTS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_SLOTS_H_

// Slots of drives: what they hold, and which are free.

#include <cstdint>
#include <map>
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

// Every volume in the VM's configuration, unused disks, EFI disk and TPM state included, by the slot that has it:
// {"scsi0", "local:100/vm-100-disk-0.raw"}. Media of CD-ROM drives too, "none" and "cdrom" as they are.
absl::StatusOr<std::map<std::string, std::string>> VolumesBySlot(VmOptions& options);
bool IsUnusedSlot(std::string_view slot);

// The VM to which a volume belongs where that is not `vmid`; nullopt as well where its name does not tell.
std::optional<std::int64_t> OtherOwner(std::string_view volume, std::int64_t vmid);

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
