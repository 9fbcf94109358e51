// Creations whose end nobody has told: a VM that was made is not lost, and a stranger that gets its VMID is not touched.

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using emulators::Fault;
using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kDoubted = R"({"name": "web", "node": "pve1", "memory": {"size": "1G"}})";
constexpr std::string_view kDoubtedClone =
    R"({"name": "copy", "clone": {"source": "web", "full": true}, "memory": {"size": "2G"}})";

class DoubtTest : public VmTest {
 protected:
  // The answer of the creation is lost, and nobody can say afterwards whether the VM is there.
  void LoseSight(Fault::Action action) {
    proxmox_.AddFault({.action = action, .method = "POST", .path = "/nodes/pve1/qemu"});
    proxmox_.AddFault({.action = Fault::Action::kAnswerBefore,
                       .method = "GET",
                       .path = "/nodes/pve1/qemu/100/config",
                       .times = 1'000,
                       .status = 596});
  }

  // Somebody else's VM, under the VMID that is free next.
  void MakeStranger(int vmid) {
    proxmox_.With([&](emulators::Cluster& cluster) {
      emulators::Vm vm;
      vm.vmid = vmid;
      vm.node = "pve1";
      vm.config = {{"name", "stranger"},
                   {"memory", "512"},
                   {"smbios1", "uuid=11111111-2222-3333-4444-555555555555"},
                   {"meta", "creation-qemu=9.2.0,ctime=1700000000"}};
      cluster.vms[vmid] = vm;
      return 0;
    });
    proxmox_.Refresh();
  }
};

TEST_F(DoubtTest, ACreationWhoseAnswerIsLostGoesOnWithTheVmThatIsThere) {
  proxmox_.AddFault({.action = Fault::Action::kCutAfter, .method = "POST", .path = "/nodes/pve1/qemu"});
  ASSERT_TRUE(Apply(kDoubted)) << host_.Errors();
  EXPECT_FALSE(host_.tainted());
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
  EXPECT_EQ(Planned(kDoubted), Action::kNoOp);
  EXPECT_TRUE(journal_.IsEmpty());
}

// While it is copied, a clone is called nothing.
TEST_F(DoubtTest, AnAnswerIsLostWhileTheServerIsStillAtWork) {
  ASSERT_TRUE(Apply(kDoubted)) << host_.Errors();
  oracle::Host clone(*resource_);
  proxmox_.Refresh();
  Configure();
  auto const plan = clone.MakePlan(Config(kDoubtedClone));
  ASSERT_TRUE(plan.has_value()) << clone.Errors();
  proxmox_.SetTaskLatency(std::chrono::seconds(2));
  proxmox_.AddFault({.action = Fault::Action::kCutAfter, .method = "POST", .path = ".*/clone"});
  ASSERT_TRUE(clone.Apply(*plan)) << clone.Errors();
  EXPECT_FALSE(clone.tainted());
  EXPECT_THAT(clone.faults(), IsEmpty());
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(DoubtTest, ARequestThatNeverArrivedLeavesNothing) {
  proxmox_.AddFault({.action = Fault::Action::kCutBefore, .method = "POST", .path = "/nodes/pve1/qemu"});
  EXPECT_FALSE(Apply(kDoubted));
  EXPECT_FALSE(host_.exists());
  MakeStranger(100);
  ASSERT_TRUE(Apply(kDoubted)) << host_.Errors();
  EXPECT_NE(vmid(), 100);
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
}

// Nothing can be asked any more: what may have been made is in state, with what tells it from others.
TEST_F(DoubtTest, AStrangerWhoGetsTheVmidIsNeitherTakenOverNorDestroyed) {
  LoseSight(Fault::Action::kCutBefore);
  EXPECT_FALSE(Apply(kDoubted));
  ASSERT_TRUE(host_.exists());
  EXPECT_TRUE(host_.tainted());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "may exist")));
  proxmox_.ClearFaults();
  MakeStranger(100);
  Configure();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "belongs to another VM", "cut short")));
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
}

TEST_F(DoubtTest, WhatMayHaveBeenMadeAndWasNotIsForgotten) {
  LoseSight(Fault::Action::kCutBefore);
  EXPECT_FALSE(Apply(kDoubted));
  proxmox_.ClearFaults();
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_FALSE(host_.exists());
}

TEST_F(DoubtTest, WhatMayHaveBeenMadeAndWasIsKnownAgain) {
  LoseSight(Fault::Action::kCutAfter);
  EXPECT_FALSE(Apply(kDoubted));
  proxmox_.ClearFaults();
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  ASSERT_TRUE(host_.exists());
  EXPECT_EQ(State("memory.size"), "\"1G\"");
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(DoubtTest, ATaskThatFailsLeavesNothingInState) {
  proxmox_.AddFault({.action = Fault::Action::kFailTask,
                     .method = "POST",
                     .path = "/nodes/pve1/qemu",
                     .message = "unable to create VM 100 - lvcreate failed"});
  EXPECT_FALSE(Apply(kDoubted));
  EXPECT_FALSE(host_.exists());
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(DoubtTest, ATaskThatFailsAndLeavesTheVmIsInState) {
  proxmox_.AddFault({.action = Fault::Action::kFailTaskAfter, .method = "POST", .path = "/nodes/pve1/qemu"});
  EXPECT_FALSE(Apply(kDoubted));
  ASSERT_TRUE(host_.exists());
  EXPECT_TRUE(host_.tainted());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "exists nevertheless")));
}

}  // namespace
}  // namespace fediversity::resources
