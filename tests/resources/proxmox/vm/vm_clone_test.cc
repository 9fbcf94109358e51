#include <atomic>
#include <utility>

#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing::WarningOn;

class CloneTest : public VmTest {
 protected:
  void SetUp() override {
    VmTest::SetUp();
    oracle::Host host(*resource_);
    auto const plan = host.MakePlan(Config(R"({
      "name": "nixos", "node": "pve1", "template": true, "description": "made by hand",
      "cpu": {"cores": 2, "type": "host"}, "memory": {"size": "1G"}, "agent": {"enabled": true},
      "disks": {"scsi0": {"storage": "local", "size": "2G", "discard": "on"}},
      "networks": {"net0": {"bridge": "vmbr0"}}, "cloud_init": {"storage": "local"}})"));
    ASSERT_TRUE(plan.has_value()) << host.Errors();
    ASSERT_TRUE(host.Apply(*plan)) << host.Errors();
    EXPECT_THAT(host.faults(), IsEmpty());
    proxmox_.Refresh();
    Configure();
    proxmox_.ForgetRequests();
  }

  static constexpr std::string_view kClone = R"({
    "name": "web", "clone": {"source": "nixos", "full": true}, "memory": {"size": "2G"}, "started": true,
    "disks": {"scsi0": {"size": "8G"}},
    "cloud_init": {"user": "ops", "ssh_keys": ["ssh-ed25519 AAAA ops@example.org"], "password_wo": "obviously-fake",
                   "password_wo_version": 1},
    "networks": {"net0": {"bridge": "vmbr0", "ipv4": {"address": "10.0.0.9/24", "gateway": "10.0.0.1"}}}})";
};

TEST_F(CloneTest, InheritsWhatIsLeftOut) {
  ASSERT_TRUE(Apply(kClone)) << host_.Errors();
  EXPECT_EQ(Held("cores"), "2");
  EXPECT_EQ(Held("cpu"), "host");
  EXPECT_EQ(Held("description"), "made by hand");
  EXPECT_EQ(Held("memory"), "2048");
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=8G"));
  EXPECT_THAT(Held("scsi0"), HasSubstr("discard=on"));
  EXPECT_EQ(Held("ciuser"), "ops");
  EXPECT_EQ(Held("cipassword"), "obviously-fake");
  EXPECT_THAT(State("cloud_init"), Not(HasSubstr("obviously-fake")));
  EXPECT_EQ(State("target"), R"({"host":"10.0.0.9","host_key":null,"port":22,"user":"ops"})");
  EXPECT_EQ(Planned(kClone), Action::kNoOp);
}

TEST_F(CloneTest, WithResizeCloudInitAndStartCostsTwelveRequests) {
  auto const plan = host_.MakePlan(Config(kClone));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_THAT(Requests(), SizeIs(12)) << ::testing::PrintToString(Requests());
}

// On which a minute goes by between two looks.
class HastyClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now() + absl::Minutes(++looks_); }
  absl::Status Sleep(absl::Duration duration, const CancelToken& cancel, std::string_view what) override {
    return SystemClock().Sleep(duration, cancel, what);
  }

 private:
  mutable std::atomic<int> looks_ = 0;
};

// Else ten copies of five minutes each do not fit into a timeout of thirty.
TEST_F(CloneTest, WaitingForOtherClonesDoesNotCountAgainstTheTimeout) {
  HastyClock clock;
  clock_ = &clock;
  Configure();
  auto const plan = host_.MakePlan(Config(kClone));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  absl::Time const deadline = absl::Now() + absl::Hours(24);
  schema::Diagnostics diagnostics;
  schema::PrivateState private_state;
  CancelToken const cancel;
  schema::Operation operation{.diagnostics = diagnostics,
                              .private_state = private_state,
                              .cancel = cancel,
                              .deadline = deadline,
                              .config = Config(kClone)};
  auto const made = resource_->Create(operation, plan->after);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_GE(operation.deadline, deadline + absl::Minutes(1));
  clock_ = &system_clock_;
  Configure();
}

TEST_F(CloneTest, GetsTheBootOrderThatIsPlanned) {
  for (const auto& [planned, held] :
       {std::pair{R"("boot_order": ["net0"])", "order=net0"}, {R"("unset": ["boot"])", ""}}) {
    SCOPED_TRACE(planned);
    std::string const config =
        Cat({R"({"name": "web", "clone": {"source": "nixos"}, )", planned,
             R"(, "cdroms": {"ide0": {"volume": "none"}}, "disks": {"scsi0": {"size": "2G"}}})"});
    ASSERT_TRUE(Apply(config)) << host_.Errors();
    EXPECT_EQ(Held("boot"), held);
    EXPECT_EQ(Planned(config), Action::kNoOp);
    ASSERT_TRUE(Destroy()) << host_.Errors();
  }
}

