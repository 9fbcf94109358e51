// Changing VMs that a backup, or whatever else passes, has locked meanwhile.

#include <functional>
#include <utility>

#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;

class LockedTest : public VmTest {
 protected:
  static constexpr std::string_view kConfigPath = ".*/config";

  emulators::Vm* MadeVm() {
    return proxmox_.With([this](emulators::Cluster& cluster) { return cluster.FindVm(vmid()); });
  }
  // Does something to the VM just before the `nth` of the reads of its configuration that are to come.
  void AtRead(int nth, std::function<void()> act) {
    proxmox_.AddFault({.action = emulators::Fault::Action::kDelay,
                       .method = "GET",
                       .path = std::string(kConfigPath),
                       .nth = nth,
                       .on_strike = std::move(act)});
  }
};

// The lock is a part of what the digest stands for, so a change that was judged by it would be refused after it.
TEST_F(LockedTest, ABackupIsWaitedForWhicheverReadFindsIt) {
  constexpr std::string_view kBefore = R"({"name": "web", "node": "pve1", "disks": {
      "scsi0": {"storage": "local", "size": "1G"},
      "scsi1": {"storage": "local", "size": "1G", "on_remove": "delete"}}})";
  constexpr std::string_view kAfter = R"({"name": "web", "node": "pve1", "memory": {"size": "1G"},
      "timeouts": {"update": "10s"}, "boot_order": ["ide0", "scsi0"], "cdroms": {"ide0": {"volume": "none"}}, "disks": {
      "scsi0": {"storage": "local", "size": "2G"}}})";
  bool reached = true;
  for (int read = 1; reached; ++read) {
    ASSERT_TRUE(Apply(kBefore)) << host_.Errors();
    ASSERT_TRUE(host_.Refresh());
    auto const plan = host_.MakePlan(Config(kAfter));
    ASSERT_TRUE(plan.has_value()) << host_.Errors();
    emulators::Vm* const vm = MadeVm();
    reached = false;
    AtRead(read, [vm, &reached] {
      vm->config["lock"] = "backup";
      reached = true;
    });
    AtRead(read + 1, [vm] { vm->config.erase("lock"); });
    Configure();
    EXPECT_TRUE(host_.Apply(*plan)) << "read " << read << ": " << host_.Errors();
    proxmox_.ClearFaults();
    vm->config.erase("lock");
    EXPECT_EQ(Planned(kAfter), Action::kNoOp) << "read " << read;
    EXPECT_EQ(proxmox_.Volumes().size(), 1U) << "read " << read;
    ASSERT_TRUE(Destroy()) << host_.Errors();
  }
}

TEST_F(LockedTest, AVmIsLookedAtAgainAfterABackup) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  auto const plan = host_.MakePlan(
      Config(R"({"name": "web", "node": "pve1", "memory": {"size": "1G"}, "timeouts": {"update": "10s"}})"));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  emulators::Vm* const vm = MadeVm();
  vm->config["lock"] = "backup";
  AtRead(2, [vm] { vm->config["smbios1"] = "uuid=11111111-2222-3333-4444-555555555555"; });
  AtRead(3, [vm] { vm->config.erase("lock"); });
  proxmox_.ForgetRequests();
  Configure();
  EXPECT_FALSE(host_.Apply(*plan));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "belongs to another VM now", "")));
  EXPECT_EQ(proxmox_.Count("PUT", ".*"), 0);
}

// No backup changes which pool a VM is in.
TEST_F(LockedTest, WhatNoLockStandsInTheWayOfDoesNotWait) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) { cluster.pools["tenants"]; });
  MadeVm()->config["lock"] = "backup";
  EXPECT_TRUE(Apply(R"({"name": "web", "node": "pve1", "pool": "tenants", "timeouts": {"update": "10s"}})"))
      << host_.Errors();
}

}  // namespace
}  // namespace fediversity::resources
