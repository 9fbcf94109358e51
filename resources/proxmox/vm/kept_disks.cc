#include "resources/proxmox/vm/kept_disks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/text/guest_identity.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/drive_slots.h"
#include "resources/proxmox/vm/snapshot_volumes.h"
#include "resources/proxmox/vm/vm_options.h"
#include "resources/proxmox/vm/vm_steps.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;
using proxmox::LocatedVm;
using proxmox::VmId;

constexpr std::string_view kKeptVolumes = "kept_volumes";

// The volumes of a VM, by slot.
using Volumes = std::map<std::string, std::string>;

absl::StatusOr<Volumes> VolumesOf(const proxmox::VmConfig& config) {
  VmOptions options(config.values);
  return VolumesBySlot(options);
}

// A VM may hold what its configuration no longer names, until it stops or, where nobody has put into effect what was
// pending then, until its next start.
absl::StatusOr<Volumes> VolumesInEffect(Api& api, const VmId& vm, const CallLimits& limits) {
  ASSIGN_OR_RETURN(proxmox::VmConfig const config, api.ReadCurrentConfig(vm, limits));
  return VolumesOf(config);
}

std::optional<std::string> KeyOf(const Volumes& volumes, std::string_view volume) {
  for (const auto& [key, file] : volumes) {
    if (file == volume) return key;
  }
  return std::nullopt;
}

std::set<std::string> RememberedDisks(const schema::PrivateState& private_state) {
  auto const found = private_state.find(kKeptVolumes);
  if (found == private_state.end()) return {};
  return absl::StrSplit(found->second, '\n', absl::SkipEmpty());
}

// What a VM has.
struct VmDisks {
  // The slot of a volume, as far as one can tell before a VM that runs has stopped.
  std::optional<std::string> Find(std::string_view volume) const {
    auto key = KeyOf(in_effect, volume);
    return key.has_value() || !running ? key : KeyOf(planned, volume);
  }
  // Whether nothing is pending for the slot.
  bool IsSettled(const std::string& slot) const {
    auto const now = in_effect.find(slot);
    auto const then = planned.find(slot);
    return now != in_effect.end() && then != planned.end() && now->second == then->second;
  }

  Volumes in_effect;
  Volumes planned;
  bool running = false;
};

absl::StatusOr<VmDisks> DisksOf(Api& api, const LocatedVm& located, bool running, const CallLimits& limits) {
  VmDisks disks{.in_effect = {}, .planned = {}, .running = running};
  ASSIGN_OR_RETURN(disks.planned, VolumesOf(located.config));
  ASSIGN_OR_RETURN(disks.in_effect, VolumesInEffect(api, located.vm, limits));
  return disks;
}

absl::Status Missing(const LocatedVm& located, const std::string& volume, const wire::Path& path) {
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"The disk to keep is not there\n", volume, " is to outlive VM ", std::to_string(located.vm.vmid),
           ", which has it nowhere now on node ", located.vm.node,
           ". Nothing was deleted. `tofu apply -refresh-only` brings state up to date; destroy the VM after that."})),
      path);
}

// The keys that hold what is to be kept of what the VM's configuration shows.
absl::StatusOr<std::set<std::string>> KeysInSlots(const LocatedVm& located, const VmDisks& disks,
                                                  const ProxmoxVm& state) {
  std::set<std::string> keys;
  if (!state.disks.has_value()) return keys;
  for (const auto& [slot, disk] : *state.disks) {
    if (!disk.has_value() || !disk->keep_on_destroy.value_or(false)) continue;
    // What belongs to another VM does not go with this one.
    if (OtherOwner(disk->volume.value_or(""), located.vm.vmid).has_value()) continue;
    auto key = disks.Find(disk->volume.value_or(""));
    // A volume that was moved to another storage has another name, and still its slot.
    if (!key.has_value() && disks.IsSettled(slot)) key = slot;
    if (!key.has_value()) {
      return Missing(located, disk->volume.value_or("A disk"),
                     wire::Path().Child("disks").AtKey(slot).Child("keep_on_destroy"));
    }
    keys.insert(*std::move(key));
  }
  return keys;
}

bool WantsToKeep(const ProxmoxVm& state, const schema::PrivateState& private_state) {
  if (!RememberedDisks(private_state).empty()) return true;
  return state.disks.has_value() && std::ranges::any_of(*state.disks, [](const auto& entry) {
           return entry.second.has_value() && entry.second->keep_on_destroy.value_or(false);
         });
}

bool IsInState(const std::string& volume, const ProxmoxVm& state) {
  return state.disks.has_value() && std::ranges::any_of(*state.disks, [&](const auto& entry) {
           return entry.second.has_value() && entry.second->volume == schema::Value<std::string>(volume);
         });
}

