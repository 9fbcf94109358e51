#include "resources/proxmox/vm/vm_reboot.h"

#include "provider/base/text.h"
#include "tests/emulators/proxmox/vm_options.h"
#include "tests/emulators/proxmox/vm_update.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using emulators::Fault;
using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::WarningOn;

class RebootTest : public VmTest {
 protected:
  static constexpr std::string_view kRunning =
      R"({"name": "web", "node": "pve1", "started": true, "memory": {"size": "1G"}})";
  static constexpr std::string_view kLarger =
      R"({"name": "web", "node": "pve1", "started": true, "memory": {"size": "2G"}})";
  static constexpr std::string_view kLargerAtOnce =
      R"({"name": "web", "node": "pve1", "started": true, "memory": {"size": "2G"}, "reboot": "when_needed"})";

  void SetUp() override {
    VmTest::SetUp();
    ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
    proxmox_.Refresh();
  }

  int Reboots() const { return proxmox_.Count("POST", ".*/status/reboot"); }
  void Deny(const std::string& method, const std::string& path) {
    proxmox_.AddFault({.action = Fault::Action::kAnswerBefore,
                       .method = method,
                       .path = path,
                       .status = 403,
                       .message = "Permission check failed\n"});
  }
};

// Whoever leaves the option out gets what Proxmox plugs in by itself.
TEST_F(RebootTest, AnEmptySetOfFeaturesPlugsInNothing) {
  ASSERT_TRUE(Apply(R"({"name": "web", "hotplug": [], "started": false})")) << host_.Errors();
  EXPECT_EQ(Held("hotplug"), "0");
  constexpr std::string_view kRuns = R"({"name": "web", "hotplug": [], "started": true})";
  ASSERT_TRUE(Apply(kRuns)) << host_.Errors();
  EXPECT_EQ(State("hotplug"), "[]");
  EXPECT_EQ(Planned(kRuns), Action::kNoOp);
  ASSERT_TRUE(
      Apply(R"({"name": "web", "hotplug": [], "started": true, "networks": {"net0": {"bridge": "vmbr0"}}})"))
      << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "true");
}

TEST_F(RebootTest, WhatCannotBeAskedIsNotTakenForNothing) {
  Deny("GET", ".*/pending");
  EXPECT_FALSE(Apply(kLarger));
  EXPECT_EQ(State("reboot_required"), "true");
  EXPECT_EQ(State("memory.size"), "\"2G\"");
}

TEST_F(RebootTest, ARebootThatFailsIsStillRequired) {
  Deny("POST", ".*/status/reboot");
  EXPECT_FALSE(Apply(kLargerAtOnce));
  EXPECT_EQ(State("reboot_required"), "true");
  EXPECT_EQ(State("started"), "true");
  ASSERT_EQ(Planned(kLargerAtOnce), Action::kUpdate) << "the next apply carries on";
  ASSERT_TRUE(Apply(kLargerAtOnce)) << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "false");
}

TEST_F(RebootTest, WhatWaitsIsPlannedWhereAVmMayBeRebooted) {
  constexpr std::string_view kMayReboot =
      R"({"name": "web", "started": true, "memory": {"size": "1G"}, "reboot": "when_needed"})";
  ASSERT_TRUE(Apply(kMayReboot)) << host_.Errors();
  EXPECT_EQ(Planned(kMayReboot), Action::kNoOp);
  Edit([](emulators::Vm& vm) { vm.pending["cores"] = "4"; });
  ASSERT_EQ(Planned(kMayReboot), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("reboot", "may be rebooted", "made before")));
  ASSERT_TRUE(Apply(kMayReboot)) << host_.Errors();
  EXPECT_EQ(Reboots(), 1);
  EXPECT_EQ(Held("cores"), "4");
  EXPECT_EQ(State("reboot_required"), "false");
  EXPECT_EQ(Planned(kMayReboot), Action::kNoOp);
}

TEST_F(RebootTest, WhatSomebodyElseLeftWaitingIsTold) {
  EXPECT_EQ(Planned(kRunning), Action::kNoOp);
  EXPECT_THAT(diagnostics(), IsEmpty());
  Edit([](emulators::Vm& vm) { vm.pending["cores"] = "4"; });
  EXPECT_EQ(Planned(kRunning), Action::kNoOp);
  EXPECT_EQ(State("reboot_required"), "true");
  EXPECT_THAT(diagnostics(), Contains(WarningOn("reboot", "A reboot will be needed", "made before")));
  Edit([](emulators::Vm& vm) { vm.pending.clear(); });
  EXPECT_EQ(Planned(kRunning), Action::kNoOp);
  EXPECT_EQ(State("reboot_required"), "false");
}

