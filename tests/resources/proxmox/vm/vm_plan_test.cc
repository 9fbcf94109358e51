#include "provider/base/text.h"
#include "resources/proxmox/vm.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using testing::WarningOn;

class PlanTest : public VmTest {
 protected:
  // The attributes of which a plan says that only root may set them.
  std::vector<std::string> RootOnly(std::string_view json) {
    Configure();
    EXPECT_TRUE(!host_.exists() || host_.Refresh()) << host_.Errors();
    host_.MakePlan(Config(json));
    std::vector<std::string> paths;
    for (const auto& diagnostic : diagnostics()) {
      if (diagnostic.summary.find("Only root@pam") != std::string::npos)
        paths.push_back(diagnostic.path.ToString());
    }
    return paths;
  }
};

TEST_F(PlanTest, WhatOnlyRootMayMakeIsRefused) {
  EXPECT_THAT(RootOnly(R"({"name": "web", "hook_script": "local:snippets/hook.pl",
      "memory": {"size": "1G", "hugepages": "2", "keep_hugepages": true},
      "disks": {"scsi0": {"volume": "/dev/sda"}, "scsi1": {"storage": "local", "import_from": "/tmp/disk.raw"},
                "scsi2": {"storage": "local", "import_from": "local:import/disk.raw"}},
      "cdroms": {"ide0": {"volume": "/tmp/live.iso"}, "ide1": {"volume": "cdrom"}}})"),
              UnorderedElementsAre("hook_script", "memory.hugepages", "memory.keep_hugepages",
                                   "disks[\"scsi0\"].volume", "disks[\"scsi1\"].import_from",
                                   "cdroms[\"ide0\"].volume"));
}

TEST_F(PlanTest, WhatOnlyRootMayEncryptIsRefused) {
  EXPECT_THAT(RootOnly(R"({"name": "web", "amd_sev": {"type": "snp"}})"), UnorderedElementsAre("amd_sev"));
}

TEST_F(PlanTest, WhatOnlyRootMayUnsetIsRefused) {
  constexpr std::string_view kUnset =
      R"({"name": "web", "unset": ["lock", "vmgenid", "ivshmem", "parallel0", "spice_enhancements", "vcpus"]})";
  EXPECT_THAT(RootOnly(kUnset), IsEmpty()) << "a new VM has none of them";
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  EXPECT_THAT(RootOnly(kUnset), UnorderedElementsAre("unset", "unset", "unset", "unset", "unset"));
  // Once root has removed them, the configuration is everybody's.
  BeRoot();
  Edit([](emulators::Vm& vm) { vm.config["spice_enhancements"] = "foldersharing=1"; });
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(Held("spice_enhancements"), "");
  credentials_ = proxmox::ApiToken{Secret(proxmox_.root_token())};
  EXPECT_THAT(RootOnly(kUnset), IsEmpty());
}

TEST_F(PlanTest, WhatOnlyRootMayChangeOrRemoveIsRefused) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})")) << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config["args"] = "-no-hpet";
    vm.config["affinity"] = "0-1";
    vm.config["hostpci0"] = "0000:01:00.0";
    vm.config["hostpci1"] = "mapping=gpu";
    vm.config["hostpci2"] = "mapping=gpu,romfile=vbios.bin";
    vm.config["usb0"] = "host=1234:5678";
    vm.config["serial0"] = "/dev/ttyS0";
  });
  EXPECT_THAT(RootOnly(R"({"name": "web"})"), UnorderedElementsAre());
  EXPECT_THAT(RootOnly(R"({"name": "web", "tags": ["a"], "args": "-no-hpet", "cpu": {"affinity": "0-1"},
      "pci_devices": {"hostpci0": {"host": "0000:01:00.0"}, "hostpci1": {"mapping": "gpu"},
                      "hostpci2": {"mapping": "gpu", "rom_file": "vbios.bin"}},
      "usb_devices": {"usb0": {"host": "1234:5678"}}, "serial_devices": {"serial0": "/dev/ttyS0"}})"),
              UnorderedElementsAre())
      << "as it is";
  EXPECT_THAT(
      RootOnly(R"({"name": "web", "unset": ["args", "affinity", "serial0"],
      "pci_devices": {"hostpci0": {"host": "0000:01:00.0", "pcie": true}, "hostpci1": {"mapping": "nic"},
                      "hostpci2": {"mapping": "nic", "rom_file": "vbios.bin"}},
      "usb_devices": {"usb0": {"mapping": "key"}}, "serial_devices": {}})"),
      UnorderedElementsAre("args", "cpu.affinity", "pci_devices[\"hostpci0\"].host",
                           "pci_devices[\"hostpci2\"].rom_file", "usb_devices[\"usb0\"]", "serial_devices"));
}

