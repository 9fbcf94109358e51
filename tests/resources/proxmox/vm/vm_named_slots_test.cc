// Only a slot that a configuration has named is removed when it leaves a map. What a template gave, what was there before an
// import and what somebody added by hand stays with the VM.

#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::WarningOn;

class NamedSlotsTest : public VmTest {
 protected:
  // A template with two disks and two cards.
  void MakeTemplate() {
    oracle::Host host(*resource_);
    auto const plan = host.MakePlan(Config(R"({
      "name": "nixos", "node": "pve1", "template": true,
      "disks": {"scsi0": {"storage": "local", "size": "2G"}, "scsi1": {"storage": "local", "size": "1G"}},
      "networks": {"net0": {"bridge": "vmbr0"}, "net1": {"bridge": "vmbr0"}}})"));
    ASSERT_TRUE(plan.has_value()) << host.Errors();
    ASSERT_TRUE(host.Apply(*plan)) << host.Errors();
    proxmox_.Refresh();
    Configure();
  }

  // A VM that somebody made by hand, in state as an import leaves it.
  void ImportHandmade() {
    {
      oracle::Host host(*resource_);
      auto const plan = host.MakePlan(Config(R"({
        "name": "web", "node": "pve1",
        "disks": {"scsi0": {"storage": "local", "size": "2G"}, "scsi1": {"storage": "local", "size": "1G"}},
        "cdroms": {"ide2": {"volume": "none"}}, "serial_devices": {"serial0": "socket", "serial1": "socket"},
        "networks": {"net0": {"bridge": "vmbr0"}, "net1": {"bridge": "vmbr0"}}})"));
      ASSERT_TRUE(plan.has_value()) << host.Errors();
      ASSERT_TRUE(host.Apply(*plan)) << host.Errors();
    }
    proxmox_.Refresh();
    ASSERT_TRUE(Import("web")) << host_.Errors();
  }
};

TEST_F(NamedSlotsTest, APartialMapAfterAnImportRemovesNothing) {
  ImportHandmade();
  constexpr std::string_view kPartial = R"({"name": "web",
    "disks": {"scsi0": {"size": "2G"}}, "networks": {"net0": {"bridge": "vmbr0"}},
    "serial_devices": {"serial0": "socket"}, "cdroms": {}})";
  ASSERT_EQ(Planned(kPartial), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Not(Contains(WarningOn("disks", "will be detached", ""))));
  EXPECT_THAT(diagnostics(),
              Contains(WarningOn("disks", "`scsi1` stays with the VM", "unset = [\"scsi1\"]")));
  EXPECT_THAT(diagnostics(), Contains(WarningOn("networks", "`net1` stays with the VM", "")));
  ASSERT_TRUE(Apply(kPartial)) << host_.Errors();
  EXPECT_THAT(Held("scsi1"), HasSubstr("disk-1"));
  EXPECT_THAT(Held("net1"), HasSubstr("bridge=vmbr0"));
  EXPECT_EQ(Held("serial1"), "socket");
  EXPECT_THAT(Held("ide2"), HasSubstr("cdrom"));
  EXPECT_EQ(Planned(kPartial), Action::kNoOp);
}

TEST_F(NamedSlotsTest, WhatWasNamedOnceIsRemoved) {
  ImportHandmade();
  ASSERT_TRUE(Apply(R"({"name": "web", "memory": {"size": "1G"},
    "networks": {"net0": {"bridge": "vmbr0"}, "net1": {"bridge": "vmbr0"}}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0"}}})")) << host_.Errors();
  EXPECT_EQ(Held("net1"), "");
  EXPECT_THAT(Held("scsi1"), HasSubstr("disk-1")) << "disks are left out";
}

