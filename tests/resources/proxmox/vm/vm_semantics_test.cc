// What the service does in ways of its own, and what users of other providers complain about, as the resource shows it.

#include <algorithm>

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using testing::WarningOn;

class SemanticsTest : public VmTest {
 protected:
  void MoveAtTheNextStatus() {
    emulators::Vm* const vm =
        proxmox_.With([this](emulators::Cluster& cluster) { return cluster.FindVm(vmid()); });
    proxmox_.AddFault({.action = emulators::Fault::Action::kDelay,
                       .method = "GET",
                       .path = ".*/status/current",
                       .on_strike = [vm] { vm->node = "pve2"; }});
  }
  int Regenerations() const { return proxmox_.Count("PUT", "/nodes/.*/cloudinit"); }
};

TEST_F(SemanticsTest, AVmThatBecomesWindowsGetsAMachine) {
  ASSERT_TRUE(Apply(R"({"name": "win", "node": "pve1", "os_type": "l26"})")) << host_.Errors();
  constexpr std::string_view kWindows = R"({"name": "win", "os_type": "win11"})";
  ASSERT_TRUE(Apply(kWindows)) << host_.Errors();
  EXPECT_THAT(State("machine"), StartsWith("\"pc-i440fx-")) << "Proxmox pins the version";
  EXPECT_EQ(Planned(kWindows), Action::kNoOp);
}

TEST_F(SemanticsTest, AWindowsVmKeepsTheMachineThatIsConfigured) {
  constexpr std::string_view kWindows =
      R"({"name": "win", "node": "pve1", "os_type": "win11", "machine": "q35", "memory": {"size": "4G"}})";
  ASSERT_TRUE(Apply(kWindows)) << host_.Errors();
  EXPECT_THAT(Held("machine"), StartsWith("pc-q35-")) << "Proxmox pins the version";
  EXPECT_EQ(State("machine"), "\"q35\"");
  EXPECT_EQ(Planned(kWindows), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "win", "machine": "pc"})")) << host_.Errors();
  EXPECT_THAT(Held("machine"), StartsWith("pc-i440fx-"));
  EXPECT_EQ(Planned(R"({"name": "win", "machine": "pc"})"), Action::kNoOp);
}

TEST_F(SemanticsTest, CloudInitIsChangedInPlaceAndItsDriveWrittenAnew) {
  auto const config = [](std::string_view user, std::string_view address, std::string_view started) {
    return Cat({R"({"name": "web", "node": "pve1", "started": )", started,
                R"(, "cloud_init": {"storage": "local", "user": ")", user,
                R"("}, "networks": {"net0": {"bridge": "vmbr0", "ipv4": {"address": ")", address,
                R"("}}}})"});
  };
  ASSERT_TRUE(Apply(config("ops", "10.0.0.7/24", "true"))) << host_.Errors();
  int const before = vmid();
  ASSERT_EQ(Planned(config("admin", "10.0.0.8/24", "true")), Action::kUpdate);
  ASSERT_TRUE(Apply(config("admin", "10.0.0.8/24", "true"))) << host_.Errors();
  EXPECT_EQ(vmid(), before);
  EXPECT_EQ(Held("ciuser"), "admin");
  EXPECT_EQ(Regenerations(), 1);
  EXPECT_EQ(Planned(config("admin", "10.0.0.8/24", "true")), Action::kNoOp);
  // The start of a stopped VM writes the drive.
  ASSERT_TRUE(Apply(config("admin", "10.0.0.8/24", "false"))) << host_.Errors();
  ASSERT_TRUE(Apply(config("ops", "10.0.0.8/24", "false"))) << host_.Errors();
  EXPECT_EQ(Regenerations(), 1);
}

// One node's "does not exist" is no word about the cluster: HA may move the VM between any two requests.
TEST_F(SemanticsTest, AVmThatMovesWhileItIsReadStaysInState) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true})")) << host_.Errors();
  int const before = vmid();
  Edit([](emulators::Vm& vm) { vm.running = false; });
  proxmox_.Refresh();
  MoveAtTheNextStatus();
  Configure();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(host_.Errors(), HasSubstr("moved to another node"));
  EXPECT_EQ(vmid(), before);
  EXPECT_EQ(Planned(R"({"name": "web", "started": true})"), Action::kUpdate);
  EXPECT_EQ(State("node"), "\"pve2\"");
}