TEST_F(CloneTest, AnotherSourceReplacesNothing) {
  ASSERT_TRUE(Apply(R"({"name": "linked", "clone": {"source": "100"}})")) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), HasSubstr("base-"));
  ASSERT_TRUE(Apply(R"({"name": "linked", "clone": {"source": "nixos"}})")) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2)) << "the same template by its name";
}

TEST_F(CloneTest, ACopyOfLocalDisksGetsToAnotherNode) {
  constexpr std::string_view kElsewhere = R"({"name": "web", "node": "pve2", "started": true,
    "clone": {"source": "nixos"}, "disks": {"scsi0": {"size": "8G"}}})";
  ASSERT_TRUE(Apply(kElsewhere)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Not(Contains(WarningOn("", "not finished", ""))));
  EXPECT_EQ(State("node"), "\"pve2\"");
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=8G"));
  EXPECT_THAT(Held("scsi0"), Not(HasSubstr("base-")));
  EXPECT_EQ(Planned(kElsewhere), Action::kNoOp);
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
}

TEST_F(CloneTest, ACopyThatDoesNotGetThereIsMovedByTheNextApply) {
  constexpr std::string_view kElsewhere =
      R"({"name": "web", "node": "pve2", "clone": {"source": "nixos", "full": true}, "memory": {"size": "2G"}})";
  proxmox_.AddFault({.action = emulators::Fault::Action::kFailTask,
                     .method = "POST",
                     .path = ".*/migrate",
                     .message = "out of space"});
  ASSERT_TRUE(Apply(kElsewhere)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "not finished", "out of space")));
  EXPECT_EQ(Planned(kElsewhere), Action::kUpdate);
  EXPECT_EQ(State("node"), "\"pve1\"");
  ASSERT_TRUE(Apply(kElsewhere)) << host_.Errors();
  EXPECT_EQ(State("node"), "\"pve2\"");
  EXPECT_EQ(Held("memory"), "2048");
  EXPECT_EQ(Planned(kElsewhere), Action::kNoOp);
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
}

TEST_F(CloneTest, ALinkedCloneOfLocalDisksStaysOnTheNodeOfItsTemplate) {
  EXPECT_FALSE(Apply(R"({"name": "web", "node": "pve2", "clone": {"source": "nixos", "full": false}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "uses local storage", "full copy")));
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
}

TEST_F(CloneTest, AMissingSourceIsNamed) {
  EXPECT_FALSE(Apply(R"({"name": "web", "clone": {"source": "debian"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("clone.source", "is not there", "debian")));
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
}

TEST_F(CloneTest, AFailedStartKeepsTheVmAndTheNextApplyStartsIt) {
  proxmox_.AddFault({.action = emulators::Fault::Action::kFailTask,
                     .method = "POST",
                     .path = ".*/status/start",
                     .message = "start failed: QEMU exited with code 1"});
  ASSERT_TRUE(Apply(kClone)) << host_.Errors();
  EXPECT_THAT(diagnostics(),
              Contains(WarningOn("", "was made, but is not finished", "QEMU exited with code 1")));
  EXPECT_FALSE(host_.tainted());
  ASSERT_EQ(Planned(kClone), Action::kUpdate);
  ASSERT_TRUE(Apply(kClone)) << host_.Errors();
  EXPECT_EQ(Planned(kClone), Action::kNoOp);
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
}

TEST_F(CloneTest, APasswordThatWasNotSentIsSentByTheNextApply) {
  constexpr std::string_view kWithPassword =
      R"({"name": "web", "node": "pve2", "clone": {"source": "nixos", "full": true},
          "cloud_init": {"password_wo": "obviously-fake", "password_wo_version": 1}})";
  proxmox_.AddFault({.action = emulators::Fault::Action::kFailTask,
                     .method = "POST",
                     .path = ".*/migrate",
                     .message = "out of space"});
  ASSERT_TRUE(Apply(kWithPassword)) << host_.Errors();
  ASSERT_EQ(Held("cipassword"), "");
  ASSERT_TRUE(Apply(kWithPassword)) << host_.Errors();
  EXPECT_EQ(Held("cipassword"), "obviously-fake");
  EXPECT_EQ(Planned(kWithPassword), Action::kNoOp);
}

TEST_F(CloneTest, AChangedPasswordThatWasNotSentIsSentByTheNextApply) {
  auto const with = [](std::string_view password, std::string_view version) {
    return Cat(
        {R"({"name": "web", "clone": {"source": "nixos", "full": true}, "cloud_init": {"password_wo": ")",
         password, R"(", "password_wo_version": )", version, "}}"});
  };
  ASSERT_TRUE(Apply(with("obviously-fake", "1"))) << host_.Errors();
  ASSERT_EQ(Held("cipassword"), "obviously-fake");
  proxmox_.AddFault({.method = "PUT", .path = ".*/config", .message = "storage is on fire"});
  EXPECT_FALSE(Apply(with("fake-as-well", "2")));
  ASSERT_TRUE(Apply(with("fake-as-well", "2"))) << host_.Errors();
  EXPECT_EQ(Held("cipassword"), "fake-as-well");
  EXPECT_EQ(Planned(with("fake-as-well", "2")), Action::kNoOp);
}

