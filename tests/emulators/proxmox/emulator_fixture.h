#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_EMULATOR_FIXTURE_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_EMULATOR_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/emulators/proxmox/test_client.h"

namespace fediversity::emulators {

// An emulator of one node, "pve", whose tasks end at once, and a client with a token of root.
class EmulatorTest : public ::testing::Test {
 protected:
  explicit EmulatorTest(Version version = Version::kNine, std::vector<std::string> nodes = {"pve"})
      : emulator_({.version = version,
                   .nodes = std::move(nodes),
                   .task_latency = std::chrono::milliseconds(0),
                   .lock_timeout = std::chrono::milliseconds(100),
                   .qemu_version = "7.2.22"}),
        root_(emulator_) {}

  // Creates a VM on pve and expects that to end well.
  void Create(int vmid, Params params = {}, const std::string& node = "pve") {
    params["vmid"] = std::to_string(vmid);
    ASSERT_EQ(root_.Run("POST", "/nodes/" + node + "/qemu", params), "OK");
  }
  static std::string VmPath(int vmid, const std::string& rest = "", const std::string& node = "pve") {
    return "/nodes/" + node + "/qemu/" + std::to_string(vmid) + rest;
  }
  TestAnswer Configure(int vmid, const Params& params) { return root_.Put(VmPath(vmid, "/config"), params); }
  std::string Option(int vmid, const std::string& name) {
    Json const config = root_.Config(vmid);
    if (!config.contains(name)) return "(unset)";
    return config[name].is_string() ? config[name].get<std::string>() : config[name].dump();
  }
  void Start(int vmid) { ASSERT_EQ(root_.Run("POST", VmPath(vmid, "/status/start")), "OK"); }
  template <typename Act>
  void WithVm(int vmid, Act act) {
    emulator_.With([&](Cluster& cluster) { act(cluster.vms.at(vmid)); });
  }
  TestClient ClientWith(const std::string& token) {
    return {emulator_, {.authorization = "PVEAPIToken=" + token}};
  }

  ProxmoxEmulator emulator_;
  TestClient root_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_EMULATOR_FIXTURE_H_
