#include "resources/proxmox/vm/removed_disks.h"

#include <optional>
#include <string>
#include <string_view>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/drive_slots.h"

namespace fediversity::resources {
namespace {

template <typename Drive>
void AddSmall(std::string_view slot, std::string_view attribute, const schema::Value<Drive>& before,
              const schema::Value<Drive>& planned, std::vector<RemovedDisk>& removed) {
  if (!planned.is_null() || !before.has_value() || !before->volume.has_value()) return;
  removed.push_back(
      {.slot = std::string(slot), .volume = before->volume, .path = wire::Path().Child(attribute)});
}

}  // namespace

std::vector<RemovedDisk> RemovedDisks(const ProxmoxVm& prior, const ProxmoxVm& plan) {
  std::vector<RemovedDisk> removed;
  if (prior.disks.has_value() && !plan.disks.is_unknown()) {
    for (const auto& [slot, disk] : *prior.disks) {
      if (plan.disks.has_value() && plan.disks->contains(slot)) continue;
      VmDisk const before = disk.value_or(VmDisk{});
      auto const owner = OtherOwner(before.volume.value_or(""), prior.vmid.value_or(0));
      removed.push_back(
          {.slot = slot,
           .volume = before.volume,
           .deleted = !owner.has_value() && before.on_remove == schema::Value<std::string>("delete"),
           .owner = owner,
           .path = wire::Path().Child("disks")});
    }
  }
  AddSmall("efidisk0", "efi_disk", prior.efi_disk, plan.efi_disk, removed);
  AddSmall("tpmstate0", "tpm_state", prior.tpm_state, plan.tpm_state, removed);
  return removed;
}

void TellOfRemovedDisks(const std::vector<RemovedDisk>& removed, schema::Diagnostics& diagnostics) {
  for (const RemovedDisk& disk : removed) {
    std::string const volume = disk.volume.value_or("its volume");
    bool const has_choice = disk.path == wire::Path().Child("disks");
    diagnostics.AddWarning(
        Cat({"The disk `", disk.slot, "` will be ", disk.deleted ? "deleted" : "detached"}),
        disk.owner.has_value()
            ? Cat({volume, " only leaves this VM, whatever `on_remove` says: it belongs to VM ",
                   std::to_string(*disk.owner), "."})
        : disk.deleted
            ? Cat({volume, " and all data on it will be deleted, as its `on_remove = \"delete\"` says."})
        : has_choice
            ? Cat({volume,
                   " stays with the VM as an unused disk. Set `on_remove = \"delete\"` and apply that first, where it is "
                   "to be deleted."})
            : Cat({volume, " stays with the VM as an unused disk."}),
        disk.path);
  }
}

absl::Status RefuseExchangedDisks(const std::vector<RemovedDisk>& removed, VmOptions& options) {
  for (const RemovedDisk& disk : removed) {
    ASSIGN_OR_RETURN(std::optional<std::string> const held, options.Get(disk.slot, "file"));
    if (!held.has_value() || !disk.volume.has_value() || *held == *disk.volume) continue;
    return schema::OnAttribute(
        absl::AbortedError(Cat({"The VM was changed since it was read\n`", disk.slot, "` held ", *disk.volume,
                                " when the plan was made, and was to give it up; it holds ", *held,
                                " now. Nothing was changed; plan again to see what is to be done."})),
        disk.path);
  }
  return absl::OkStatus();
}

}  // namespace fediversity::resources