TEST_F(CloneTest, WhatIsEmptiedOrUnsetIsNotInherited) {
  proxmox_.With([](emulators::Cluster& cluster) {
    auto& config = cluster.FindVm(100)->config;
    config["tags"] = "template";
    config["watchdog"] = "model=i6300esb,action=reset";
    config["onboot"] = "1";
    return 0;
  });
  constexpr std::string_view kEmptied =
      R"({"name": "web", "clone": {"source": "nixos"}, "tags": [], "description": "", "unset": ["watchdog"]})";
  ASSERT_TRUE(Apply(kEmptied)) << host_.Errors();
  EXPECT_FALSE(host_.tainted()) << host_.Errors();
  EXPECT_EQ(Held("tags"), "");
  EXPECT_EQ(Held("description"), "");
  EXPECT_EQ(Held("watchdog"), "");
  EXPECT_EQ(Held("onboot"), "1");
  EXPECT_EQ(Held("cores"), "2");
  EXPECT_EQ(Planned(kEmptied), Action::kNoOp);
}

// Maps that name some slots leave the others as the source has them.
TEST_F(CloneTest, SlotsThatAreNotNamedStay) {
  proxmox_.With([](emulators::Cluster& cluster) {
    auto& config = cluster.FindVm(100)->config;
    config["net1"] = "virtio=BC:24:11:00:00:09,bridge=vmbr0";
    config["usb0"] = "spice";
    config["serial0"] = "socket";
    return 0;
  });
  constexpr std::string_view kPartly =
      R"({"name": "web", "clone": {"source": "nixos"}, "networks": {"net0": {"bridge": "vmbr0", "vlan": 7}}})";
  ASSERT_TRUE(Apply(kPartly)) << host_.Errors();
  EXPECT_THAT(Held("net0"), HasSubstr("tag=7"));
  EXPECT_THAT(Held("net1"), HasSubstr("bridge=vmbr0"));
  EXPECT_EQ(Held("usb0"), "spice");
  EXPECT_EQ(Held("serial0"), "socket");
  EXPECT_EQ(Planned(kPartly), Action::kNoOp);
}

TEST_F(CloneTest, ANewDiskGrowsToTheSizeThatIsPlanned) {
  ASSERT_TRUE(
      Apply(R"({"name": "disk", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  std::string const image = Held("scsi0").substr(0, Held("scsi0").find(','));
  oracle::Host clone(*resource_);
  proxmox_.Refresh();
  Configure();
  std::string const json = Cat({R"({"name": "web", "clone": {"source": "nixos"}, "disks": {"scsi1": {
      "storage": "local", "size": "4G", "import_from": ")",
                                image, "\"}}}"});
  auto const plan = clone.MakePlan(Config(json));
  ASSERT_TRUE(plan.has_value()) << clone.Errors();
  ASSERT_TRUE(clone.Apply(*plan)) << clone.Errors();
  EXPECT_FALSE(clone.tainted()) << clone.Errors();
  EXPECT_THAT(clone.faults(), IsEmpty());
}

TEST_F(CloneTest, TheCloudInitDriveGoesToAnotherSlot) {
  constexpr std::string_view kMoved =
      R"({"name": "web", "clone": {"source": "nixos"}, "cpu": {"cores": 3},
          "cloud_init": {"storage": "local", "drive": "sata0"}})";
  ASSERT_TRUE(Apply(kMoved)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Not(Contains(WarningOn("", "not finished", ""))));
  EXPECT_EQ(Held("cores"), "3");
  EXPECT_THAT(Held("sata0"), HasSubstr("cloudinit"));
  EXPECT_EQ(Planned(kMoved), Action::kNoOp);
}

TEST_F(CloneTest, AFailedResizeIsTakenUpAgain) {
  proxmox_.AddFault({.action = emulators::Fault::Action::kFailTask,
                     .method = "PUT",
                     .path = ".*/resize",
                     .message = "out of space"});
  ASSERT_TRUE(Apply(kClone)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "not finished", "out of space")));
  ASSERT_TRUE(Apply(kClone)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=8G"));
  EXPECT_EQ(Planned(kClone), Action::kNoOp);
}

}  // namespace
}  // namespace fediversity::resources
