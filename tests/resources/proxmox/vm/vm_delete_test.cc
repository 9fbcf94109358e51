// Destroying VMs: what goes, what is kept, and what the VM does in the meantime.

#include <utility>

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
using ::testing::Not;
using ::testing::SizeIs;
using testing::WarningOn;

constexpr std::string_view kPlain = R"({"name": "web", "node": "pve1"})";
constexpr std::string_view kKeeping = R"({"name": "web", "node": "pve1", "disks": {
    "scsi0": {"storage": "local", "size": "1G"},
    "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})";

class DeleteTest : public VmTest {
 protected:
  using Config = decltype(emulators::Vm::config);
  // What somebody else's VM of the same number is like when it is made.
  static Config Strangers() {
    return {{"name", "db"},
            {"smbios1", "uuid=11111111-2222-3333-4444-555555555555"},
            {"meta", "creation-qemu=9.2.0,ctime=1795400000"}};
  }
  emulators::Vm* Vm100() {
    return proxmox_.With([](emulators::Cluster& cluster) { return cluster.FindVm(100); });
  }
  // Sizes of all volumes in GiB.
  std::vector<std::uint64_t> Sizes() {
    return proxmox_.With([](emulators::Cluster& cluster) {
      std::vector<std::uint64_t> sizes;
      sizes.reserve(cluster.volumes().size());
      for (const auto& [id, volume] : cluster.volumes()) sizes.push_back(volume.size >> 30);
      return sizes;
    });
  }
};

TEST_F(DeleteTest, TheDiskThatIsKeptIsTheOneThatIsMeant) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(Sizes(), ElementsAre(2));
}

TEST_F(DeleteTest, AKeptDiskInAnotherSlotIsKept) {
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

TEST_F(DeleteTest, AKeptDiskThatWasDetachedIsKept) {
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
TEST_F(DeleteTest, AKeptDiskThatTheVmHoldsUntilItStopsIsKept) {
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
TEST_F(DeleteTest, AKeptDiskThatAStoppedVmStillHasIsKept) {
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

TEST_F(DeleteTest, AKeptDiskThatMovedWhileTheVmRanIsKept) {
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

TEST_F(DeleteTest, AKeptDiskThatIsNowhereLeavesTheVmRunning) {
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

TEST_F(DeleteTest, WhatCannotBeKeptIsKnownBeforeTheVmIsStopped) {
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

TEST_F(DeleteTest, OneThatIsNoLongerToBeKeptGoes) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {
      "scsi0": {"storage": "local", "size": "1G"},
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": false}}})"))
      << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
}

TEST_F(DeleteTest, AKeptDiskThatIsNowhereStopsTheDestruction) {
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

TEST_F(DeleteTest, DetachedDisksThatGoAreToldOf) {
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

TEST_F(DeleteTest, ADestructionThatFailsMidwayTakesTheSameKeeper) {
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

TEST_F(DeleteTest, RefreshingDoesNotForgetAVmThatMoves) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true})")) << host_.Errors();
  // The listing says that it is stopped, so the VM is asked.
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->running = false;
    return 0;
  });
  proxmox_.Refresh();
  proxmox_.AddFault({.action = Fault::Action::kAnswerBefore,
                     .method = "GET",
                     .path = "/nodes/pve1/qemu/100/status/current",
                     .status = 500,
                     .message = "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist"});
  Configure();
  host_.Refresh();
  EXPECT_TRUE(host_.exists());
}

TEST_F(DeleteTest, AVmThatCannotBeStoppedGoesBackIntoHa) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "started": true, "shutdown": {"force": false, "timeout": "1s"},
                        "ha": {"state": "started", "max_restart": 3}})"))
      << host_.Errors();
  proxmox_.AddFault({.action = Fault::Action::kFailTask,
                     .method = "POST",
                     .path = ".*/status/shutdown",
                     .message = "VM quit/powerdown failed - got timeout"});
  EXPECT_FALSE(Destroy());
  EXPECT_TRUE(host_.exists());
  proxmox_.ClearFaults();
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(State("ha.state"), "\"started\"");
  EXPECT_EQ(State("ha.max_restart"), "3");
}

// Proxmox holds nothing but a lock of a VM that is being made, which tells it from none.
TEST_F(DeleteTest, AVmThatSomebodyElseIsMakingIsLeftAlone) {
  ASSERT_TRUE(Apply(kPlain)) << host_.Errors();
  emulators::Vm* const vm = Vm100();
  auto const state = host_.state();
  for (const char* const lock : {"create", "clone", "destroyed"}) {
    Config const ours = std::exchange(vm->config, {{"lock", lock}});
    proxmox_.ForgetRequests();
    proxmox_.AddFault({.action = Fault::Action::kDelay, .method = "DELETE", .nth = 2, .on_strike = [vm] {
                         vm->config = Strangers();
                       }});
    Configure();
    EXPECT_FALSE(host_.Refresh()) << lock;
    EXPECT_EQ(host_.state(), state) << lock;
    EXPECT_FALSE(Destroy()) << lock;
    EXPECT_EQ(proxmox_.Count("DELETE", ".*"), 0) << lock;
    EXPECT_THAT(proxmox_.Vmids(), ElementsAre(100)) << lock;
    proxmox_.ClearFaults();
    vm->config = ours;
  }
}

TEST_F(DeleteTest, AVmThatIsMadeAnewJustBeforeIsLeftAlone) {
  ASSERT_TRUE(Apply(kPlain)) << host_.Errors();
  emulators::Vm* const vm = Vm100();
  proxmox_.AddFault({.action = Fault::Action::kDelay, .method = "DELETE", .on_strike = [vm] {
                       vm->config = {{"lock", "create"}};
                     }});
  proxmox_.AddFault({.action = Fault::Action::kDelay, .method = "DELETE", .nth = 2, .on_strike = [vm] {
                       vm->config = Strangers();
                     }});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "VM is locked (create)", "is being made")));
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(100));
  EXPECT_EQ(proxmox_.Count("DELETE", ".*"), 1);
}

