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
#include "provider/backends/proxmox/text/guest_identity.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/drive_slots.h"
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

absl::Status Missing(const LocatedVm& located, const std::string& volume, const wire::Path& path) {
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"The disk to keep is not there\n", volume, " is to outlive VM ", std::to_string(located.vm.vmid),
           ", which has it nowhere now on node ", located.vm.node,
           ". Nothing was deleted. `tofu apply -refresh-only` brings state up to date; destroy the VM after that."})),
      path);
}

// The keys that hold what is to be kept of what the VM's configuration shows.
absl::StatusOr<std::set<std::string>> KeysInSlots(const LocatedVm& located, const Volumes& volumes,
                                                  const ProxmoxVm& state) {
  std::set<std::string> keys;
  if (!state.disks.has_value()) return keys;
  for (const auto& [slot, disk] : *state.disks) {
    if (!disk.has_value() || !disk->keep_on_destroy.value_or(false)) continue;
    auto key = KeyOf(volumes, disk->volume.value_or(""));
    // A volume that was moved to another storage has another name, and still its slot.
    if (!key.has_value() && volumes.contains(slot)) key = slot;
    if (!key.has_value()) {
      return Missing(located, disk->volume.value_or("A disk"),
                     wire::Path().Child("disks").AtKey(slot).Child("keep_on_destroy"));
    }
    keys.insert(*std::move(key));
  }
  return keys;
}

bool IsInState(const std::string& volume, const ProxmoxVm& state) {
  return state.disks.has_value() && std::ranges::any_of(*state.disks, [&](const auto& entry) {
           return entry.second.has_value() && entry.second->volume == schema::Value<std::string>(volume);
         });
}

// All keys that hold what is to be kept, also of what was detached. Volumes that the VM has nowhere are `missing`.
absl::StatusOr<std::set<std::string>> KeysToKeep(const LocatedVm& located, const Volumes& volumes,
                                                 const ProxmoxVm& state, VmContext& context,
                                                 std::vector<std::string>& missing) {
  ASSIGN_OR_RETURN(std::set<std::string> keys, KeysInSlots(located, volumes, state));
  for (const std::string& volume : RememberedDisks(context.private_state())) {
    if (IsInState(volume, state)) continue;
    auto key = KeyOf(volumes, volume);
    if (key.has_value()) {
      keys.insert(*std::move(key));
    } else {
      missing.push_back(volume);
    }
  }
  return keys;
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
      const std::string* const description = found.ok() ? found->config.Find("description") : nullptr;
      if (description != nullptr && *description == description_) return found->vm;
    }
    ASSIGN_OR_RETURN(proxmox::NewVm const made,
                     api_.CreateVm({.vmid = 0, .node = located_.vm.node},
                                   {{"name", name_}, {"description", description_}}, {}, context_.limits()));
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
                      const VmId& keeper, VmContext& context) {
  for (const std::string& key : keys) {
    auto const task = api.MoveDisk(located.vm, {.disk = key, .target_vmid = keeper.vmid, .target_disk = key},
                                   context.limits());
    if (!task.ok()) {
      return {task.status().code(), Cat({ToStd(task.status().message()), "\n\nThe VM was not deleted. VM ",
                                         std::to_string(keeper.vmid),
                                         " was made to take its disks over; destroying "
                                         "again carries on with it."})};
    }
    ShowWarnings(located.vm, task->warnings, context);
  }
  // Deleting would take with it what has not really left.
  ASSIGN_OR_RETURN(proxmox::VmConfig const config, api.ReadConfig(located.vm, context.limits()));
  ASSIGN_OR_RETURN(Volumes const left, VolumesOf(config));
  for (const std::string& key : keys) {
    if (!left.contains(key)) continue;
    return absl::FailedPreconditionError(
        Cat({"The disk to keep is still there\nProxmox says that `", key, "` was handed over to VM ",
             std::to_string(keeper.vmid), ", and VM ", std::to_string(located.vm.vmid), " on node ",
             located.vm.node, " has it all the same. The VM was not deleted."}));
  }
  return absl::OkStatus();
}

// A destruction that was cut short may have handed them over already, where they are called otherwise; HA may have
// started the VM since, so that nobody could tell whether it still holds them.
absl::Status ExpectHandedOver(Api& api, const LocatedVm& located, const VmId& keeper,
                              const std::vector<std::string>& missing, const CallLimits& limits) {
  if (missing.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(proxmox::VmConfig const config, api.ReadConfig(keeper, limits));
  ASSIGN_OR_RETURN(Volumes const handed_over, VolumesOf(config));
  if (handed_over.size() >= missing.size()) return absl::OkStatus();
  return Missing(located, missing.front(), wire::Path().Child("disks"));
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

absl::Status RememberKeptDisks(const ProxmoxVm& vm, const proxmox::VmConfig& held,
                               schema::PrivateState& private_state) {
  ASSIGN_OR_RETURN(Volumes const volumes, VolumesOf(held));
  std::set<std::string> kept;
  for (const std::string& volume : RememberedDisks(private_state)) {
    // A VM that runs may hold a disk until it stops, though its configuration names it no longer.
    if (KeyOf(volumes, volume).has_value() || vm.started.value_or(false)) kept.insert(volume);
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

absl::StatusOr<std::optional<VmId>> PrepareKeeper(Api& api, const LocatedVm& located, const ProxmoxVm& state,
                                                  VmContext& context) {
  ASSIGN_OR_RETURN(Volumes const volumes, VolumesOf(located.config));
  ASSIGN_OR_RETURN(std::set<std::string> const keys, KeysInSlots(located, volumes, state));
  if (keys.empty() && RememberedDisks(context.private_state()).empty()) return std::nullopt;
  ASSIGN_OR_RETURN(VmId const keeper, Keeper(api, located, context).Get());
  return keeper;
}

absl::Status KeepDisks(Api& api, const LocatedVm& located, const ProxmoxVm& state,
                       const std::optional<VmId>& keeper, VmContext& context) {
  ASSIGN_OR_RETURN(Volumes const volumes, VolumesOf(located.config));
  std::vector<std::string> missing;
  ASSIGN_OR_RETURN(std::set<std::string> keys, KeysToKeep(located, volumes, state, context, missing));
  TellOfDetachedDisks(located, volumes, keys, context);
  if (!keeper.has_value() || (keys.empty() && missing.empty())) return absl::OkStatus();
  RETURN_IF_ERROR(ExpectHandedOver(api, located, *keeper, missing, context.limits()));
  RETURN_IF_ERROR(HandOver(api, located, keys, *keeper, context));
  keys.insert(missing.begin(), missing.end());
  context.diagnostics().AddWarning(
      "Disks were kept",
      Cat({Join(keys, ", "), " of VM ", std::to_string(located.vm.vmid), " belong to VM ",
           std::to_string(keeper->vmid), " \"", Keeper(api, located, context).name(), "\" on node ",
           keeper->node, " now. It is managed by nothing: import it, or delete it by hand."}));
  return absl::OkStatus();
}

}  // namespace fediversity::resources