TEST_F(NamedSlotsTest, WhatIsUnsetIsRemovedThoughItWasNeverNamed) {
  ImportHandmade();
  constexpr std::string_view kUnset = R"({"name": "web", "unset": ["scsi1", "net1", "serial1"],
    "disks": {"scsi0": {"size": "2G"}}, "networks": {"net0": {"bridge": "vmbr0"}}})";
  ASSERT_EQ(Planned(kUnset), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "`scsi1` will be detached", "disk-1")));
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(Held("scsi1"), "");
  EXPECT_THAT(Held("unused0"), HasSubstr("disk-1"));
  EXPECT_EQ(Held("net1"), "");
  EXPECT_EQ(Held("serial1"), "");
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
}

TEST_F(NamedSlotsTest, ACardAddedByHandStays) {
  ImportHandmade();
  ASSERT_TRUE(Apply(R"({"name": "web", "memory": {"size": "1G"}})")) << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.config["net2"] = "virtio=BC:24:11:00:00:09,bridge=vmbr0"; });
  constexpr std::string_view kNamed =
      R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0", "vlan": 7}, "net1": {"bridge": "vmbr0"}}})";
  ASSERT_TRUE(Apply(kNamed)) << host_.Errors();
  EXPECT_THAT(Held("net2"), HasSubstr("00:09"));
  EXPECT_THAT(Held("net0"), HasSubstr("tag=7"));
  EXPECT_EQ(Planned(kNamed), Action::kNoOp);
}

TEST_F(NamedSlotsTest, ACloneKeepsWhatItInheritsWhenItGainsAMap) {
  MakeTemplate();
  ASSERT_TRUE(Apply(R"({"name": "web", "clone": {"source": "nixos"}})")) << host_.Errors();
  constexpr std::string_view kGains = R"({"name": "web", "clone": {"source": "nixos"},
    "disks": {"scsi2": {"storage": "local", "size": "1G"}}, "networks": {"net0": {"bridge": "vmbr0"}}})";
  ASSERT_TRUE(Apply(kGains)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), HasSubstr("disk-0"));
  EXPECT_THAT(Held("scsi1"), HasSubstr("disk-1"));
  EXPECT_THAT(Held("scsi2"), HasSubstr("size=1G"));
  EXPECT_THAT(Held("net1"), HasSubstr("bridge"));
  EXPECT_EQ(Held("unused0"), "");
  EXPECT_EQ(Planned(kGains), Action::kNoOp);
}

TEST_F(NamedSlotsTest, ACloneLosesWhatIsUnset) {
  MakeTemplate();
  constexpr std::string_view kUnset =
      R"({"name": "web", "clone": {"source": "nixos"}, "unset": ["scsi1", "net1", "smbios1"]})";
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(Held("scsi1"), "");
  EXPECT_EQ(Held("net1"), "");
  EXPECT_THAT(Held("scsi0"), HasSubstr("disk-0"));
  EXPECT_THAT(Held("smbios1"), HasSubstr("uuid="));
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
}

TEST_F(NamedSlotsTest, AMapThatIsLeftOutShowsWhatElseThereIsButChangesNothing) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0"}}})"))
      << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.config["net2"] = "virtio=BC:24:11:00:00:09,bridge=vmbr0"; });
  constexpr std::string_view kLeftOut = R"({"name": "web", "memory": {"size": "1G"}})";
  ASSERT_TRUE(Apply(kLeftOut)) << host_.Errors();
  EXPECT_EQ(Planned(kLeftOut), Action::kNoOp);
  EXPECT_THAT(State("networks"), HasSubstr("net2"));
}

TEST_F(NamedSlotsTest, AnEmptyMapThatIsLeftOutStaysEmptyUntilThereIsSomething) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "networks": {}, "serial_devices": {}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "on_boot": true})")) << host_.Errors();
  for (const char* const map : {"networks", "serial_devices"}) EXPECT_EQ(State(map), "{}");
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  for (const char* const map : {"networks", "serial_devices"}) EXPECT_EQ(State(map), "{}");
  Edit([](emulators::Vm& vm) { vm.config["serial0"] = "socket"; });
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(State("serial_devices"), R"({"serial0":"socket"})");
}