// A process that is killed between the change and the reboot leaves the state that was before.
TEST_F(RebootTest, WhatAKilledProcessLeftWaitingIsFound) {
  oracle::Host before(*resource_);
  Configure();
  ASSERT_TRUE(before.Import({.id = "web", .identity = {}})) << before.Errors();
  ASSERT_TRUE(Apply(kLarger)) << host_.Errors();
  Configure();
  ASSERT_TRUE(before.Refresh()) << before.Errors();
  EXPECT_TRUE(before.state().Find("reboot_required")->bool_value());
  EXPECT_THAT(before.faults(), IsEmpty());
}

TEST_F(RebootTest, AnUnchangedRunningVmIsNotAskedWhatWaits) {
  Configure();
  proxmox_.ForgetRequests();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_THAT(Requests(), SizeIs(2)) << ::testing::PrintToString(Requests());
}

TEST_F(RebootTest, AGuestThatDoesNotGoDownIsSwitchedOffUnlessThatIsForbidden) {
  Edit([](emulators::Vm& vm) { vm.guest.answers_shutdown = false; });
  EXPECT_FALSE(Apply(R"({"name": "web", "started": true, "memory": {"size": "2G"}, "reboot": "when_needed",
                         "shutdown": {"timeout": "1s", "force": false}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "VM quit/powerdown failed")));
  EXPECT_EQ(State("reboot_required"), "true");
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "memory": {"size": "2G"}, "reboot": "when_needed",
                        "shutdown": {"timeout": "1s"}})"))
      << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "false");
  EXPECT_EQ(State("started"), "true");
  EXPECT_EQ(Held("memory"), "2048");
}

// Killed after the change and before the drive was written; or changed by hand.
TEST_F(RebootTest, AStaleCloudInitDriveIsToldAndWrittenByTheNextChange) {
  constexpr std::string_view kCloudInit = R"({"name": "web", "started": true,
      "cloud_init": {"storage": "local", "user": "ops"}})";
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false})")) << host_.Errors();
  ASSERT_TRUE(Apply(kCloudInit)) << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "false");
  Edit([](emulators::Vm& vm) { vm.cloudinit["ciuser"] = "nobody"; });
  EXPECT_EQ(Planned(kCloudInit), Action::kNoOp);
  EXPECT_EQ(State("reboot_required"), "true");
  EXPECT_THAT(diagnostics(), Contains(WarningOn("reboot", "", "made before")));
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "tags": ["a"],
                        "cloud_init": {"storage": "local", "user": "ops"}})"))
      << host_.Errors();
  EXPECT_EQ(proxmox_.Count("PUT", "/nodes/.*/cloudinit"), 1);
  EXPECT_EQ(State("reboot_required"), "false");
}