// The old node says that it has no such VM: that is no word that it is gone.
TEST_F(SemanticsTest, AVmThatMovesWhileItIsDestroyedIsFoundAndDestroyed) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  MoveAtTheNextStatus();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(SemanticsTest, WhatIsChangedOutsideIsSeenAndPutBack) {
  constexpr std::string_view kConfig =
      R"({"name": "web", "node": "pve1", "memory": {"size": "1G"}, "cpu": {"cores": 2}})";
  ASSERT_TRUE(Apply(kConfig)) << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config["memory"] = "512";
    vm.config["cores"] = "8";
    vm.config["description"] = "somebody's";
  });
  ASSERT_EQ(Planned(kConfig), Action::kUpdate);
  EXPECT_EQ(State("memory.size"), "\"512M\"");
  ASSERT_TRUE(Apply(kConfig)) << host_.Errors();
  EXPECT_EQ(Held("memory"), "1024");
  EXPECT_EQ(Held("cores"), "2");
  EXPECT_EQ(Held("description"), "somebody's") << "not of this configuration";
}

TEST_F(SemanticsTest, ACardKeepsItsMacThroughChanges) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0"}}})"));
  std::string const mac = State("networks.net0.mac_address");
  ASSERT_TRUE(
      Apply(R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0", "vlan": 7, "firewall": true}}})"))
      << host_.Errors();
  EXPECT_EQ(State("networks.net0.mac_address"), mac);
  EXPECT_THAT(Held("net0"), HasSubstr("tag=7"));
}

TEST_F(SemanticsTest, TagsAreASetWhateverTheirOrderAndCase) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "tags": ["Web", "prod"]})")) << host_.Errors();
  EXPECT_EQ(Held("tags"), "prod;web");
  EXPECT_EQ(Planned(R"({"name": "web", "tags": ["prod", "Web"]})"), Action::kNoOp);
}

TEST_F(SemanticsTest, ADeviceThatTheGuestHoldsIsToldAndWaitsForAReboot) {
  constexpr std::string_view kOne =
      R"({"name": "web", "started": true, "networks": {"net0": {"bridge": "vmbr0"}}})";
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true,
      "networks": {"net0": {"bridge": "vmbr0"}, "net1": {"bridge": "vmbr0"}}})"))
      << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.guest.releases_devices = false; });
  EXPECT_FALSE(Apply(kOne));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "net1", "hot-unplugging")));
  EXPECT_EQ(State("reboot_required"), "true") << "Proxmox keeps the change for the next start";
  EXPECT_EQ(Planned(kOne), Action::kNoOp);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("reboot", "", "next start")));
}

TEST_F(SemanticsTest, WhatAFailedChangeHasDoneIsInState) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "memory": {"size": "1G"}})"));
  EXPECT_FALSE(Apply(R"({"name": "web", "memory": {"size": "2G"}, "disks": {
      "scsi1": {"storage": "local", "import_from": "local:import/none.qcow2"}}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "none.qcow2", "TASK ERROR: failed to stat")));
  EXPECT_EQ(Held("memory"), "2048") << "one request is not all or nothing";
  EXPECT_EQ(State("memory.size"), "\"2G\"");
  EXPECT_EQ(Planned(R"({"name": "web", "memory": {"size": "2G"}})"), Action::kNoOp);
}

TEST_F(SemanticsTest, AChangeBySomebodyElseInBetweenIsAConflict) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "memory": {"size": "1G"}})"));
  proxmox_.AddFault({.action = emulators::Fault::Action::kAnswerBefore,
                     .method = "PUT",
                     .path = ".*/config",
                     .message = "checksum mismatch (file change by other user?)"});
  EXPECT_FALSE(Apply(R"({"name": "web", "memory": {"size": "2G"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "Somebody changed the VM since it was read")));
  EXPECT_EQ(State("memory.size"), "\"1G\"");
  auto const requests = proxmox_.requests();
  EXPECT_TRUE(std::ranges::any_of(requests, [](const auto& request) {
    return request.method == "PUT" && request.params.contains("digest");
  }));
}

TEST_F(SemanticsTest, AGuestThatDoesNotShutDownIsSwitchedOffOrLeft) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true,
                        "shutdown": {"timeout": "1s", "force": false}})"))
      << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.guest.answers_shutdown = false; });
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "VM quit/powerdown failed")));
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "shutdown": {"timeout": "1s"}})")) << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(SemanticsTest, ADeletionThatDeletesNothingIsAnError) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  proxmox_.AddFault({.action = emulators::Fault::Action::kFailTask,
                     .method = "DELETE",
                     .path = ".*/qemu/.*",
                     .message = "OK"});
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "still there", "destroy it again")));
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(SemanticsTest, APoolThatIsNotThereIsNamed) {
  EXPECT_FALSE(Apply(R"({"name": "web", "node": "pve1", "pool": "nosuch"})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("pool", "pool 'nosuch' does not exist", "Create the pool")));
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(SemanticsTest, AVmWithoutADeviceToBootFromIsUnchanged) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  EXPECT_EQ(Held("boot"), " ");
  EXPECT_EQ(Planned(R"({"name": "web"})"), Action::kNoOp);
}

TEST_F(SemanticsTest, SizesOfEverySpellingAreReadBackUnchanged) {
  constexpr std::string_view kSizes =
      R"({"name": "web", "node": "pve1", "memory": {"size": "1024M"}, "disks": {
      "scsi0": {"storage": "local", "size": "0.5G"}, "scsi1": {"storage": "local", "size": "1.5G"},
      "scsi2": {"storage": "local", "size": "2GB"}, "scsi3": {"storage": "local", "size": "1GiB"}}})";
  ASSERT_TRUE(Apply(kSizes)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=512M"));
  EXPECT_EQ(Planned(kSizes), Action::kNoOp);
}