TEST_F(DeleteTest, AVmIsLookedAtAgainAfterALock) {
  ASSERT_TRUE(Apply(kPlain)) << host_.Errors();
  emulators::Vm* const vm = Vm100();
  vm->config["lock"] = "backup";
  proxmox_.AddFault({.action = Fault::Action::kDelay, .method = "GET", .path = ".*/log", .on_strike = [vm] {
                       vm->config = Strangers();
                     }});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "VMID 100 belongs to another VM now", "")));
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(100));
}

TEST_F(DeleteTest, AVmThatIsMadeAnewWhileItStopsIsLeftAlone) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true})")) << host_.Errors();
  emulators::Vm* const vm = Vm100();
  proxmox_.AddFault({.action = Fault::Action::kDelay,
                     .method = "GET",
                     .path = ".*/status/current",
                     .nth = 2,
                     .on_strike = [vm] { vm->config = Strangers(); }});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "VMID 100 belongs to another VM now", "")));
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(100));
}

// Its disks stay handed over, and are no longer looked for.
TEST_F(DeleteTest, ALockThatPassesIsWaitedFor) {
  ASSERT_TRUE(Apply(kKeeping)) << host_.Errors();
  emulators::Vm* const vm = Vm100();
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

constexpr std::string_view kUnderHa =
    R"({"name": "web", "node": "pve1", "started": true, "ha": {"state": "started", "max_restart": 3}, "disks": {
      "scsi0": {"storage": "local", "size": "1G", "keep_on_destroy": true},
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})";

// Proxmox goes on with it, and the VM that gets its VMID next is none of HA's business.
TEST_F(DeleteTest, ADeletionThatIsInterruptedLeavesHaAlone) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "ha": {"state": "started"}})"))
      << host_.Errors();
  proxmox_.AddFault({.action = Fault::Action::kHangTask,
                     .method = "DELETE",
                     .path = "/nodes/pve1/qemu/100",
                     .on_strike = [&] { host_.Interrupt(); }});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "no longer in HA")));
  EXPECT_TRUE(proxmox_.With([](emulators::Cluster& cluster) { return cluster.ha.empty(); }));
}

TEST_F(DeleteTest, HaDoesNotStartAVmThatLacksADisk) {
  ASSERT_TRUE(Apply(kUnderHa)) << host_.Errors();
  proxmox_.AddFault({.action = Fault::Action::kFailTask,
                     .method = "POST",
                     .path = ".*/move_disk",
                     .nth = 2,
                     .message = "storage is on fire"});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "but as \"stopped\"")));
  auto const ha = proxmox_.With([](emulators::Cluster& cluster) { return cluster.ha.at("vm:100"); });
  EXPECT_EQ(ha.state, "stopped");
  EXPECT_EQ(ha.max_restart, 3);
  proxmox_.Refresh();
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(Sizes(), ElementsAre(1, 2));
  EXPECT_TRUE(proxmox_.With([](emulators::Cluster& cluster) { return cluster.ha.empty(); }));
}

// What is taken out of HA loses the rules that name it.
TEST_F(DeleteTest, AVmThatCannotBeStoppedWasNeverOutOfHa) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "started": true, "shutdown": {"force": false, "timeout": "1s"},
                        "ha": {"state": "started"}})"))
      << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->guest.answers_shutdown = false;
    return 0;
  });
  EXPECT_FALSE(Destroy());
  EXPECT_EQ(proxmox_.Count("DELETE", "/cluster/ha/.*"), 0);
  EXPECT_EQ(proxmox_.With([](emulators::Cluster& cluster) { return cluster.ha.at("vm:100").state; }),
            "started");
}

TEST_F(DeleteTest, NoChangeOfHaIsToldThatWasRefused) {
  ASSERT_TRUE(Apply(kUnderHa)) << host_.Errors();
  proxmox_.AddFault({.path = "/cluster/ha/resources/.*",
                     .times = 9,
                     .status = 403,
                     .message = "Permission check failed (/, Sys.Console)"});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "Sys.Console", "")));
  EXPECT_THAT(diagnostics(), Not(Contains(ErrorOn("", "", "HA"))));
}

TEST_F(DeleteTest, ADiskOfASnapshotCannotBeKept) {
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

TEST_F(DeleteTest, DisksOfATemplateCannotBeKept) {
  ASSERT_TRUE(Apply(R"({"name": "golden", "node": "pve1", "template": true, "disks": {
      "scsi0": {"storage": "local", "size": "1G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks", "a template cannot be kept", "")));
  EXPECT_THAT(proxmox_.Vmids(), ElementsAre(100));
}

TEST_F(DeleteTest, AVmThatMayNotBeDeletedRunsOn) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true})")) << host_.Errors();
  proxmox_.ForgetRequests();
  Configure(proxmox_.MakeToken("ops@pve", "t", "PVEVMUser", "/"));
  EXPECT_FALSE(host_.Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "may not delete", "VM.Allocate")));
  EXPECT_EQ(proxmox_.Count("POST", ".*"), 0);
}

TEST_F(DeleteTest, DisksThatProxmoxCouldNotDeleteAreToldOf) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVolume("local:100/vm-100-disk-0.raw", "pve1")->stuck = true;
    return 0;
  });
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "with warnings", "Could not remove disk 'local:100/")));
}

TEST_F(DeleteTest, TheKeeperIsInThePoolOfTheVm) {
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

}  // namespace
}  // namespace fediversity::resources
