// keep_on_destroy: which disks outlive a VM, and when it is not destroyed for their sake.

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using emulators::Fault;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::WarningOn;

constexpr std::string_view kKeeping = R"({"name": "web", "node": "pve1", "disks": {
    "scsi0": {"storage": "local", "size": "1G"},
    "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})";

class KeptDisksTest : public VmTest {};

TEST_F(KeptDisksTest, TheDiskThatIsKeptIsTheOneThatIsMeant) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

TEST_F(KeptDisksTest, AKeptDiskInAnotherSlotIsKept) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    auto& config = cluster.FindVm(100)->config;
    config["virtio3"] = config["scsi1"];
    config.erase("scsi1");
    return 0;
  });
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

TEST_F(KeptDisksTest, AKeptDiskThatWasDetachedIsKept) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  ASSERT_THAT(Held("unused0"), HasSubstr("vm-100-disk-1"));
  Configure();
  ASSERT_TRUE(host_.Refresh());
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "Disks were kept", "unused0")));
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

// A running VM holds an IDE disk until it stops, though its configuration names it no longer.
TEST_F(KeptDisksTest, AKeptDiskThatTheVmHoldsUntilItStopsIsKept) {
  constexpr std::string_view kRest =
      R"({"name": "web", "node": "pve1", "started": true, "disks": {"scsi0": {"storage": "local", "size": "1G"}}})";
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "disks": {
      "scsi0": {"storage": "local", "size": "1G"},
      "sata1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(kRest)) << host_.Errors();
  Configure();
  ASSERT_TRUE(host_.Refresh());
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

// As it is after the guest has powered itself off: what was pending stays so until the next start.
TEST_F(KeptDisksTest, AKeptDiskThatAStoppedVmStillHasIsKept) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "disks": {
      "scsi0": {"storage": "local", "size": "1G"},
      "sata1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "disks": {
      "scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->running = false;
    return 0;
  });
  proxmox_.Refresh();
  Configure();
  ASSERT_TRUE(host_.Refresh());
  ASSERT_EQ(State("started"), "false");
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

TEST_F(KeptDisksTest, AKeptDiskThatMovedWhileTheVmRanIsKept) {
  constexpr std::string_view kOn = R"({"name": "web", "node": "pve1", "started": true, "disks": {
      "scsi0": {"storage": "local", "size": "1G"},
      "scsi1": {"storage": "%", "size": "2G", "keep_on_destroy": true}}})";
  auto const on = [&](std::string_view storage) {
    std::size_t const at = kOn.find('%');
    return Cat({kOn.substr(0, at), storage, kOn.substr(at + 1)});
  };
  ASSERT_TRUE(Apply(on("local"))) << host_.Errors();
  ASSERT_TRUE(Apply(on("local-lvm"))) << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(Sizes(), ElementsAre(2));
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(101));
}

TEST_F(KeptDisksTest, AKeptDiskThatIsNowhereLeavesTheVmRunning) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "ha": {"state": "started"}, "disks": {
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "started": true, "ha": {"state": "started"}, "disks": {}})"))
      << host_.Errors();
  ASSERT_NE(Held("unused0"), "");
  proxmox_.ForgetRequests();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->config.erase("unused0");
    return 0;
  });
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks", "is not there", "vm-100-disk-0")));
  EXPECT_EQ(proxmox_.Count("POST", ".*"), 0) << "it runs on, and no keeper was made";
}

TEST_F(KeptDisksTest, WhatCannotBeKeptIsKnownBeforeTheVmIsStopped) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "ha": {"state": "started"}, "disks": {
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  proxmox_.AddFault({.method = "POST",
                     .path = "/nodes/pve1/qemu",
                     .status = 403,
                     .message = "Permission check failed (/vms/101, VM.Allocate)"});
  EXPECT_FALSE(Destroy());
  EXPECT_EQ(proxmox_.Count("POST", ".*/status/.*") + proxmox_.Count("", "/cluster/ha/resources/.*"), 1)
      << "no more than the start";
}

TEST_F(KeptDisksTest, OneThatIsNoLongerToBeKeptGoes) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {
      "scsi0": {"storage": "local", "size": "1G"},
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": false}}})"))
      << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
}

TEST_F(KeptDisksTest, AKeptDiskThatIsNowhereStopsTheDestruction) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->config.erase("scsi1");
    return 0;
  });
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(),
              Contains(ErrorOn("disks[\"scsi1\"].keep_on_destroy", "is not there", "-refresh-only")));
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(2));
  EXPECT_TRUE(host_.exists());
}

TEST_F(KeptDisksTest, DetachedDisksThatGoAreToldOf) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    auto& config = cluster.FindVm(100)->config;
    config["unused0"] = "local:100/vm-100-disk-0.raw";
    config.erase("scsi0");
    return 0;
  });
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "Detached disks go with the VM", "vm-100-disk-0")));
}

TEST_F(KeptDisksTest, ADestructionThatFailsMidwayTakesTheSameKeeper) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  proxmox_.AddFault({.action = Fault::Action::kFailTask,
                     .method = "POST",
                     .path = ".*/move_disk",
                     .message = "storage is on fire"});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "VM 101 was made to take its disks over")));
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(2));
  proxmox_.Refresh();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(101));
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

TEST_F(KeptDisksTest, ADiskOfASnapshotCannotBeKept) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "disks": {
      "scsi0": {"storage": "local", "size": "1G", "format": "qcow2", "keep_on_destroy": true}}})"))
      << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    emulators::Vm& vm = *cluster.FindVm(100);
    vm.snapshots.push_back({.name = "before", .description = "", .parent = "", .config = vm.config});
    return 0;
  });
  proxmox_.ForgetRequests();
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks", "in a snapshot", "\"before\"")));
  EXPECT_EQ(proxmox_.Count("POST", ".*"), 0);
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(100));
}

TEST_F(KeptDisksTest, DisksOfATemplateCannotBeKept) {
  ASSERT_TRUE(Apply(R"({"name": "golden", "node": "pve1", "template": true, "disks": {
      "scsi0": {"storage": "local", "size": "1G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks", "a template cannot be kept", "")));
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(100));
}

TEST_F(KeptDisksTest, TheKeeperIsInThePoolOfTheVm) {
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.pools["tenants"] = {};
    return 0;
  });
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "pool": "tenants", "disks": {
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_EQ(proxmox_.With([](emulators::Cluster& cluster) { return cluster.PoolOf(101); }), "tenants");
}

// Its disks stay handed over, and are no longer looked for.
TEST_F(KeptDisksTest, ALockThatPassesIsWaitedFor) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  emulators::Vm* const vm = proxmox_.With([](emulators::Cluster& cluster) { return cluster.FindVm(100); });
  proxmox_.AddFault({.action = Fault::Action::kDelay, .method = "DELETE", .on_strike = [vm] {
                       vm->config["lock"] = "backup";
                     }});
  proxmox_.AddFault({.action = Fault::Action::kDelay, .method = "DELETE", .nth = 2, .on_strike = [vm] {
                       vm->config.erase("lock");
                     }});
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_EQ(proxmox_.Count("DELETE", ".*"), 2);
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

}  // namespace
}  // namespace fediversity::resources
