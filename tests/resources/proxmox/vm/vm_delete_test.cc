// Destroying VMs: what goes, what is kept, and what the VM does in the meantime.

#include <utility>

#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using emulators::Fault;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::Not;
using testing::WarningOn;

constexpr std::string_view kPlain = R"({"name": "web", "node": "pve1"})";

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
};

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

constexpr std::string_view kUnderHa =
    R"({"name": "web", "node": "pve1", "started": true, "ha": {"state": "started", "max_restart": 3}, "disks": {
      "scsi0": {"storage": "local", "size": "1G", "keep_on_destroy": true},
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})";

constexpr std::string_view kDisklessUnderHa =
    R"({"name": "web", "node": "pve1", "started": true, "ha": {"state": "started"}})";

// Proxmox goes on with it, and the VM that gets its VMID next is none of HA's business.
TEST_F(DeleteTest, ADeletionThatIsInterruptedLeavesHaAlone) {
  ASSERT_TRUE(Apply(kDisklessUnderHa)) << host_.Errors();
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

TEST_F(DeleteTest, RulesThatAVmHasLostAreToldOf) {
  ASSERT_TRUE(Apply(kDisklessUnderHa)) << host_.Errors();
  proxmox_.AddFault({.action = Fault::Action::kFailTask,
                     .method = "DELETE",
                     .path = "/nodes/pve1/qemu/100",
                     .message = "storage is on fire"});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "VM 100 is in no HA rule any more")));
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

}  // namespace
}  // namespace fediversity::resources
