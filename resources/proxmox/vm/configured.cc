#include "resources/proxmox/vm/configured.h"

#include <string>
#include <string_view>

#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

constexpr std::string_view kPrefix = "configured.";

// Calls visit(name, member of `vm`) for each map of slots.
template <typename Vm, typename Visit>
void ForEachMap(Vm& vm, Visit visit) {
  visit("numa_nodes", vm.numa_nodes);
  visit("disks", vm.disks);
  visit("cdroms", vm.cdroms);
  visit("networks", vm.networks);
  visit("serial_devices", vm.serial_devices);
  visit("pci_devices", vm.pci_devices);
  visit("usb_devices", vm.usb_devices);
  visit("virtiofs", vm.virtiofs);
}

}  // namespace

void RememberConfigured(const ProxmoxVm& config, schema::PrivateState& private_state) {
  ForEachMap(config, [&private_state](std::string_view name, const auto& map) {
    std::string const key = Cat({kPrefix, name});
    if (map.is_null()) {
      private_state.erase(key);
    } else {
      private_state[key] = "";
    }
  });
}

void ForgetUnconfigured(const schema::PrivateState& private_state, ProxmoxVm& vm) {
  ForEachMap(vm, [&private_state](std::string_view name, auto& map) {
    if (!private_state.contains(Cat({kPrefix, name}))) map = {};
  });
}

}  // namespace fediversity::resources