// All keys that hold what is to be kept, also of what was detached.
absl::StatusOr<std::set<std::string>> KeysToKeep(const LocatedVm& located, const VmDisks& disks,
                                                 const ProxmoxVm& state, VmContext& context) {
  ASSIGN_OR_RETURN(std::set<std::string> keys, KeysInSlots(located, disks, state));
  for (const std::string& volume : RememberedDisks(context.private_state())) {
    if (IsInState(volume, state) || OtherOwner(volume, located.vm.vmid).has_value()) continue;
    auto key = disks.Find(volume);
    if (!key.has_value()) return Missing(located, volume, wire::Path().Child("disks"));
    keys.insert(*std::move(key));
  }
  return keys;
}

// What Proxmox would refuse only once the VM is stopped and its keeper made.
absl::Status RefuseWhatCannotMove(Api& api, const LocatedVm& located, const VmDisks& disks,
                                  const std::set<std::string>& keys, VmContext& context) {
  auto const at = wire::Path().Child("disks");
  std::string const vmid = std::to_string(located.vm.vmid);
  if (located.config.Holds("template", "1")) {
    return schema::OnAttribute(
        absl::FailedPreconditionError(Cat(
            {"Disks of a template cannot be kept\nVM ", vmid, " on node ", located.vm.node,
             " is a template, and Proxmox hands none of its disks to another VM. Nothing was changed. Set "
             "`keep_on_destroy = false` on its disks, apply, and destroy it then."})),
        at);
  }
  ASSIGN_OR_RETURN(auto const snapshots, SnapshotsByVolume(api, located.vm, context.limits()));
  for (const std::string& key : keys) {
    const std::string& volume = (disks.in_effect.contains(key) ? disks.in_effect : disks.planned).at(key);
    auto const found = snapshots.find(volume);
    if (found == snapshots.end()) continue;
    return schema::OnAttribute(
        absl::FailedPreconditionError(Cat(
            {"A disk to keep is in a snapshot\n", volume, " is to outlive VM ", vmid,
             ", and Proxmox hands no disk to another VM that a snapshot names. \"", found->second,
             "\" does. Nothing was changed. Delete the snapshot, or set `keep_on_destroy = false` and apply, "
             "and destroy the VM then."})),
        at);
  }
  return absl::OkStatus();
}

// The empty VM that takes over the disks.
class Keeper {
 public:
  Keeper(Api& api, const LocatedVm& located, VmContext& context)
      : api_(api),
        located_(located),
        context_(context) {
    const std::string* const name = located.config.Find("name");
    std::string const vmid = std::to_string(located.vm.vmid);
    std::string const its_name = name == nullptr ? Cat({"vm-", vmid}) : *name;
    name_ = Cat({its_name, "-kept"});
    auto const identity = proxmox::GuestIdentity::FromConfig(located.config.values);
    description_ =
        Cat({"Disks of VM ", vmid, " (", its_name, "), which was destroyed with keep_on_destroy. It had ",
             identity.ok() ? identity->ToText() : "no identity", "."});
  }

  const std::string& name() const { return name_; }

  absl::StatusOr<VmId> Get() {
    ASSIGN_OR_RETURN(auto const listing, api_.ListResources(context_.limits()));
    for (const proxmox::VmSummary& vm : listing->vms) {
      // One that was just made has no name in the listing yet.
      bool const may_be = vm.node == located_.vm.node && (vm.name == name_ || vm.name.empty());
      if (!may_be) continue;
      auto const found = api_.FetchVm(vm.vmid, vm.node, context_.limits());
      if (found.ok() && found->config.Holds("description", description_)) return found->vm;
    }
    proxmox::Parameters parameters = {{"name", name_}, {"description", description_}};
    // Whose rights are those on the pool has them there only.
    const proxmox::VmSummary* const listed = listing->Find(located_.vm.vmid);
    if (listed != nullptr && !listed->pool.empty()) parameters.emplace_back("pool", listed->pool);
    ASSIGN_OR_RETURN(proxmox::NewVm const made,
                     api_.CreateVm({.vmid = 0, .node = located_.vm.node}, parameters, {}, context_.limits()));
    ShowWarnings(made.vm, made.task.warnings, context_);
    return made.vm;
  }

 private:
  Api& api_;
  const LocatedVm& located_;
  VmContext& context_;
  std::string name_;
  std::string description_;
};