TEST_F(RebootTest, TheNoticeNamesWhatWaits) {
  struct Case {
    const char* change;
    const char* waits;  // "" where nothing does
  };
  constexpr Case kCases[] = {
      {R"("cpu": {"cores": 2})", "cores"},
      {R"("cpu": {"limit": 1.5})", ""},
      {R"("cpu": {"units": 200})", ""},
      {R"("cpu": {"numa": true})", "numa"},
      {R"("acpi": false)", "acpi"},
      {R"("kvm": false)", "kvm"},
      {R"("tablet": false)", ""},
      {R"("local_time": true)", "localtime"},
      {R"("keyboard": "de")", "keyboard"},
      {R"("audio": {"device": "AC97"})", "audio0"},
      {R"("rng": {"source": "/dev/urandom"})", "rng0"},
      {R"("watchdog": {"model": "i6300esb"})", "watchdog"},
      {R"("virtiofs": {"virtiofs0": {"mapping": "data"}})", "virtiofs0"},
      {R"("serial_devices": {"serial0": "socket"})", "serial0"},
      {R"("memory": {"size": "1G", "balloon": "0"})", "balloon"},
      {R"("memory": {"size": "1G", "balloon": "512M"})", "balloon"},
      {R"("memory": {"size": "1G", "balloon": "256M"})", ""},
      {R"("unset": ["balloon"])", ""},
      {R"("usb_devices": {"usb0": {"host": "spice"}})", "usb0"},
      {R"("os_type": "l26")", "ostype"},
      {R"("usb_devices": {"usb1": {"host": "spice"}})", ""},
      {R"("os_type": "win7", "machine": "q35")", "machine, ostype"},
      {R"("usb_devices": {"usb2": {"host": "spice"}})", "usb1, usb2"},
      {R"("cloud_init": {"user": "ops", "search_domain": "example.org"})", ""},
      {R"("networks": {"net0": {"bridge": "vmbr0", "ipv4": {"address": "dhcp"}}})", ""},
      {R"("disks": {"scsi0": {"storage": "local", "size": "1G"}})", ""},
      {R"("disks": {"sata0": {"storage": "local", "size": "1G"}})", "sata0"},
      {R"("efi_disk": {"storage": "local"}, "bios": "ovmf")", "bios, efidisk0"},
      {R"("tpm_state": {"storage": "local", "version": "v2.0"})", "tpmstate0"},
      {R"("tags": ["a"], "description": "b", "on_boot": true, "startup": {"order": 1})", ""},
      {R"("hotplug": ["network"], "agent": {"enabled": true})", "agent, hotplug"},
  };
  for (const Case& example : kCases) {
    SCOPED_TRACE(example.change);
    std::string const config = Cat({R"({"name": "web", "started": true, )", example.change, "}"});
    Planned(config);
    bool const told = testing::Mentions(diagnostics(), "takes up changes of");
    EXPECT_EQ(told, *example.waits != '\0');
    EXPECT_TRUE(!told || testing::Mentions(diagnostics(), Cat({"changes of ", example.waits, " at"})));
    ASSERT_TRUE(Apply(config)) << host_.Errors();
    EXPECT_EQ(State("reboot_required"), told ? "true" : "false") << "what Proxmox says";
    proxmox_.With([this](emulators::Cluster& cluster) {
      emulators::ApplyPending(cluster, *cluster.FindVm(vmid()));  // as a reboot does
      return 0;
    });
  }
}

TEST_F(RebootTest, TheNoticeFollowsHotplug) {
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false, "hotplug": ["memory"]})")) << host_.Errors();
  ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
  Planned(kLarger);
  EXPECT_FALSE(testing::Mentions(diagnostics(), "takes up changes of"));
  constexpr std::string_view kCard = R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0"}}})";
  Planned(kCard);
  EXPECT_TRUE(testing::Mentions(diagnostics(), "takes up changes of net0"));
  ASSERT_TRUE(Apply(kCard)) << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "true");
}

// Removed from a VM that runs, every option that there is either waits or does not, as the table says.
TEST_F(RebootTest, EveryOptionWaitsAsTheTableSays) {
  struct Case {
    const char* hotplug;
    const char* os_type;
  };
  constexpr Case kCases[] = {{"", ""},         {"", "l26"},          {"", "other"},   {"", "win7"},
                             {"", "win11"},    {"0", "l26"},         {"network", ""}, {"disk,usb", "l26"},
                             {"disk,usb", ""}, {"cpu,memory", "l26"}};
  for (const auto& [hotplug, os_type] : kCases) {
    for (const emulators::Property& property : emulators::VmOptions(emulators::Version::kNine).properties) {
      std::string const key = Cat({property.name, property.numbered ? "1" : ""});
      SCOPED_TRACE(Cat({key, " with hotplug ", hotplug, " and ostype ", os_type}));
      emulators::Vm vm{.vmid = 900, .node = "pve1", .config = {{key, "1"}}, .running = true};
      if (key == "lock" || key == "hotplug") continue;  // these decide about the others
      if (*hotplug != '\0') vm.config["hotplug"] = hotplug;
      if (*os_type != '\0') vm.config["ostype"] = os_type;
      emulators::Call call;
      call.params = {{"vmid", "900"}, {"node", "pve1"}, {"delete", key}};
      call.who.user = "root@pam";
      emulators::Log log;
      bool const waits = proxmox_.With([&](emulators::Cluster& cluster) {
        auto const refused = emulators::UpdateVm(cluster, call, vm, {}, log);
        EXPECT_FALSE(refused.has_value()) << refused->body.dump();
        return vm.removed.contains(key);
      });
      EXPECT_EQ(IsTakenUpAtOnce(key, "1", std::nullopt, {.hotplug = hotplug, .os_type = os_type}), !waits);
    }
  }
}

}  // namespace
}  // namespace fediversity::resources
