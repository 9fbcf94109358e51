#include "provider/backends/proxmox/text/option_names.h"
#include "tests/emulators/proxmox/vm_options.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::Not;

class UnsetTest : public VmTest {
 protected:
  void ExpectRefused(const std::string& name, const std::string& why) {
    Configure();
    EXPECT_FALSE(host_.MakePlan(Config(R"({"name": "web", "unset": [")" + name + R"("]})")).has_value())
        << name;
    EXPECT_TRUE(testing::Mentions(diagnostics(), why)) << name << ": " << host_.Errors();
  }
};

TEST_F(UnsetTest, TakesPartsOutOfPropertyStrings) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "vga": {"type": "std", "memory": 32},
    "startup": {"order": 3, "up_delay": 30}, "rng": {"source": "/dev/urandom", "max_bytes": 1024},
    "disks": {"scsi0": {"storage": "local", "size": "1G", "discard": "on", "ssd": true}},
    "networks": {"net0": {"bridge": "vmbr0", "vlan": 7, "mtu": 1400,
                          "ipv4": {"address": "10.0.0.7/24", "gateway": "10.0.0.1"}},
                 "net1": {"bridge": "vmbr0", "vlan": 8, "ipv6": {"address": "auto"}}}})"))
      << host_.Errors();
  std::string const mac = State("networks.net0.mac_address");
  constexpr std::string_view kUnset =
      R"({"name": "web", "unset": ["net0.tag", "net0.mtu", "ipconfig0.gw", "ipconfig1",
    "vga.memory", "startup.up", "rng0.max_bytes", "scsi0.ssd"],
    "networks": {"net0": {"bridge": "vmbr0"}, "net1": {"bridge": "vmbr0"}}})";
  ASSERT_EQ(Planned(kUnset), Action::kUpdate);
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_THAT(Held("net0"), AllOf(Not(HasSubstr("tag")), Not(HasSubstr("mtu")), HasSubstr("bridge")));
  EXPECT_EQ(State("networks.net0.mac_address"), mac);
  EXPECT_THAT(Held("net1"), HasSubstr("tag=8"));
  EXPECT_EQ(Held("ipconfig0"), "ip=10.0.0.7/24");
  EXPECT_EQ(Held("ipconfig1"), "");
  EXPECT_EQ(Held("vga"), "std");
  EXPECT_EQ(Held("startup"), "order=3");
  EXPECT_EQ(Held("rng0"), "/dev/urandom");
  EXPECT_THAT(Held("scsi0"), AllOf(HasSubstr("discard=on"), Not(HasSubstr("ssd"))));
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
}

// Proxmox gives a new VM an order, and writes it anew as devices come and go.
TEST_F(UnsetTest, TheBootOrderStaysAwayWhateverElseChanges) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "unset": ["boot"],
    "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  EXPECT_EQ(Held("boot"), "");
  ASSERT_TRUE(Apply(R"({"name": "web", "boot_order": ["scsi0", "scsi1"], "disks": {
    "scsi0": {"storage": "local", "size": "1G"}, "scsi1": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  constexpr std::string_view kWithout =
      R"({"name": "web", "unset": ["boot"], "cdroms": {"ide2": {"volume": "none"}},
    "disks": {"scsi0": {"storage": "local", "size": "1G"}}})";
  ASSERT_TRUE(Apply(kWithout)) << host_.Errors();
  EXPECT_EQ(Held("boot"), "");
  EXPECT_EQ(Planned(kWithout), Action::kNoOp);
}

TEST_F(UnsetTest, TheBootOrderOfAVmThatRunsStaysAwayAfterItsReboot) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "boot_order": ["scsi0", "scsi1"], "disks": {
    "scsi0": {"storage": "local", "size": "1G"}, "scsi1": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "unset": ["boot"], "reboot": "when_needed",
    "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "false");
  EXPECT_EQ(Held("boot"), "");
}

