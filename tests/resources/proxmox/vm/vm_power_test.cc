#include "provider/base/text.h"
#include "resources/proxmox/vm.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::WarningOn;

class PowerTest : public VmTest {
 protected:
  bool IsRunning() {
    return proxmox_.With([&](emulators::Cluster& cluster) { return cluster.FindVm(vmid())->running; });
  }
  std::string HaState() {
    return proxmox_.With([&](emulators::Cluster& cluster) {
      auto const found = cluster.ha.find(Cat({"vm:", std::to_string(vmid())}));
      return found == cluster.ha.end() ? std::string("none") : found->second.state;
    });
  }
  std::optional<oracle::Host::Plan> Plan(std::string_view json) {
    Configure();
    EXPECT_TRUE(host_.Refresh()) << host_.Errors();
    auto plan = host_.MakePlan(Config(json));
    EXPECT_TRUE(plan.has_value()) << host_.Errors();
    Configure();
    return plan;
  }
};

class HaTest : public PowerTest {
 protected:
  static constexpr std::string_view kStarted =
      R"({"name": "web", "node": "pve1", "ha": {"state": "started", "max_restart": 2}})";

  void SetUp() override {
    PowerTest::SetUp();
    ASSERT_TRUE(Apply(kStarted)) << host_.Errors();
    proxmox_.Refresh();
  }
};

TEST_F(HaTest, StartsWhatItIsToKeepStarted) {
  EXPECT_EQ(State("started"), "true");
  EXPECT_TRUE(IsRunning());
  EXPECT_EQ(Planned(kStarted), Action::kNoOp);
}

TEST_F(HaTest, ItsStateFollowsARequestToStopOrStart) {
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false})")) << host_.Errors();
  EXPECT_FALSE(IsRunning());
  EXPECT_EQ(State("ha.state"), "\"stopped\"");
  EXPECT_EQ(State("ha.max_restart"), "2");
  EXPECT_EQ(Planned(R"({"name": "web", "started": false})"), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true})")) << host_.Errors();
  EXPECT_EQ(HaState(), "started");
  EXPECT_EQ(State("ha.state"), "\"started\"");
  EXPECT_EQ(proxmox_.Count("PUT", "/cluster/ha/.*"), 0) << "the power request does it";
}

TEST_F(HaTest, StartedFollowsItsState) {
  for (const char* const state : {"stopped", "started", "disabled"}) {
    SCOPED_TRACE(state);
    std::string const config = Cat({R"({"name": "web", "ha": {"state": ")", state, R"("}})"});
    ASSERT_TRUE(Apply(config)) << host_.Errors();
    EXPECT_EQ(HaState(), state);
    EXPECT_EQ(State("started"), state == std::string_view("started") ? "true" : "false");
    EXPECT_EQ(Planned(config), Action::kNoOp);
  }
}

TEST_F(HaTest, WhatContradictsIsRefused) {
  EXPECT_FALSE(Apply(R"({"name": "web", "started": false, "ha": {"state": "started"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("ha.state", "contradicts `started`", "running")));
  EXPECT_FALSE(Apply(R"({"name": "web", "started": true, "ha": {"state": "disabled"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("ha.state", "contradicts `started`", "stopped")));
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "ha": {"state": "none"}})")) << host_.Errors();
  EXPECT_EQ(HaState(), "none");
}

TEST_F(HaTest, AManagedVmMigratesAndIsDestroyed) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve2"})")) << host_.Errors();
  EXPECT_EQ(State("node"), "\"pve2\"");
  EXPECT_TRUE(IsRunning());
  EXPECT_EQ(HaState(), "started");
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

constexpr std::string_view kRunning = R"({"name": "web", "node": "pve1", "started": true})";

TEST_F(PowerTest, WhatBecameOfTheVmSinceThePlanDecidesHowItMigrates) {
  ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
  auto const plan = Plan(R"({"name": "web", "node": "pve2", "started": true})");
  ASSERT_TRUE(plan.has_value());
  Edit([](emulators::Vm& vm) { vm.running = false; });
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_TRUE(IsRunning()) << "the configuration says so";
  EXPECT_EQ(State("node"), "\"pve2\"");
  for (const auto& request : proxmox_.requests()) {
    if (request.path.ends_with("/migrate")) {
      EXPECT_FALSE(request.params.contains("online"));
    }
  }
  EXPECT_EQ(proxmox_.Count("POST", ".*/migrate"), 1);
}

