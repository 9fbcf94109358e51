#include "resources/proxmox/vm/doomed_volumes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/backends/proxmox/cause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/drive_slots.h"
#include "resources/proxmox/vm/snapshot_volumes.h"

namespace fediversity::resources {
namespace {

// "doomed.local:100/vm-100-disk-1.raw" = "unused scsi1"
constexpr std::string_view kDoomedPrefix = "doomed.";
constexpr std::string_view kUnusedMark = "unused";
constexpr std::string_view kHeldMark = "held";
constexpr std::string_view kSnapshotMark = "snapshot";

struct Doomed {
  bool unused = false;       // it was an unused disk when the VM was read
  bool in_snapshot = false;  // and cannot be deleted, for a snapshot names it
  std::string slot;  // not to be deleted while the configuration names this; empty where that is decided
};

std::map<std::string, Doomed> AllDoomed(const schema::PrivateState& private_state) {
  std::map<std::string, Doomed> all;
  for (auto entry = private_state.lower_bound(kDoomedPrefix);
       entry != private_state.end() && entry->first.starts_with(kDoomedPrefix); ++entry) {
    std::string_view const text = entry->second;
    std::size_t const space = std::min(text.find(' '), text.size());
    std::string_view const mark = text.substr(0, space);
    all[entry->first.substr(kDoomedPrefix.size())] = {
        .unused = mark == kUnusedMark || mark == kSnapshotMark,
        .in_snapshot = mark == kSnapshotMark,
        .slot = std::string(text.substr(std::min(space + 1, text.size())))};
  }
  return all;
}

void PutDoomed(const std::string& volume, const Doomed& doomed, schema::PrivateState& private_state) {
  std::string_view const mark = doomed.in_snapshot ? kSnapshotMark : doomed.unused ? kUnusedMark : kHeldMark;
  private_state[Cat({kDoomedPrefix, volume})] = Cat({mark, doomed.slot.empty() ? "" : " ", doomed.slot});
}

void ForgetDoomed(const std::string& volume, schema::PrivateState& private_state) {
  private_state.erase(Cat({kDoomedPrefix, volume}));
}

// Where each volume of the VM is: "scsi0", "unused1".
absl::StatusOr<std::map<std::string, std::string>> SlotsByVolume(VmOptions& options) {
  ASSIGN_OR_RETURN(auto const volumes, VolumesBySlot(options));
  std::map<std::string, std::string> slots;
  for (const auto& [slot, volume] : volumes) slots[volume] = slot;
  return slots;
}

struct HeldVolumes {
  std::map<std::string, std::string> slots;  // by volume
  std::string digest;
};

absl::StatusOr<HeldVolumes> ReadVolumes(proxmox::Api& api, const proxmox::VmId& vm, VmContext& context) {
  ASSIGN_OR_RETURN(proxmox::VmConfig const config, ReadToChange(api, vm, context));
  VmOptions options(config.values);
  ASSIGN_OR_RETURN(auto slots, SlotsByVolume(options));
  return HeldVolumes{.slots = std::move(slots), .digest = config.digest};
}

absl::Status DeleteUnused(proxmox::Api& api, const proxmox::VmId& vm, const HeldVolumes& held,
                          const std::set<std::string>& volumes, const CallLimits& limits) {
  std::vector<std::string> slots;
  for (const std::string& volume : volumes) {
    auto const found = held.slots.find(volume);
    if (found != held.slots.end()) slots.push_back(found->second);
  }
  // The digest sees to it that the number still stands for the volume.
  return api.UpdateConfig(vm, {}, slots, held.digest, limits);
}

bool IsDecided(const Doomed& doomed, const ProxmoxVm& plan) {
  if (doomed.slot.empty()) return true;
  return !plan.disks.is_unknown() && !(plan.disks.has_value() && plan.disks->contains(doomed.slot));
}

// Whether the VM may hold disks that its configuration no longer names.
absl::StatusOr<bool> MayHold(proxmox::Api& api, const proxmox::VmId& vm, bool running,
                             const VmContext& context) {
  if (running) return true;
  ASSIGN_OR_RETURN(auto const pending, api.ReadPending(vm, context.limits()));
  return !pending.empty();
}

}  // namespace

void DoomVolume(const std::string& volume, schema::PrivateState& private_state) {
  PutDoomed(volume, {}, private_state);
}

absl::Status FollowDoomed(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& state,
                          VmOptions& options, bool running, VmContext& context) {
  ASSIGN_OR_RETURN(auto const slots, SlotsByVolume(options));
  auto all = AllDoomed(context.private_state());
  if (state.disks.has_value()) {
    for (const auto& [slot, disk] : *state.disks) {
      bool const left = disk.has_value() && disk->volume.has_value() &&
                        disk->on_remove == schema::Value<std::string>("delete") && !options.Has(slot) &&
                        !OtherOwner(*disk->volume, vm.vmid).has_value();
      if (left) all.try_emplace(*disk->volume, Doomed{.unused = false, .slot = slot});
    }
  }
  std::optional<bool> waits;
  std::optional<std::map<std::string, std::string>> snapshots;
  for (auto& [volume, doomed] : all) {
    auto const found = slots.find(volume);
    bool const attached = found != slots.end() && !IsUnusedSlot(found->second);
    bool const replaced = !doomed.slot.empty() && options.Has(doomed.slot);
    bool gone = found == slots.end() && doomed.unused;  // somebody took it away
    if (found == slots.end() && !gone && !replaced) {
      if (!waits.has_value()) {
        ASSIGN_OR_RETURN(waits, MayHold(api, vm, running, context));
      }
      gone = !*waits;
    }
    if (attached || gone || replaced) {
      ForgetDoomed(volume, context.private_state());
    } else {
      doomed.unused = found != slots.end();
      if (doomed.in_snapshot && !snapshots.has_value()) {
        ASSIGN_OR_RETURN(snapshots, SnapshotsByVolume(api, vm, context.limits()));
      }
      doomed.in_snapshot = doomed.in_snapshot && doomed.unused && snapshots->contains(volume);
      PutDoomed(volume, doomed, context.private_state());
    }
  }
  return absl::OkStatus();
}

void PlanDoomed(ProxmoxVm& planned, VmContext& context) {
  for (const auto& [volume, doomed] : AllDoomed(context.private_state())) {
    if (!doomed.unused || doomed.in_snapshot || !IsDecided(doomed, planned)) continue;
    // Nothing else may have changed, and without a change there is no apply.
    planned.reboot_required = schema::Value<bool>::Unknown();
    context.diagnostics().AddWarning(
        "A removed disk will be deleted",
        Cat({volume,
             " left the VM and was to be deleted, as its `on_remove = \"delete\"` said, but the VM held it until its next "
             "start. It is an unused disk now, and will be deleted with all data on it. To keep it, attach it again by "
             "its `volume`."}),
        wire::Path().Child("disks"));
  }
}

absl::Status DeleteDoomed(proxmox::Api& api, const proxmox::VmId& vm, const ProxmoxVm& plan,
                          VmContext& context) {
  auto all = AllDoomed(context.private_state());
  std::erase_if(all, [&plan](const auto& entry) {
    const Doomed& doomed = entry.second;
    // Of what somebody else has detached, the plan has announced only what was an unused disk by then.
    bool const unannounced = !doomed.slot.empty() && !doomed.unused;
    return unannounced || !IsDecided(doomed, plan);
  });
  if (all.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(HeldVolumes held, ReadVolumes(api, vm, context));
  std::vector<std::string> waiting;
  std::set<std::string> unused;
  for (const auto& [volume, doomed] : all) {
    auto const found = held.slots.find(volume);
    if (found == held.slots.end()) {
      waiting.push_back(volume);
      DoomVolume(volume, context.private_state());
    } else if (IsUnusedSlot(found->second)) {
      unused.insert(volume);
    }
  }
  absl::Status deleted = DeleteUnused(api, vm, held, unused, context.limits());
  std::map<std::string, std::string> in_snapshots;
  if (proxmox::CauseOf(deleted) == proxmox::Cause::kVolumeInUse) {
    ASSIGN_OR_RETURN(in_snapshots, SnapshotsByVolume(api, vm, context.limits()));
    std::erase_if(in_snapshots, [&unused](const auto& entry) { return !unused.contains(entry.first); });
    if (!in_snapshots.empty()) {
      for (const auto& [volume, snapshot] : in_snapshots) unused.erase(volume);
      // What stands before the refused one is gone, and the digest is another.
      ASSIGN_OR_RETURN(held, ReadVolumes(api, vm, context));
      deleted = DeleteUnused(api, vm, held, unused, context.limits());
    }
  }
  RETURN_IF_ERROR(deleted);
  for (const auto& [volume, doomed] : all) {
    if (in_snapshots.contains(volume)) {
      PutDoomed(volume, {.unused = true, .in_snapshot = true, .slot = ""}, context.private_state());
    } else if (std::ranges::find(waiting, volume) == waiting.end()) {
      ForgetDoomed(volume, context.private_state());
    }
  }
  auto const warn = [&context](const std::string& text) {
    context.diagnostics().AddWarning("A removed disk is not deleted yet", text, wire::Path().Child("disks"));
  };
  std::string const name = Cat({"VM ", std::to_string(vm.vmid)});
  if (!waiting.empty()) {
    warn(Cat({name, " gives up ", Join(waiting, ", "),
              " only at its next start. The first apply after that deletes it."}));
  }
  for (const auto& [volume, snapshot] : in_snapshots) {
    warn(Cat({"Snapshot \"", snapshot, "\" of ", name, " names ", volume,
              ". The first apply after the snapshot is gone deletes it."}));
  }
  return absl::OkStatus();
}

}  // namespace fediversity::resources
