// VMs that an apply has begun whose process was killed: the crash matrix (vm_crash_test.cc) shows that they are finished,
// and here is what is not taken for one.

#include "resources/proxmox/vm/vm_begun.h"

#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::WarningOn;

constexpr std::string_view kWeb = R"({"name": "web", "node": "pve1", "memory": {"size": "1G"}})";

class VmBegunTest : public VmTest {
 protected:
  // A VM that is in no state, and the note of a process that was killed while it made it.
  void Leave(const std::string& name) {
    oracle::Host killed(*resource_);
    Configure();
    auto const plan = killed.MakePlan(killed_config(name));
    ASSERT_TRUE(plan.has_value()) << killed.Errors();
    ASSERT_TRUE(killed.Apply(*plan)) << killed.Errors();
    Note(name);
    proxmox_.Refresh();
    Configure();
  }
  void Note(const std::string& name) {
    ProxmoxVm plan;
    if (!name.empty()) plan.name = name;
    Keep(VmNoteOf({.vmid = 100, .node = "pve1"}, plan));
  }
  void Keep(const std::string& note) { NoteVm(backends_.journal, **backends_.proxmox.Get(), note).Keep(); }
  wire::Value killed_config(const std::string& name) const {
    return Config(name.empty() ? R"({"node": "pve1"})"
                               : Cat({R"({"node": "pve1", "name": ")", name, R"("})"}));
  }
};

TEST_F(VmBegunTest, IsFinishedAndInState) {
  Leave("web");
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_EQ(vmid(), 100);
  EXPECT_EQ(Held("memory"), "1024");
  EXPECT_TRUE(journal_.IsEmpty());
  EXPECT_EQ(Planned(kWeb), Action::kNoOp);
}

TEST_F(VmBegunTest, OneOfAnotherTimeIsSomebodyElses) {
  Leave("web");
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->config["meta"] =
        "creation-qemu=9.0.0,ctime=" + std::to_string(absl::ToUnixSeconds(absl::Now() - absl::Hours(1)));
    return 0;
  });
  EXPECT_FALSE(Apply(kWeb));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("name", "exists already", "import {")));
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(VmBegunTest, OneOfAnotherNameIsSomebodyElses) {
  Leave("web");
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->config["name"] = "mail";
    return 0;
  });
  proxmox_.Refresh();
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_NE(vmid(), 100);
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
  EXPECT_TRUE(journal_.IsEmpty());
}

// VMIDs are given away again.
TEST_F(VmBegunTest, WhatIsLockedUnderTheVmidIsNotTouched) {
  Leave("web");
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->config["name"] = "db";
    cluster.FindVm(100)->config["lock"] = "backup";
    return 0;
  });
  proxmox_.Refresh();
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_NE(vmid(), 100);
  EXPECT_EQ(proxmox_.Count("PUT|POST", "/nodes/[^/]+/qemu/100/.*"), 0);
}

TEST_F(VmBegunTest, OneOfAnotherSourceIsNotFinished) {
  Leave("web");
  EXPECT_FALSE(Apply(R"({"name": "web", "clone": {"source": "100"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("name", "exists already", "import {")));
  EXPECT_FALSE(journal_.IsEmpty());
}

TEST_F(VmBegunTest, TheNoteOfAnotherVmWaitsForThatOne) {
  Leave("mail");
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_NE(vmid(), 100);
  EXPECT_FALSE(journal_.IsEmpty());
}

TEST_F(VmBegunTest, WhatWasNeverMadeIsMade) {
  Note("web");
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(VmBegunTest, OneWithoutANameIsToldOf) {
  Leave("");
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "cut short while it made VM 100", "id = \"100\"")));
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(VmBegunTest, OneThatNobodyWantedForADayIsToldOf) {
  std::string const begun = std::to_string(absl::ToUnixSeconds(absl::Now() - absl::Hours(25)));
  Keep(Cat({"100\npve1\n", begun, "\n\nmail"}));
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "cut short while it made VM 100", "\"mail\"")));
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(VmBegunTest, OneThatNobodyMakesAnyMoreIsNotWaitedFor) {
  Leave("web");
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->config = {{"lock", "clone"}};
    return 0;
  });
  EXPECT_FALSE(Apply(kWeb));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "left half made", "qm unlock 100")));
}

TEST_F(VmBegunTest, WhoImportsItHasIt) {
  Leave("web");
  ASSERT_TRUE(Import("100")) << host_.Errors();
  EXPECT_TRUE(journal_.IsEmpty());
}

// The task goes on when the process that began it is dead.
TEST_F(VmBegunTest, ACloneThatIsStillCopiedIsWaitedFor) {
  constexpr std::string_view kClone =
      R"({"name": "copy", "clone": {"source": "web", "full": true}, "memory": {"size": "2G"}})";
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  // A clone has the creation time of its source.
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindVm(100)->config["meta"] = "creation-qemu=9.0.0,ctime=1700000000";
    return 0;
  });
  proxmox_.Refresh();
  Configure();
  oracle::Host killed(*resource_);
  auto const plan = killed.MakePlan(Config(kClone));
  ASSERT_TRUE(plan.has_value()) << killed.Errors();
  proxmox_.SetTaskLatency(std::chrono::seconds(4));
  proxmox_.AddFault(
      {.action = emulators::Fault::Action::kCutAfter, .method = "POST", .path = ".*/clone", .on_strike = [&] {
         journal_.Die();
         killed.Interrupt();
       }});
  proxmox_.AddFault({.action = emulators::Fault::Action::kCutBefore,
                     .method = "GET",
                     .path = "/nodes/.*",
                     .times = 1'000'000});
  killed.Apply(*plan);
  proxmox_.ClearFaults();
  journal_.ComeBack();
  ASSERT_EQ(proxmox_.With([](emulators::Cluster& cluster) { return cluster.FindVm(101)->Get("lock"); }),
            "clone");

  auto const its_resource = MakeProxmoxVm(backends_.proxmox, backends_.journal);
  oracle::Host next(*its_resource);
  Configure();
  auto const again = next.MakePlan(Config(kClone));
  ASSERT_TRUE(again.has_value()) << next.Errors();
  ASSERT_TRUE(next.Apply(*again)) << next.Errors();
  EXPECT_THAT(next.faults(), IsEmpty());
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
  EXPECT_EQ(proxmox_.With([](emulators::Cluster& cluster) { return cluster.FindVm(101)->Get("memory"); }),
            "2048");
  EXPECT_TRUE(journal_.IsEmpty());
}

}  // namespace
}  // namespace fediversity::resources