TEST_F(PowerTest, WhatTheConfigurationLeavesOpenStaysAsItBecame) {
  ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
  auto const plan = Plan(R"({"name": "web", "tags": ["a"]})");
  ASSERT_TRUE(plan.has_value());
  Edit([](emulators::Vm& vm) {
    vm.node = "pve2";
    vm.running = false;
  });
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "changed since the plan", "on node pve2")));
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "changed since the plan", "was stopped")));
  EXPECT_FALSE(IsRunning());
  EXPECT_EQ(proxmox_.Count("POST", ".*/migrate"), 0);
  EXPECT_EQ(Planned(R"({"name": "web", "tags": ["a"]})"), Action::kNoOp);
  EXPECT_EQ(State("node"), "\"pve2\"");
  EXPECT_EQ(State("started"), "false");
}

TEST_F(PowerTest, AVmBecomesATemplateInPlace) {
  constexpr std::string_view kVm = R"({"name": "web", "node": "pve1", "started": true, "bios": "ovmf",
      "disks": {"scsi0": {"storage": "local", "size": "1G"}}, "efi_disk": {"storage": "local"}})";
  constexpr std::string_view kTemplate = R"({"name": "web", "started": false, "template": true,
      "disks": {"scsi0": {"storage": "local", "size": "1G"}}, "efi_disk": {"storage": "local"}})";
  ASSERT_TRUE(Apply(kVm)) << host_.Errors();
  EXPECT_FALSE(Apply(R"({"name": "web", "template": true})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("template", "A template cannot run", "started = false")));
  ASSERT_TRUE(Apply(kTemplate)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), StartsWith("local:100/base-"));
  EXPECT_EQ(State("template"), "true");
  EXPECT_EQ(Planned(kTemplate), Action::kNoOp);
  EXPECT_FALSE(Apply(R"({"name": "web", "started": true})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("started", "A template cannot run", "only cloned")));
  EXPECT_FALSE(Apply(R"({"name": "web", "template": false})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("template", "cannot become a VM again", "Clone")));
}

TEST_F(PowerTest, APausedVmRuns) {
  ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.paused = true; });
  proxmox_.Refresh();
  EXPECT_EQ(Planned(kRunning), Action::kNoOp);
  EXPECT_EQ(State("started"), "true");
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(PowerTest, AHibernatedVmIsStoppedAndStartsWhereItWas) {
  ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
  auto const hibernate = [](emulators::Vm& vm) {
    vm.running = false;
    vm.config["lock"] = "suspended";
  };
  Edit(hibernate);
  proxmox_.Refresh();
  ASSERT_EQ(Planned(kRunning), Action::kUpdate);
  EXPECT_EQ(State("started"), "false");
  ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
  EXPECT_TRUE(IsRunning());
  Edit(hibernate);
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(PowerTest, WarningsOfTasksAreShown) {
  for (const char* const path : {"/nodes/pve1/qemu", ".*/status/start"}) {
    proxmox_.AddFault({.action = emulators::Fault::Action::kWarnTask,
                       .method = "POST",
                       .path = path,
                       .message = "WARN: emulated"});
  }
  ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
  int shown = 0;
  for (const auto& diagnostic : diagnostics()) {
    shown += diagnostic.summary == "Proxmox did it, with warnings" ? 1 : 0;
  }
  EXPECT_EQ(shown, 2) << "of making and of starting it";
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
}

TEST_F(PowerTest, WithoutANodeThatIsOnlineNoneIsChosen) {
  for (const char* const node : {"pve1", "pve2", "pve3"}) proxmox_.SetNodeOnline(node, false);
  EXPECT_FALSE(Apply(R"({"name": "web"})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("node", "No node is online", "Say which")));
}

TEST_F(HaTest, AnHaGroupThatThePlanLetPassIsToldOnItsLine) {
  // Without the version, the plan cannot know.
  proxmox_.AddFault({.method = "GET", .path = "/version", .times = 100, .status = 403});
  EXPECT_FALSE(Apply(R"({"name": "web", "node": "pve1", "ha": {"state": "started", "group": "left"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("ha.group", "migrated to rules", "node affinity rule")));
  EXPECT_NE(State("vmid"), "null") << "what was made by then is kept";
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "ha": {"state": "started"}})")) << host_.Errors();
}

}  // namespace
}  // namespace fediversity::resources
