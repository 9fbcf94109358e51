#include "resources/proxmox/vm/slot_plan.h"

#include <string>
#include <string_view>
#include <vector>

#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/drive_slots.h"
#include "resources/proxmox/vm/format.h"
#include "resources/proxmox/vm/removed_disks.h"

namespace fediversity::resources {
namespace {

using schema::Diagnostics;
using schema::Value;
using wire::Path;

void TellOfLeftSlots(const std::vector<LeftSlot>& left, Diagnostics& diagnostics) {
  for (const LeftSlot& slot : left) {
    diagnostics.AddWarning(
        Cat({"`", slot.slot, "` stays with the VM"}),
        Cat({"`", slot.map,
             "` does not name it, and no configuration that was applied did. So it only leaves the state, "
             "and the VM keeps it. To remove it, add `unset = [\"",
             slot.slot, "\"]` before this is applied; to keep managing it, name it in `", slot.map, "`."}),
        Path().Child(slot.map));
  }
}

// What a small volume is made with, and keeps. A service that leaves it out means `otherwise`.
template <typename T>
void RefuseChange(const Value<T>& before, const Value<T>& planned, const T& otherwise, std::string_view slot,
                  const Path& path, Diagnostics& diagnostics) {
  if (!planned.has_value() || *planned == before.value_or(otherwise)) return;
  diagnostics.AddError(
      Cat({"`", path.ToString(), "` cannot be changed"}),
      Cat({"Proxmox looks at it only when it makes the volume, so a change would be one on paper. To have a new, empty "
           "volume, take this one out with `unset = [\"",
           slot,
           "\"]` in place of the attribute and apply; then write the attribute again and take it out of `unset`."}),
      path);
}

void RefuseSmallChanges(const ProxmoxVm& prior, const ProxmoxVm& planned, Diagnostics& diagnostics) {
  auto const stays = [](const auto& before, const auto& after) {
    return before.has_value() && before->volume.has_value() && after.has_value();
  };
  if (stays(prior.efi_disk, planned.efi_disk)) {
    Path const path = Path().Child("efi_disk");
    RefuseChange<std::string>(prior.efi_disk->type, planned.efi_disk->type, "2m", "efidisk0",
                              path.Child("type"), diagnostics);
    RefuseChange(prior.efi_disk->pre_enrolled_keys, planned.efi_disk->pre_enrolled_keys, false, "efidisk0",
                 path.Child("pre_enrolled_keys"), diagnostics);
  }
  if (stays(prior.tpm_state, planned.tpm_state)) {
    RefuseChange<std::string>(prior.tpm_state->version, planned.tpm_state->version, "v1.2", "tpmstate0",
                              Path().Child("tpm_state").Child("version"), diagnostics);
  }
}

// A drive that comes or goes with its storage.
void PlanCloudInitDrive(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned,
                        Diagnostics& diagnostics) {
  if (!planned.cloud_init.has_value()) return;
  VmCloudInit const configured = config.cloud_init.value_or(VmCloudInit{});
  if (planned.cloud_init->storage.is_unknown()) {
    if (configured.drive.is_null()) planned.cloud_init->drive = Value<std::string>::Unknown();
    return;
  }
  Value<std::string> const before =
      prior.cloud_init.has_value() ? prior.cloud_init->drive : Value<std::string>();
  Value<std::string>& drive = planned.cloud_init->drive;
  bool const wanted = !planned.cloud_init->storage.value_or("").empty();
  if (configured.drive.is_null() && !wanted) drive = {};
  if (configured.drive.is_null() && wanted && drive.is_null()) drive = Value<std::string>::Unknown();
  bool const moves = before.has_value() && drive.has_value() && drive != before;
  if (!moves || !prior.started.value_or(false)) return;
  diagnostics.AddError(
      "The cloud-init drive of a running VM cannot change its slot",
      Cat({"A running VM gives up `", *before,
           "` only at its next start, and its volume, of which there is one, with it: `", *drive,
           "` would then be empty. Apply `started = false` first, or leave the drive where it is."}),
      Path().Child("cloud_init").Child("drive"));
}

// Proxmox gives a VM its cloud-init drive in a slot that no configuration has to name.
void RefuseSlotOfCloudInit(const ProxmoxVm& prior, const ProxmoxVm& config, const ProxmoxVm& planned,
                           Diagnostics& diagnostics) {
  const Value<VmCloudInit>& cloud_init =
      planned.cloud_init.has_value() ? planned.cloud_init : prior.cloud_init;
  if (!cloud_init.has_value() || !cloud_init->drive.has_value()) return;
  const std::string& drive = *cloud_init->drive;
  bool const is_configured = config.cloud_init.has_value() && !config.cloud_init->drive.is_null();
  if (is_configured) return;
  auto const refuse = [&](const auto& map, std::string_view attribute) {
    if (!map.has_value() || !map->contains(drive)) return;
    diagnostics.AddError(
        Cat({"`", drive, "` holds the cloud-init drive"}),
        Cat({"The VM has its cloud-init drive there. Choose another slot; or move the drive with `drive` in "
             "`cloud_init`, and apply that first."}),
        Path().Child(attribute).AtKey(drive));
  };
  refuse(config.disks, "disks");
  refuse(config.cdroms, "cdroms");
}

}  // namespace

void TellOfForeignVolumes(const ProxmoxVm* prior, const ProxmoxVm& config, const ProxmoxVm& planned,
                          Diagnostics& diagnostics) {
  if (!config.disks.has_value()) return;
  for (const auto& [slot, disk] : *config.disks) {
    if (!disk.has_value() || !disk->volume.has_value()) continue;
    auto const owner = OtherOwner(*disk->volume, planned.vmid.value_or(0));
    if (!owner.has_value()) continue;
    if (prior != nullptr && prior->disks.has_value()) {
      auto const before = prior->disks->find(slot);
      bool const stays = before != prior->disks->end() && before->second.has_value() &&
                         before->second->volume == disk->volume;
      if (stays) continue;
    }
    std::string const vmid = std::to_string(*owner);
    diagnostics.AddWarning(
        "The disk belongs to another VM",
        Cat({*disk->volume, " belongs to VM ", vmid, ": deleting VM ", vmid,
             " deletes it, also while this VM uses it. To have it belong to this one, move it on its node with `qm disk "
             "move ",
             vmid, " <its slot there> --target-vmid ",
             planned.vmid.has_value() ? std::to_string(*planned.vmid) : "<vmid>", " --target-disk ", slot,
             "`, and name here what it is called then."}),
        Path().Child("disks").AtKey(slot).Child("volume"));
  }
}

void PlanSlots(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned, VmContext& context) {
  Diagnostics& diagnostics = context.diagnostics();
  std::vector<LeftSlot> left;
  ProxmoxVm const named = WithoutUnnamed(prior, planned, context.private_state(), &left);
  TellOfLeftSlots(left, diagnostics);
  TellOfRemovedDisks(RemovedDisks(named, planned), diagnostics);
  RefuseSmallChanges(prior, planned, diagnostics);
  PlanCloudInitDrive(prior, config, planned, diagnostics);
  RefuseSlotOfCloudInit(prior, config, planned, diagnostics);
}

}  // namespace fediversity::resources