TEST_F(NamedSlotsTest, ASlotThatAFailedApplyDidNotRemoveIsRemovedByTheNext) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1",
    "networks": {"net0": {"bridge": "vmbr0"}, "net1": {"bridge": "vmbr0"}}})"))
      << host_.Errors();
  proxmox_.AddFault({.method = "PUT", .path = ".*/config"});
  constexpr std::string_view kOne = R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0"}}})";
  EXPECT_FALSE(Apply(kOne));
  EXPECT_NE(Held("net1"), "");
  ASSERT_TRUE(Apply(kOne)) << host_.Errors();
  EXPECT_EQ(Held("net1"), "");
}

TEST_F(NamedSlotsTest, ACardTakesItsAddressesWithIt) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0"},
    "net1": {"bridge": "vmbr0", "ipv4": {"address": "10.0.0.7/24"}, "ipv6": {"address": "auto"}}}})"))
      << host_.Errors();
  ASSERT_NE(Held("ipconfig1"), "");
  ASSERT_TRUE(Apply(R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0"}}})")) << host_.Errors();
  EXPECT_EQ(Held("net1"), "");
  EXPECT_EQ(Held("ipconfig1"), "");
}

TEST_F(NamedSlotsTest, ADiskInASlotThatIsTakenIsRefused) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1G"}},
    "cdroms": {}})"))
      << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config["scsi1"] = "local:100/vm-100-disk-9.raw,size=1G";
    vm.config["ide0"] = "none,media=cdrom";
  });
  EXPECT_FALSE(Apply(R"({"name": "web", "disks": {"scsi0": {"size": "1G"},
    "scsi1": {"storage": "local", "size": "1G"}}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks[\"scsi1\"]", "The slot is taken", "vm-100-disk-9")));
  EXPECT_FALSE(Apply(R"({"name": "web", "disks": {"scsi0": {"size": "1G"},
    "ide0": {"storage": "local", "size": "1G"}}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks[\"ide0\"]", "The slot is taken", "CD-ROM")));
  EXPECT_FALSE(Apply(R"({"name": "web", "cdroms": {"scsi1": {"volume": "none"}}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("cdroms[\"scsi1\"]", "The slot is taken", "vm-100-disk-9")));
  EXPECT_THAT(Held("scsi1"), HasSubstr("disk-9"));
  EXPECT_EQ(Held("unused0"), "");
}

TEST_F(NamedSlotsTest, AnUnusedDiskIsAttachedByItsVolume) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1G"},
    "scsi1": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "disks": {"scsi0": {"size": "1G"}}})")) << host_.Errors();
  std::string const volume = Held("unused0");
  ASSERT_THAT(volume, HasSubstr("disk-1"));
  std::string const again = R"({"name": "web", "disks": {"scsi0": {"size": "1G"}, "scsi4": {"volume": ")" +
                            volume + R"(", "size": "3G"}}})";
  ASSERT_TRUE(Apply(again)) << host_.Errors();
  EXPECT_THAT(Held("scsi4"), AllOf(HasSubstr(volume), HasSubstr("size=3G"))) << "and it grows to its size";
  EXPECT_EQ(Held("unused0"), "");
  EXPECT_EQ(Planned(again), Action::kNoOp);
}

TEST_F(NamedSlotsTest, ANewDiskStartsWithAnImageAndGrows) {
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.AddVolume({.id = "local:import/nixos.qcow2",
                       .storage = "local",
                       .node = "pve1",
                       .content = "import",
                       .format = "qcow2",
                       .size = 1U << 30U});
    return 0;
  });
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  constexpr std::string_view kImported = R"({"name": "web", "disks": {
    "scsi0": {"storage": "local", "size": "4G", "import_from": "local:import/nixos.qcow2"}}})";
  ASSERT_TRUE(Apply(kImported)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=4G"));
  EXPECT_EQ(Planned(kImported), Action::kNoOp);
}

}  // namespace
}  // namespace fediversity::resources