TEST_F(PlanTest, AMappedDeviceTakesThePlaceOfTheNodesOwn) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "usb_devices": {"usb0": {"host": "spice"}}})"))
      << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.mappings[1]["key"] = emulators::Json::object();
    return 0;
  });
  constexpr std::string_view kMapped =
      R"({"name": "web", "usb_devices": {"usb0": {"mapping": "key", "usb3": true}}})";
  ASSERT_TRUE(Apply(kMapped)) << host_.Errors();
  EXPECT_THAT(Held("usb0"), HasSubstr("mapping=key"));
  EXPECT_EQ(State("usb_devices.usb0.host"), "null");
  EXPECT_EQ(Planned(kMapped), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "web", "usb_devices": {"usb0": {"host": "spice"}}})")) << host_.Errors();
  EXPECT_EQ(State("usb_devices.usb0.mapping"), "null");
}

constexpr std::string_view kDisk = R"({"name": "web", "node": "pve1",
    "disks": {"scsi0": {"storage": "local", "size": "1G"}}, "boot_order": ["scsi0"]})";

TEST_F(PlanTest, ACdromJoinsTheBootOrderThatNobodyGives) {
  ASSERT_TRUE(Apply(kDisk)) << host_.Errors();
  constexpr std::string_view kCdrom = R"({"name": "web", "cdroms": {"ide0": {"volume": "none"}}})";
  ASSERT_TRUE(Apply(kCdrom)) << host_.Errors();
  EXPECT_EQ(Held("boot"), "order=scsi0;ide0");
  EXPECT_EQ(State("boot_order"), R"(["scsi0","ide0"])");
  EXPECT_EQ(Planned(kCdrom), Action::kNoOp);
}

TEST_F(PlanTest, WhatLeavesTheVmLeavesTheBootOrder) {
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.mappings[1]["key"] = emulators::Json::object();
    return 0;
  });
  struct Case {
    const char* device;
    const char* with;
    const char* without;
  };
  constexpr Case kCases[] = {
      {"ide2", R"("cdroms": {"ide2": {"volume": "none"}})", R"("unset": ["ide2"])"},
      {"net0", R"("networks": {"net0": {"bridge": "vmbr0"}})", R"("unset": ["net0"])"},
      {"usb0", R"("usb_devices": {"usb0": {"mapping": "key"}})", R"("usb_devices": {})"},
  };
  ASSERT_TRUE(Apply(kDisk)) << host_.Errors();
  for (const Case& example : kCases) {
    SCOPED_TRACE(example.device);
    ASSERT_TRUE(Apply(
        Cat({R"({"name": "web", "boot_order": ["scsi0", ")", example.device, R"("], )", example.with, "}"})))
        << host_.Errors();
    std::string const without = Cat({R"({"name": "web", )", example.without, "}"});
    ASSERT_TRUE(Apply(without)) << host_.Errors();
    EXPECT_EQ(State("boot_order"), R"(["scsi0"])");
    EXPECT_EQ(Planned(without), Action::kNoOp);
  }
}

