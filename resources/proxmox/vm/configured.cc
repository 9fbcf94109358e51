#include "resources/proxmox/vm/configured.h"

#include <set>
#include <string>
#include <string_view>

#include "absl/strings/str_split.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/unset.h"

namespace fediversity::resources {
namespace {

constexpr std::string_view kPrefix = "configured.";
// Slots that were named stay so while their map is left out.
constexpr std::string_view kNamedPrefix = "named.";

// Calls visit(name, the member of each of `vms`...) for each map of slots.
template <typename Visit, typename... Vm>
void ForEachMap(Visit visit, Vm&... vms) {
  visit("numa_nodes", vms.numa_nodes...);
  visit("disks", vms.disks...);
  visit("cdroms", vms.cdroms...);
  visit("networks", vms.networks...);
  visit("serial_devices", vms.serial_devices...);
  visit("pci_devices", vms.pci_devices...);
  visit("usb_devices", vms.usb_devices...);
  visit("virtiofs", vms.virtiofs...);
}

using SlotNames = std::set<std::string, std::less<>>;

std::string MarkOf(std::string_view map) { return Cat({kPrefix, map}); }

SlotNames NamedSlots(const schema::PrivateState& private_state, std::string_view map) {
  auto const mark = private_state.find(Cat({kNamedPrefix, map}));
  if (mark == private_state.end()) return {};
  return absl::StrSplit(mark->second, ',', absl::SkipEmpty());
}

// `map` may be unknown in part: its slots are named all the same.
template <typename Map>
void Remember(std::string_view name, const schema::Value<Map>& map, SlotNames slots,
              schema::PrivateState& private_state) {
  if (map.has_value()) {
    for (const auto& [slot, element] : *map) slots.insert(slot);
  }
  private_state[MarkOf(name)] = "";
  private_state[Cat({kNamedPrefix, name})] = Join(slots, ",");
}

}  // namespace

void RememberConfigured(const ProxmoxVm& config, schema::PrivateState& private_state) {
  auto const remember = [&private_state](std::string_view name, const auto& map) {
    if (map.is_null()) {
      private_state.erase(MarkOf(name));
    } else {
      Remember(name, map, {}, private_state);
    }
  };
  ForEachMap(remember, config);
}

void AddConfigured(const ProxmoxVm& config, schema::PrivateState& private_state) {
  auto const add = [&private_state](std::string_view name, const auto& map) {
    if (!map.is_null()) Remember(name, map, NamedSlots(private_state, name), private_state);
  };
  ForEachMap(add, config);
}

void ForgetUnconfigured(const schema::PrivateState& private_state, ProxmoxVm& vm) {
  auto const forget = [&private_state](std::string_view name, auto& map) {
    if (!private_state.contains(MarkOf(name))) map = {};
  };
  ForEachMap(forget, vm);
}

ProxmoxVm WithoutUnnamed(ProxmoxVm prior, const ProxmoxVm& plan, const schema::PrivateState& private_state,
                         std::vector<LeftSlot>* left) {
  auto const drop = [&](std::string_view name, auto& before, const auto& planned) {
    if (!before.has_value() || planned.is_unknown()) return;
    SlotNames const named = NamedSlots(private_state, name);
    std::erase_if(*before, [&](const auto& entry) {
      const std::string& slot = entry.first;
      bool const leaves = !planned.has_value() || !planned->contains(slot);
      if (!leaves || named.contains(slot) || IsUnset(plan, slot)) return false;
      if (left != nullptr) left->push_back({.map = std::string(name), .slot = slot});
      return true;
    });
  };
  ForEachMap(drop, prior, plan);
  return prior;
}

void ForgetUnplannedSlots(const ProxmoxVm& plan, ProxmoxVm& vm) {
  auto const forget = [](std::string_view, const auto& planned, auto& map) {
    if (!planned.has_value()) map = {};
  };
  ForEachMap(forget, plan, vm);
}

void KeepSlots(const ProxmoxVm& prior, ProxmoxVm& vm) {
  auto const keep = [](std::string_view, const auto& before, auto& map) {
    if (!before.has_value()) return;
    if (map.has_value()) {
      map->insert(before->begin(), before->end());
    } else {
      map = before;
    }
  };
  ForEachMap(keep, prior, vm);
}

}  // namespace fediversity::resources