TEST_F(SemanticsTest, ASizeThatDoesNotComeOutEvenIsRefusedWithOneThatDoes) {
  EXPECT_FALSE(Apply(
      R"({"name": "web", "node": "pve1", "memory": {"size": "1.3G", "balloon": "0.5K"}, "disks": {
      "scsi0": {"storage": "local", "size": "1.3G"}, "scsi1": {"storage": "local", "size": "40g"}}})"));
  EXPECT_THAT(diagnostics(),
              UnorderedElementsAre(
                  ErrorOn("memory.size", "Invalid",
                          "such as \"512M\" or \"4G\". It is not a whole number of MiB; write \"1331M\"."),
                  ErrorOn("memory.balloon", "Invalid", "write \"1M\"."),
                  ErrorOn("disks[\"scsi0\"].size", "Invalid", "\"1.3G\" must be a size with a unit"),
                  ErrorOn("disks[\"scsi1\"].size", "Invalid", "\"40GB\" (decimal).")));
  EXPECT_TRUE(
      testing::Mentions(diagnostics(), "(decimal). It is not a whole number of bytes; write \"1331M\"."));
}

TEST_F(SemanticsTest, MemoryIsEncryptedAndZeroesAreDetectedAsConfigured) {
  BeRoot();
  auto const config = [](std::string_view sev, std::string_view detect) {
    return Cat({R"({"name": "web", "node": "pve1", "bios": "ovmf", "amd_sev": )", sev,
                R"(, "disks": {"scsi0": {"storage": "local", "size": "1G", "detect_zeroes": )", detect,
                "}}}"});
  };
  ASSERT_TRUE(Apply(config(R"({"type": "snp", "allow_smt": false, "no_debug": true})", "true")))
      << host_.Errors();
  EXPECT_EQ(Held("amd-sev"), "snp,allow-smt=0,no-debug=1");
  EXPECT_THAT(Held("scsi0"), HasSubstr("detect_zeroes=1"));
  ASSERT_TRUE(Apply(config(R"({"type": "es", "kernel_hashes": true, "no_key_sharing": true})", "false")))
      << host_.Errors();
  EXPECT_EQ(Held("amd-sev"), "es,allow-smt=0,kernel-hashes=1,no-debug=1,no-key-sharing=1")
      << "what is left out stays";
  EXPECT_THAT(Held("scsi0"), HasSubstr("detect_zeroes=0"));
  // The spelling of somebody who writes the configuration by hand.
  Edit([](emulators::Vm& vm) { vm.config["scsi0"] += ",detect_zeroes=off"; });
  Edit([](emulators::Vm& vm) {
    std::string& drive = vm.config["scsi0"];
    drive.replace(drive.find(",detect_zeroes=0"), std::string_view(",detect_zeroes=0").size(), "");
  });
  EXPECT_EQ(Planned(config(R"({"type": "es"})", "false")), Action::kNoOp);
}

TEST_F(SemanticsTest, AVmThatBootsFromNothingGetsABootOrder) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  ASSERT_EQ(Held("boot"), " ");
  constexpr std::string_view kBoots =
      R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0"}}, "boot_order": ["net0"]})";
  ASSERT_TRUE(Apply(kBoots)) << host_.Errors();
  EXPECT_EQ(Held("boot"), "order=net0");
  EXPECT_EQ(Planned(kBoots), Action::kNoOp);
}

}  // namespace
}  // namespace fediversity::resources