// Proxmox adds to the order that is in effect, and takes out of it.
TEST_F(PlanTest, ABootOrderThatWaitsOutlivesTheNextChange) {
  constexpr std::string_view kDevices = R"("started": true, "disks": {"scsi0": {}, "scsi1": {}})";
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "started": true, "boot_order": ["scsi0"],
      "disks": {"scsi0": {"storage": "local", "size": "1G"}, "scsi1": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  auto const given = [&](std::string_view cdroms) {
    return Cat(
        {R"({"name": "web", "boot_order": ["ide0", "scsi1"], "cdroms": {)", cdroms, "}, ", kDevices, "}"});
  };
  for (const char* const cdroms :
       {R"("ide0": {"volume": "none"})", R"("ide0": {"volume": "none"}, "ide1": {"volume": "none"})",
        R"("ide0": {"volume": "cdrom"}, "ide1": {"volume": "none"})", R"("ide0": {"volume": "none"})"}) {
    SCOPED_TRACE(cdroms);
    ASSERT_TRUE(Apply(given(cdroms))) << host_.Errors();
    EXPECT_EQ(State("boot_order"), R"(["ide0","scsi1"])");
    EXPECT_EQ(Planned(given(cdroms)), Action::kNoOp);
  }
  std::string const left_out =
      Cat({R"({"name": "web", "cdroms": {"ide0": {"volume": "none"}, "ide3": {"volume": "none"}}, )",
           kDevices, "}"});
  ASSERT_TRUE(Apply(left_out)) << host_.Errors();
  EXPECT_EQ(Planned(left_out), Action::kNoOp);
}

TEST_F(PlanTest, TheBootOrderThatIsGivenOutlivesANewCdrom) {
  ASSERT_TRUE(Apply(kDisk)) << host_.Errors();
  for (const char* const order : {R"(["scsi0"])", R"(["ide0", "scsi0"])", R"(["scsi0"])"}) {
    SCOPED_TRACE(order);
    std::string const config =
        Cat({R"({"name": "web", "cdroms": {"ide0": {"volume": "none"}}, "boot_order": )", order, "}"});
    ASSERT_TRUE(Apply(config)) << host_.Errors();
    EXPECT_EQ(Planned(config), Action::kNoOp);
  }
  EXPECT_EQ(Held("boot"), "order=scsi0");
}

TEST_F(PlanTest, ADiskCannotBecomeAnotherVolume) {
  ASSERT_TRUE(Apply(kDisk)) << host_.Errors();
  auto const config = [](std::string_view volume, std::string_view storage) {
    return Cat(
        {R"({"name": "web", "disks": {"scsi0": {"storage": ")", storage, R"(", "volume": )", volume, "}}}"});
  };
  std::string const held = State("disks.scsi0.volume");
  EXPECT_EQ(Planned(config(held, "local")), Action::kNoOp);
  EXPECT_FALSE(Apply(config(R"("local:100/vm-100-disk-7.raw")", "local")));
  EXPECT_THAT(diagnostics(),
              Contains(ErrorOn("disks[\"scsi0\"].volume", "cannot become another volume", "another slot")));
  EXPECT_FALSE(Apply(config(held, "local-lvm")));
  EXPECT_THAT(diagnostics(),
              Contains(ErrorOn("disks[\"scsi0\"].volume", "cannot become another volume", "Leave")));
  EXPECT_THAT(Held("scsi0"), StartsWith("local:"));
}

TEST_F(PlanTest, LaterChangesOfWhatAVmIsMadeFromAreRecorded) {
  ASSERT_TRUE(Apply(kDisk)) << host_.Errors();
  proxmox_.Refresh();
  auto const config = [](std::string_view source) {
    return Cat(
        {R"({"name": "copy", "clone": {"source": "web", "full": )", source, R"(}, "disks": {"scsi0": {}}})"});
  };
  oracle::Host copy(*resource_);
  auto const apply = [&](std::string_view source) {
    Configure();
    EXPECT_TRUE(!copy.exists() || copy.Refresh()) << copy.Errors();
    auto const plan = copy.MakePlan(Config(config(source)));
    ASSERT_TRUE(plan.has_value()) << copy.Errors();
    auto const told = copy.diagnostics();
    ASSERT_TRUE(copy.Apply(*plan)) << copy.Errors();
    if (source == "true") return;
    EXPECT_THAT(told, Contains(WarningOn("clone", "is cloned already", "-replace")));
  };
  apply("true");
  apply("false");
  EXPECT_THAT(copy.faults(), ::testing::IsEmpty());
}

TEST_F(PlanTest, AnotherImageForADiskThatExistsIsRecorded) {
  proxmox_.With([](emulators::Cluster& cluster) {
    for (const char* const name : {"a", "b"}) {
      cluster.AddVolume({.id = Cat({"local:import/", name, ".qcow2"}),
                         .storage = "local",
                         .node = "pve1",
                         .content = "import",
                         .format = "qcow2",
                         .size = 1 << 20,
                         .virtual_size = 1 << 30});
    }
    return 0;
  });
  auto const config = [](std::string_view image) {
    return Cat(
        {R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "import_from": "local:import/)",
         image, R"(.qcow2"}}})"});
  };
  ASSERT_TRUE(Apply(config("a"))) << host_.Errors();
  ASSERT_EQ(Planned(config("b")), Action::kUpdate);
  EXPECT_THAT(diagnostics(),
              Contains(WarningOn("disks[\"scsi0\"].import_from", "has its content already", "another slot")));
  ASSERT_TRUE(Apply(config("b"))) << host_.Errors();
  EXPECT_EQ(Planned(config("b")), Action::kNoOp);
}

}  // namespace
}  // namespace fediversity::resources
