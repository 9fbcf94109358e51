#include "resources/proxmox/vm/disk_changes.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/volume_id.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"

namespace fediversity::resources {
namespace {

// Where a drive is to be: nothing where that is where it is.
absl::StatusOr<std::optional<DiskChanges::Move>> CompareVolume(VmOptions& options, const std::string& slot,
                                                               const schema::Value<std::string>& storage,
                                                               const schema::Value<std::string>& format) {
  ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(slot, "file"));
  if (!file.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(proxmox::VolumeId const volume, proxmox::VolumeId::Parse(*file));
  if (volume.type() != proxmox::VolumeType::kExisting) return std::nullopt;
  bool const moves = storage.has_value() && *storage != volume.storage();
  std::string_view const held = volume.is_block() ? "raw" : volume.format();
  bool const converts = format.has_value() && !held.empty() && *format != held;
  if (!moves && !converts) return std::nullopt;
  return DiskChanges::Move{.request = {.disk = slot,
                                       .storage = storage.value_or(volume.storage()),
                                       .format = converts || moves ? format.value_or("") : ""},
                           .volume = *file};
}

absl::StatusOr<std::optional<std::string>> CompareSize(VmOptions& options, const std::string& slot,
                                                       const schema::Value<std::string>& wanted) {
  if (!wanted.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(std::optional<std::string> const text, options.Get(slot, "size"));
  if (!text.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(std::int64_t const held, proxmox::ParseServerSize(*text));
  ASSIGN_OR_RETURN(std::int64_t const bytes, proxmox::ParseSize(*wanted));
  ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(slot, "file"));
  auto const volume = proxmox::VolumeId::Parse(file.value_or(""));
  if (proxmox::IsRoundedUp(bytes, held, volume.ok() && volume->is_block())) return std::nullopt;
  if (bytes < held) {
    return schema::OnAttribute(
        absl::FailedPreconditionError(Cat(
            {"A disk cannot shrink\n`", slot, "` is ", proxmox::FormatSize(held), " and would become ",
             *wanted,
             ". Proxmox only grows disks, since the guest's data may be anywhere on them. Set `size` to \"",
             proxmox::FormatSize(held),
             "\" or more; for a smaller disk add a new one and copy the data in the guest."})),
        wire::Path().Child("disks").AtKey(slot).Child("size"));
  }
  return proxmox::FormatSize(bytes);
}

void AddWarnings(const proxmox::TaskResult& task, std::vector<std::string>& warnings) {
  warnings.insert(warnings.end(), task.warnings.begin(), task.warnings.end());
}

wire::Path AttributeOf(std::string_view slot, std::string_view member) {
  if (slot == "efidisk0") return wire::Path().Child("efi_disk").Child(member);
  if (slot == "tpmstate0") return wire::Path().Child("tpm_state").Child(member);
  return wire::Path().Child("disks").AtKey(slot).Child(member);
}

absl::Status RefuseWaiting(const proxmox::VmId& vm, const std::vector<proxmox::PendingChange>& pending,
                           const std::string& slot, std::string_view member) {
  if (std::ranges::find(pending, slot, &proxmox::PendingChange::key) == pending.end())
    return absl::OkStatus();
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"The disk has changes that wait for a start\nVM ", std::to_string(vm.vmid),
           " takes up a change of `", slot,
           "` at its next start. Moved or grown before that, the disk would be lost to it or keep its old size. It was "
           "left alone. Restart the VM, or start one that is stopped, and apply again."})),
      AttributeOf(slot, member));
}

// The digest of a configuration in which the slot holds `volume`, or any where that is empty, and does not wait.
// Whoever changes it after that changes the digest.
absl::StatusOr<std::string> LookAgain(proxmox::Api& api, const proxmox::VmId& vm, const std::string& slot,
                                      const std::string& volume, std::string_view member,
                                      VmContext& context) {
  ASSIGN_OR_RETURN(proxmox::VmConfig config, ReadToChange(api, vm, context));
  VmOptions options(config.values);
  ASSIGN_OR_RETURN(std::optional<std::string> const held, options.Get(slot, "file"));
  if (!volume.empty() && held != volume) {
    return absl::AbortedError(
        Cat({"The VM was changed since it was read\n`", slot, "` held ", volume, " and holds ",
             held.value_or("nothing"), " now, so it was left alone. Plan again to see what is to be done."}));
  }
  ASSIGN_OR_RETURN(auto const pending, api.ReadPending(vm, context.limits()));
  RETURN_IF_ERROR(RefuseWaiting(vm, pending, slot, member));
  return std::move(config.digest);
}

}  // namespace

