#ifndef FEDIVERSITY_TESTS_RESOURCES_PROXMOX_VM_BPG_FIXTURE_H_
#define FEDIVERSITY_TESTS_RESOURCES_PROXMOX_VM_BPG_FIXTURE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "provider/wire/json.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {

inline constexpr const char* kTheirs = "registry.opentofu.org/bpg/proxmox";
inline constexpr const char* kVm = "proxmox_virtual_environment_vm";

// States of bpg/proxmox, and the VMs that they stand for on an emulated node.
class BpgStateTest : public VmTest {
 protected:
  BpgStateTest() : VmTest({.nodes = {"pve"}, .task_latency = std::chrono::milliseconds(0)}) {}

  schema::StateResponse Move(const nlohmann::json& attributes, const std::string& type = kVm,
                             const std::string& provider = kTheirs) const {
    return schema::MoveState(*resource_, {.provider_address = provider, .type_name = type, .state = {}},
                             attributes.dump());
  }

  static std::string Text(const wire::Value& state, std::string_view attribute) {
    const wire::Value* const value = state.Find(attribute);
    auto const text = value == nullptr ? absl::StatusOr<std::string>("nothing") : wire::WriteJson(*value);
    return text.ok() ? *text : text.status().ToString();
  }

  void AddVm(int vmid, const nlohmann::json& config) {
    proxmox_.With([&](emulators::Cluster& cluster) {
      emulators::Vm vm{.vmid = vmid, .node = "pve"};
      for (const auto& [key, value] : config.items()) {
        vm.config[key] = value.is_string() ? value.get<std::string>() : value.dump();
      }
      cluster.vms[vmid] = std::move(vm);
      cluster.Refresh();
      return 0;
    });
  }

  // The state that the host has after refreshing what was moved, and the plan for `config` with it.
  void ExpectNoChange(const wire::Value& moved, const std::string& by_hand,
                      const std::string& private_bytes = "");

  CancelToken never_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_PROXMOX_VM_BPG_FIXTURE_H_