absl::Status HandOver(Api& api, const LocatedVm& located, const std::set<std::string>& keys,
                      const VmId& keeper, bool& incomplete, VmContext& context) {
  for (const std::string& key : keys) {
    auto const task = api.MoveDisk(located.vm, {.disk = key, .target_vmid = keeper.vmid, .target_disk = key},
                                   context.limits());
    incomplete = incomplete || !proxmox::IsDefinite(task.status());
    if (!task.ok()) {
      return {task.status().code(), Cat({ToStd(task.status().message()), "\n\nThe VM was not deleted. VM ",
                                         std::to_string(keeper.vmid),
                                         " was made to take its disks over; destroying "
                                         "again carries on with it."})};
    }
    ShowWarnings(located.vm, task->warnings, context);
  }
  // Deleting would take with it what has not really left.
  ASSIGN_OR_RETURN(Volumes const left, VolumesInEffect(api, located.vm, context.limits()));
  for (const std::string& key : keys) {
    if (!left.contains(key)) continue;
    return absl::FailedPreconditionError(
        Cat({"The disk to keep is still there\nProxmox says that `", key, "` was handed over to VM ",
             std::to_string(keeper.vmid), ", and VM ", std::to_string(located.vm.vmid), " on node ",
             located.vm.node, " has it all the same. The VM was not deleted."}));
  }
  return absl::OkStatus();
}

void TellOfDetachedDisks(const LocatedVm& located, const Volumes& volumes, const std::set<std::string>& keys,
                         VmContext& context) {
  std::vector<std::string> lost;
  for (const auto& [key, volume] : volumes) {
    if (IsUnusedSlot(key) && !keys.contains(key)) lost.push_back(volume);
  }
  if (lost.empty()) return;
  context.diagnostics().AddWarning(
      "Detached disks go with the VM",
      Cat({"VM ", std::to_string(located.vm.vmid), " had ", Join(lost, ", "),
           " as unused disks, and Proxmox deletes what belongs to a VM with it. `keep_on_destroy` on a disk keeps it, "
           "also after it was detached."}));
}

}  // namespace

absl::Status RememberKeptDisks(Api& api, const ProxmoxVm& vm, const LocatedVm& located, VmContext& context) {
  schema::PrivateState& private_state = context.private_state();
  ASSIGN_OR_RETURN(Volumes const planned, VolumesOf(located.config));
  std::optional<Volumes> in_effect;
  std::set<std::string> kept;
  for (const std::string& volume : RememberedDisks(private_state)) {
    bool held = KeyOf(planned, volume).has_value();
    if (!held && !in_effect.has_value()) {
      ASSIGN_OR_RETURN(in_effect, VolumesInEffect(api, located.vm, context.limits()));
    }
    held = held || KeyOf(*in_effect, volume).has_value();
    if (held) kept.insert(volume);
  }
  if (vm.disks.has_value()) {
    for (const auto& [slot, disk] : *vm.disks) {
      if (!disk.has_value() || !disk->volume.has_value()) continue;
      if (disk->keep_on_destroy.value_or(false)) {
        kept.insert(*disk->volume);
      } else {
        kept.erase(*disk->volume);
      }
    }
  }
  if (kept.empty()) {
    private_state.erase(std::string(kKeptVolumes));
  } else {
    private_state[std::string(kKeptVolumes)] = Join(kept, "\n");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<VmId>> PrepareKeeper(Api& api, const LocatedVm& located, bool running,
                                                  const ProxmoxVm& state, VmContext& context) {
  if (!WantsToKeep(state, context.private_state())) return std::nullopt;
  ASSIGN_OR_RETURN(VmDisks const disks, DisksOf(api, located, running, context.limits()));
  ASSIGN_OR_RETURN(std::set<std::string> const keys, KeysToKeep(located, disks, state, context));
  if (keys.empty()) return std::nullopt;
  RETURN_IF_ERROR(RefuseWhatCannotMove(api, located, disks, keys, context));
  ASSIGN_OR_RETURN(VmId const keeper, Keeper(api, located, context).Get());
  return keeper;
}

absl::Status KeepDisks(Api& api, const LocatedVm& located, const ProxmoxVm& state,
                       const std::optional<VmId>& keeper, bool& incomplete, VmContext& context) {
  if (!keeper.has_value()) {
    ASSIGN_OR_RETURN(Volumes const planned, VolumesOf(located.config));
    TellOfDetachedDisks(located, planned, {}, context);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(VmDisks const disks, DisksOf(api, located, /*running=*/false, context.limits()));
  ASSIGN_OR_RETURN(std::set<std::string> const keys, KeysToKeep(located, disks, state, context));
  TellOfDetachedDisks(located, disks.planned, keys, context);
  if (keys.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(HandOver(api, located, keys, *keeper, incomplete, context));
  context.diagnostics().AddWarning(
      "Disks were kept",
      Cat({Join(keys, ", "), " of VM ", std::to_string(located.vm.vmid), " belong to VM ",
           std::to_string(keeper->vmid), " \"", Keeper(api, located, context).name(), "\" on node ",
           keeper->node,
           " now. It is managed by nothing: import it, or delete it by hand. A volume belongs to one VM, so to give "
           "another VM such a disk, move it there on that node: `qm disk move ",
           std::to_string(keeper->vmid), " ", *keys.begin(),
           " --target-vmid <vmid> --target-disk <slot>`."}));
  return absl::OkStatus();
}

}  // namespace fediversity::resources