// It waits for a start that did not come, and Proxmox takes what leaves out of the order before.
TEST_F(UnsetTest, AnOrderThatWaitsInAStoppedVmSurvivesAnotherChange) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "boot_order": ["scsi0", "ide0"],
    "cdroms": {"ide0": {"volume": "none"}}, "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false, "boot_order": ["scsi0"],
    "cdroms": {"ide0": {"volume": "none"}}, "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config["boot"] = "order=net0;ide0";
    vm.pending["boot"] = "order=scsi0";
  });
  ASSERT_TRUE(
      Apply(R"({"name": "web", "cdroms": {}, "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  EXPECT_EQ(Held("boot"), "order=scsi0");
}

// It may yet turn out to be null.
TEST_F(UnsetTest, WhatIsNotKnownIsNotBothSetAndUnset) {
  ASSERT_TRUE(Apply(
      R"({"name": "web", "node": "pve1", "boot_order": ["net0"], "networks": {"net0": {"bridge": "vmbr0"}}})"))
      << host_.Errors();
  Configure();
  wire::Value config = Config(R"({"name": "web", "unset": ["boot"]})");
  config.Set("boot_order", wire::Value::Unknown());
  auto const plan = host_.MakePlan(config);
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_TRUE(plan->after.Find("boot_order")->is_unknown());
}

TEST_F(UnsetTest, TakesAwayWhatNoAttributeStandsFor) {
  BeRoot();
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "cpu": {"type": "host"}})")) << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config["spice_enhancements"] = "foldersharing=1";
    vm.config["cpu"] = "host,hidden=1";
  });
  ASSERT_TRUE(Apply(R"({"name": "web", "unset": ["spice_enhancements", "cpu.hidden", "migrate_speed"]})"))
      << host_.Errors();
  EXPECT_EQ(Held("spice_enhancements"), "");
  EXPECT_EQ(Held("cpu"), "host");
}

TEST(OptionNamesTest, AreThoseOfTheApi) {
  for (auto const version : {emulators::Version::kEight, emulators::Version::kNine}) {
    for (const emulators::Property& option : emulators::VmOptions(version).properties) {
      std::string name = option.name;
      if (option.numbered) name += '0';
      EXPECT_TRUE(proxmox::IsVmOption(name)) << name;
    }
  }
  for (const char* const name :
       {"digest", "delete", "node", "vmid", "skiplock", "scsi31", "scsi", "Cores", ""}) {
    EXPECT_FALSE(proxmox::IsVmOption(name)) << name;
  }
}

TEST_F(UnsetTest, RefusesNamesThatProxmoxLacks) {
  ExpectRefused("wathcdog", "Proxmox has no option `wathcdog` of a VM");
  ExpectRefused("cloud_init", "Proxmox has no option `cloud_init`");
  ExpectRefused("digest", "Proxmox has no option `digest`");
  ExpectRefused("net0.vlan", "Parts of `net0` that can be removed: bridge");
  ExpectRefused("cores.max", "`cores` has no parts");
  ExpectRefused("net32", "Proxmox has no option `net32`");
}

TEST_F(UnsetTest, RefusesWhatNothingCanDoWithout) {
  ExpectRefused("net0.macaddr", "Parts of `net0`");
  ExpectRefused("scsi0.size", "Parts of `scsi0`");
  ExpectRefused("scsi0.", "Parts of `scsi0`");
  ExpectRefused("efidisk0.efitype", "No part of `efidisk0`");
  ExpectRefused("unused0", "would be deleted");
  ExpectRefused("template", "cannot become a VM again");
}

TEST_F(UnsetTest, RefusesAPartThatIsConfigured) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  Configure();
  EXPECT_FALSE(host_
                   .MakePlan(Config(R"({"name": "web", "unset": ["net0.tag"],
    "networks": {"net0": {"bridge": "vmbr0", "vlan": 7}}})"))
                   .has_value());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("unset", "`net0.tag` is both set and unset", "")));
}

TEST_F(UnsetTest, KeepsTheUuidByWhichTheVmIsKnown) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  ASSERT_TRUE(Apply(R"({"name": "web", "smbios": {"manufacturer": "Example"}})")) << host_.Errors();
  std::string const uuid = State("smbios.uuid");
  ASSERT_THAT(uuid, HasSubstr("-"));
  constexpr std::string_view kUnset = R"({"name": "web", "unset": ["smbios1"]})";
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(State("smbios.uuid"), uuid);
  EXPECT_EQ(State("smbios.manufacturer"), "null");
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
}

TEST_F(UnsetTest, RefusesADriveThatThePlanDoesNotShow) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {}})")) << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.config["scsi1"] = "local:100/vm-100-disk-9.raw,size=1G"; });
  EXPECT_FALSE(Apply(R"({"name": "web", "disks": {}, "unset": ["scsi1"]})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("unset", "the plan did not know of", "disk-9")));
  EXPECT_THAT(Held("scsi1"), HasSubstr("disk-9"));
}

}  // namespace
}  // namespace fediversity::resources
