#include "resources/proxmox/vm/configured.h"

#include <string>
#include <string_view>

#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

constexpr std::string_view kPrefix = "configured.";

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

}  // namespace

void RememberConfigured(const ProxmoxVm& config, schema::PrivateState& private_state) {
  auto const remember = [&private_state](std::string_view name, const auto& map) {
    std::string const key = Cat({kPrefix, name});
    if (map.is_null()) {
      private_state.erase(key);
    } else {
      private_state[key] = "";
    }
  };
  ForEachMap(remember, config);
}

void ForgetUnconfigured(const schema::PrivateState& private_state, ProxmoxVm& vm) {
  auto const forget = [&private_state](std::string_view name, auto& map) {
    if (!private_state.contains(Cat({kPrefix, name}))) map = {};
  };
  ForEachMap(forget, vm);
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