absl::StatusOr<DiskChanges> CompareDisks(const ProxmoxVm& plan, VmOptions& options) {
  DiskChanges changes;
  auto add_move = [&](const std::string& slot, const schema::Value<std::string>& storage,
                      const schema::Value<std::string>& format) -> absl::Status {
    ASSIGN_OR_RETURN(auto move, CompareVolume(options, slot, storage, format));
    if (move.has_value()) changes.moves.push_back(*std::move(move));
    return absl::OkStatus();
  };
  if (plan.disks.has_value()) {
    for (const auto& [slot, disk] : *plan.disks) {
      if (!disk.has_value() || !options.Has(slot)) continue;
      RETURN_IF_ERROR(add_move(slot, disk->storage, disk->format));
      ASSIGN_OR_RETURN(auto size, CompareSize(options, slot, disk->size));
      if (!size.has_value()) continue;
      ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(slot, "file"));
      changes.growth.push_back({.slot = slot, .size = *std::move(size), .volume = file.value_or("")});
    }
  }
  if (plan.efi_disk.has_value())
    RETURN_IF_ERROR(add_move("efidisk0", plan.efi_disk->storage, plan.efi_disk->format));
  if (plan.tpm_state.has_value()) RETURN_IF_ERROR(add_move("tpmstate0", plan.tpm_state->storage, {}));
  return changes;
}

bool BringsDisk(const ProxmoxVm& prior, const std::string& slot, const schema::Value<VmDisk>& disk) {
  bool const is_new = !prior.disks.has_value() || !prior.disks->contains(slot);
  return is_new && disk.has_value() &&
         (disk->import_from.has_value() || (disk->volume.has_value() && disk->size.has_value()));
}

bool BringsDisks(const ProxmoxVm& prior, const ProxmoxVm& plan) {
  return plan.disks.has_value() && std::ranges::any_of(*plan.disks, [&prior](const auto& entry) {
           return BringsDisk(prior, entry.first, entry.second);
         });
}

absl::Status RefuseWaitingDrives(proxmox::Api& api, const proxmox::VmId& vm, const DiskChanges& changes,
                                 const CallLimits& limits) {
  if (changes.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto const pending, api.ReadPending(vm, limits));
  for (const DiskChanges::Move& move : changes.moves) {
    RETURN_IF_ERROR(RefuseWaiting(vm, pending, move.request.disk, "storage"));
  }
  for (const DiskChanges::Growth& growth : changes.growth) {
    RETURN_IF_ERROR(RefuseWaiting(vm, pending, growth.slot, "size"));
  }
  return absl::OkStatus();
}

absl::Status ChangeDisks(proxmox::Api& api, const proxmox::VmId& vm, const DiskChanges& changes,
                         Others others, std::vector<std::string>& warnings, VmContext& context) {
  CallLimits const limits = context.limits();
  std::set<std::string, std::less<>> moved;
  for (const DiskChanges::Move& move : changes.moves) {
    proxmox::MoveDiskRequest request = move.request;
    if (others == Others::kPossible) {
      ASSIGN_OR_RETURN(request.digest, LookAgain(api, vm, request.disk, move.volume, "storage", context));
    }
    ASSIGN_OR_RETURN(proxmox::TaskResult const task, api.MoveDisk(vm, request, limits));
    AddWarnings(task, warnings);
    moved.insert(request.disk);
  }
  for (const DiskChanges::Growth& growth : changes.growth) {
    std::string digest;
    if (others == Others::kPossible) {
      // What was moved just now is another volume.
      std::string const expected = moved.contains(growth.slot) ? "" : growth.volume;
      ASSIGN_OR_RETURN(digest, LookAgain(api, vm, growth.slot, expected, "size", context));
    }
    ASSIGN_OR_RETURN(proxmox::TaskResult const task,
                     api.ResizeDisk(vm, growth.slot, growth.size, digest, limits));
    AddWarnings(task, warnings);
  }
  return absl::OkStatus();
}

}  // namespace fediversity::resources
