// Values that Proxmox stores in another form than they are written in, and values that do not go together.

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using testing::WarningOn;

class ValuesTest : public VmTest {
 protected:
  using VmTest::VmTest;

  // Whether a plan of this configuration is refused: diagnostics() then says why.
  bool Refuses(std::string_view json) {
    Configure();
    return !host_.MakePlan(Config(json)).has_value();
  }
};

class ValuesOnEightTest : public ValuesTest {
 protected:
  ValuesOnEightTest()
      : ValuesTest({.version = emulators::Version::kEight, .task_latency = std::chrono::milliseconds(0)}) {}
};

TEST_F(ValuesTest, AVolumeOfABlockStorageIsRaw) {
  constexpr std::string_view kRaw = R"({"name": "web", "node": "pve1", "bios": "ovmf",
    "efi_disk": {"storage": "local-lvm", "format": "raw"},
    "disks": {"scsi0": {"storage": "local-lvm", "size": "1G", "format": "raw"},
              "scsi1": {"storage": "local-lvm", "size": "1G"}}})";
  ASSERT_TRUE(Apply(kRaw)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), Not(HasSubstr("format")));
  EXPECT_EQ(State("disks.scsi1.format"), "\"raw\"");
  EXPECT_EQ(Planned(kRaw), Action::kNoOp);
  constexpr std::string_view kConverted =
      R"({"name": "web", "disks": {"scsi0": {"storage": "local-lvm", "size": "1G", "format": "qcow2"}, "scsi1": {}}})";
  EXPECT_FALSE(Apply(kConverted));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "unsupported format 'qcow2'")));
}

TEST_F(ValuesTest, ASizeThatProxmoxRoundsUpIsAsPlanned) {
  constexpr std::string_view kOdd = R"({"name": "web", "node": "pve1", "disks": {
    "scsi0": {"storage": "local", "size": "1GB"}, "scsi1": {"storage": "local", "size": "25GB"},
    "scsi2": {"storage": "local-lvm", "size": "500MB"}}})";
  ASSERT_TRUE(Apply(kOdd)) << host_.Errors();
  EXPECT_THAT(Held("scsi1"), HasSubstr("size=24414063K"));
  EXPECT_EQ(State("disks.scsi1.size"), "\"25GB\"");
  EXPECT_EQ(Planned(kOdd), Action::kNoOp);
  // To whole extents, as a look at the volume finds.
  Edit([](emulators::Vm& vm) { vm.config["scsi2"] = "local-lvm:vm-100-disk-0,size=480M"; });
  EXPECT_EQ(Planned(kOdd), Action::kNoOp);
  constexpr std::string_view kGrown = R"({"name": "web", "disks": {
    "scsi0": {"storage": "local", "size": "2GB"}, "scsi1": {"storage": "local", "size": "25GB", "ssd": true},
    "scsi2": {"storage": "local-lvm", "size": "500MB", "ssd": true}}})";
  ASSERT_TRUE(Apply(kGrown)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=1953125K"));
  EXPECT_THAT(Held("scsi1"), HasSubstr("size=24414063K"));
  EXPECT_EQ(Planned(kGrown), Action::kNoOp);
}

TEST_F(ValuesTest, AnImportedDiskIsOfTheSizeThatItWasMadeFrom) {
  constexpr std::string_view kOdd =
      R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1GB"}}})";
  ASSERT_TRUE(Apply(kOdd)) << host_.Errors();
  oracle::Host other(*resource_);
  Configure();
  ASSERT_TRUE(other.Import({.id = "100", .identity = {}})) << other.Errors();
  auto const plan = other.MakePlan(Config(kOdd));
  ASSERT_TRUE(plan.has_value()) << other.Errors();
  EXPECT_EQ(plan->action, Action::kNoOp) << Differences(*plan);
  EXPECT_THAT(other.faults(), IsEmpty());
}

TEST_F(ValuesTest, ADiskGrowsBySmallStepsAndDoesNotShrinkByThem) {
  auto const with = [](std::string_view size) {
    return Cat({R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local-lvm", "size": ")",
                size, R"("}}})"});
  };
  ASSERT_TRUE(Apply(with("1021M"))) << host_.Errors();
  ASSERT_EQ(Planned(with("1G")), Action::kUpdate);
  ASSERT_TRUE(Apply(with("1G"))) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=1G"));
  EXPECT_TRUE(Refuses(with("1020M")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks[\"scsi0\"].size", "cannot shrink", "1G")));
}

TEST_F(ValuesTest, ACardOfATemplateKeepsItsModel) {
  ASSERT_TRUE(Apply(R"({"name": "nixos", "node": "pve1", "template": true,
    "networks": {"net0": {"bridge": "vmbr0", "model": "e1000"}}})"))
      << host_.Errors();
  proxmox_.Refresh();
  oracle::Host clone(*resource_);
  Configure();
  auto const plan = clone.MakePlan(Config(R"({"name": "web", "clone": {"source": "nixos"},
    "networks": {"net0": {"bridge": "vmbr0", "vlan": 7}, "net1": {"bridge": "vmbr0"}}})"));
  ASSERT_TRUE(plan.has_value()) << clone.Errors();
  ASSERT_TRUE(clone.Apply(*plan)) << clone.Errors();
  EXPECT_THAT(clone.faults(), IsEmpty());
  proxmox_.With([](emulators::Cluster& cluster) {
    EXPECT_THAT(cluster.FindVm(101)->Get("net0"), StartsWith("e1000="));
    EXPECT_THAT(cluster.FindVm(101)->Get("net0"), HasSubstr("tag=7"));
    EXPECT_THAT(cluster.FindVm(101)->Get("net1"), StartsWith("virtio="));
    return 0;
  });
}

TEST_F(ValuesTest, AGatewayGoesWithTheStaticAddress) {
  auto const with = [](std::string_view ipv4, std::string_view ipv6) {
    return Cat({R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0", "ipv4": )", ipv4,
                R"(, "ipv6": )", ipv6, "}}}"});
  };
  ASSERT_TRUE(Apply(with(R"({"address": "10.0.0.7/24", "gateway": "10.0.0.1"})",
                         R"({"address": "2001:db8::7/64", "gateway": "fe80::1"})")))
      << host_.Errors();
  constexpr std::string_view kDhcp = R"({"address": "dhcp"})";
  ASSERT_TRUE(Apply(with(kDhcp, R"({"address": "auto"})"))) << host_.Errors();
  EXPECT_EQ(Held("ipconfig0"), "ip=dhcp,ip6=auto");
  EXPECT_EQ(Planned(with(kDhcp, R"({"address": "auto"})")), Action::kNoOp);
  EXPECT_TRUE(Refuses(with(R"({"gateway": "10.0.0.1"})", kDhcp)));
  EXPECT_THAT(diagnostics(),
              UnorderedElementsAre(ErrorOn("networks[\"net0\"].ipv4.gateway", "beside", "dhcp")));
}

TEST_F(ValuesTest, ACloneGetsRidOfTheGatewayOfItsTemplate) {
  ASSERT_TRUE(
      Apply(R"({"name": "nixos", "node": "pve1", "template": true, "networks": {"net0": {"bridge": "vmbr0",
    "ipv4": {"address": "10.0.0.7/24", "gateway": "10.0.0.1"}}}})"))
      << host_.Errors();
  proxmox_.Refresh();
  Configure();
  oracle::Host clone(*resource_);
  auto const plan = clone.MakePlan(Config(R"({"name": "web", "clone": {"source": "nixos"},
    "networks": {"net0": {"ipv4": {"address": "dhcp"}}}})"));
  ASSERT_TRUE(plan.has_value()) << clone.Errors();
  ASSERT_TRUE(clone.Apply(*plan)) << clone.Errors();
  EXPECT_THAT(clone.diagnostics(), IsEmpty());
  proxmox_.With([](emulators::Cluster& cluster) {
    EXPECT_EQ(cluster.FindVm(101)->Get("ipconfig0"), "ip=dhcp");
    return 0;
  });
}

TEST_F(ValuesTest, AGatewayThatIsKnownLaterLosesItsOldValue) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0",
    "ipv4": {"address": "10.0.0.7/24", "gateway": "10.0.0.1"}}}})"))
      << host_.Errors();
  constexpr std::string_view kDhcp =
      R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0", "ipv4": {"address": "dhcp"}}}})";
  wire::Value const known = Config(kDhcp);
  wire::Value unknown = known;
  unknown.FindMutable("networks")
      ->FindMutable("net0")
      ->FindMutable("ipv4")
      ->Set("address", wire::Value::Unknown());
  Configure();
  auto const plan = host_.MakePlan(unknown);
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  ASSERT_TRUE(host_.Apply(*plan, known)) << host_.Errors();
  EXPECT_EQ(Held("ipconfig0"), "ip=dhcp");
}

TEST_F(ValuesTest, AGatewayNeedsAnAddressInWhoseNetworkItIs) {
  EXPECT_TRUE(Refuses(R"({"name": "web", "networks": {
    "net0": {"ipv4": {"address": "10.0.0.7/24", "gateway": "10.0.1.1"},
             "ipv6": {"address": "2001:db8::7/64", "gateway": "2001:db8:0:1::1"}},
    "net1": {"ipv4": {"address": "dhcp", "gateway": "10.0.0.1"},
             "ipv6": {"address": "auto", "gateway": "2001:db8::1"}},
    "net2": {"ipv4": {"address": "192.0.2.7/32", "gateway": "10.0.0.1"},
             "ipv6": {"address": "2001:db8::7/65", "gateway": "fe80::1"}},
    "net3": {"ipv4": {"address": "10.0.0.7/25", "gateway": "10.0.0.126"},
             "ipv6": {"address": "2001:db8::7/65", "gateway": "2001:db8::8000:0:0:1"}}}})"));
  EXPECT_THAT(
      diagnostics(),
      UnorderedElementsAre(ErrorOn("networks[\"net0\"].ipv4.gateway", "outside the network", "10.0.0.7/24"),
                           ErrorOn("networks[\"net0\"].ipv6.gateway", "outside the network", "::7/64"),
                           ErrorOn("networks[\"net1\"].ipv4.gateway", "beside", "dhcp"),
                           ErrorOn("networks[\"net1\"].ipv6.gateway", "beside", "auto"),
                           ErrorOn("networks[\"net3\"].ipv6.gateway", "outside the network", "::7/65")));
  EXPECT_TRUE(Refuses(R"({"name": "web", "networks": {"net0": {"ipv4": {"gateway": "10.0.0.1"}},
    "net1": {"ipv4": {"address": "10.0.0.7/24", "gateway": "2001:db8::1"}}}})"));
  EXPECT_THAT(diagnostics(),
              UnorderedElementsAre(ErrorOn("networks[\"net1\"].ipv4.gateway", "Invalid", "IPv4")));
  EXPECT_TRUE(Refuses(R"({"name": "web", "networks": {"net0": {"ipv4": {"gateway": "10.0.0.1"}}}})"));
  EXPECT_THAT(diagnostics(), UnorderedElementsAre(ErrorOn("networks[\"net0\"].ipv4.gateway",
                                                          "without an address", "address")));
}

// Such as one on the link, which hosters give. What is new or changed is refused.
TEST_F(ValuesTest, AGatewayThatTheVmHasIsNoError) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0"}}})"))
      << host_.Errors();
  struct Case {
    const char* held;
    const char* family;
    const char* config;
    const char* summary;
  };
  constexpr Case kCases[] = {
      {"ip=203.0.113.9/29,gw=198.51.100.1", "ipv4",
       R"("address": "203.0.113.9/29", "gateway": "198.51.100.1")", "outside the network"},
      {"ip6=2001:db8::7/64,gw6=2001:db8:0:1::1", "ipv6",
       R"("address": "2001:db8::7/64", "gateway": "2001:db8:0:1::1")", "outside the network"},
      {"ip=dhcp,gw=10.0.0.1", "ipv4", R"("address": "dhcp", "gateway": "10.0.0.1")", "beside an address"},
      {"gw=10.0.0.1", "ipv4", R"("gateway": "10.0.0.1")", "without an address"},
  };
  for (const Case& example : kCases) {
    SCOPED_TRACE(example.held);
    Edit([&](emulators::Vm& vm) { vm.config["ipconfig0"] = example.held; });
    auto const config = [&](std::string_view more) {
      return Cat({R"({"name": "web", )", more, R"("networks": {"net0": {"bridge": "vmbr0", ")",
                  example.family, R"(": {)", example.config, "}}}}"});
    };
    std::string const path = Cat({"networks[\"net0\"].", example.family, ".gateway"});
    ASSERT_TRUE(Import("web")) << host_.Errors();
    EXPECT_EQ(Planned(config("")), Action::kNoOp);
    EXPECT_THAT(diagnostics(), Contains(WarningOn(path, example.summary, "")));
    ASSERT_TRUE(Apply(config(R"("tags": ["a"], )"))) << host_.Errors();
    EXPECT_EQ(Held("ipconfig0"), example.held);
    Edit([](emulators::Vm& vm) { vm.config.erase("ipconfig0"); });
    Configure();
    ASSERT_TRUE(host_.Refresh()) << host_.Errors();
    EXPECT_TRUE(Refuses(config("")));
    EXPECT_THAT(diagnostics(), Contains(ErrorOn(path, example.summary, "")));
  }
}

TEST_F(ValuesTest, TheAgentsOptionsNeedToKnowWhetherItIsEnabled) {
  EXPECT_TRUE(Refuses(R"({"name": "web", "agent": {"freeze_fs": false}})"));
  EXPECT_THAT(diagnostics(), UnorderedElementsAre(ErrorOn("agent", "enabled?", "`enabled`")));
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "agent": {"network_interfaces": false}})"))
      << host_.Errors();
  EXPECT_TRUE(Refuses(R"({"name": "web", "agent": {"type": "isa"}})"));
  EXPECT_THAT(diagnostics(), UnorderedElementsAre(ErrorOn("agent", "enabled?", "`enabled`")));
  ASSERT_TRUE(Apply(R"({"name": "web", "agent": {"enabled": false}})")) << host_.Errors();
  EXPECT_TRUE(Apply(R"({"name": "web", "agent": {"type": "isa"}})")) << host_.Errors();
}

TEST_F(ValuesOnEightTest, FreezingFileSystemsIsSaidInWordsOfBothVersions) {
  constexpr std::string_view kConfig =
      R"({"name": "web", "node": "pve1", "agent": {"enabled": true, "freeze_fs": false}})";
  ASSERT_TRUE(Apply(kConfig)) << host_.Errors();
  EXPECT_EQ(Held("agent"), "1,freeze-fs-on-backup=0");
  EXPECT_EQ(Planned(kConfig), Action::kNoOp);
  Edit([](emulators::Vm& vm) { vm.config["agent"] = "enabled=1,freeze-fs=0"; });
  EXPECT_EQ(Planned(kConfig), Action::kNoOp) << "as Proxmox 9 may spell it";
}

TEST_F(ValuesTest, AnEmptyMachineIsTheUsualOne) {
  constexpr std::string_view kConfig = R"({"name": "web", "node": "pve1", "machine": ""})";
  ASSERT_TRUE(Apply(kConfig)) << host_.Errors();
  EXPECT_EQ(Planned(kConfig), Action::kNoOp);
}

TEST_F(ValuesTest, TheLastOfSeveralDevicesIsUnset) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "serial_devices": {"serial0": "socket"},
                        "usb_devices": {"usb0": {"mapping": "stick"}}})"))
      << host_.Errors();
  constexpr std::string_view kUnset = R"({"name": "web", "unset": ["serial0", "usb0"]})";
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(Held("serial0") + Held("usb0"), "");
  EXPECT_EQ(State("serial_devices"), "null");
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
}

TEST_F(ValuesTest, NameServersAreReadHoweverTheyAreSeparated) {
  constexpr std::string_view kConfig =
      R"({"name": "web", "node": "pve1", "cloud_init": {"dns_servers": ["10.0.0.53", "10.0.0.54", "10.0.0.55"]}})";
  ASSERT_TRUE(Apply(kConfig)) << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.config["nameserver"] = "10.0.0.53,10.0.0.54; 10.0.0.55"; });
  EXPECT_EQ(Planned(kConfig), Action::kNoOp);
}

TEST_F(ValuesTest, WhatProxmoxRefusesIsSaidOnTheAttribute) {
  constexpr std::string_view kBad =
      R"({"name": "web", "node": "pve1", "started": false, "cpu": {"cores": 2, "type": "abacus"}})";
  EXPECT_FALSE(Apply(kBad));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("cpu.type", "the server refuses cpu", "abacus")));
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  auto const refused = [this](std::string_view attribute) {
    EXPECT_FALSE(Apply(Cat({R"({"name": "web", )", attribute, "}"})));
    return diagnostics();
  };
  EXPECT_THAT(refused(R"("os_type": "win99")"), Contains(ErrorOn("os_type", "refuses ostype", "win99")));
  EXPECT_THAT(refused(R"("vga": {"type": "cga"})"), Contains(ErrorOn("vga.type", "refuses vga", "cga")));
  EXPECT_THAT(refused(R"("disks": {"scsi0": {"cache": "warm"}})"),
              Contains(ErrorOn("disks[\"scsi0\"]", "refuses scsi0", "warm")));
  EXPECT_THAT(refused(R"("networks": {"net1": {"bridge": "vmbr0", "model": "token-ring"}})"),
              Contains(ErrorOn("networks[\"net1\"]", "refuses net1", "token-ring")));
  EXPECT_THAT(refused(R"("serial_devices": {"serial1": "pipe"})"),
              Contains(ErrorOn("serial_devices[\"serial1\"]", "", "")));
  EXPECT_THAT(refused(R"("os_type": "win99", "bios": "award")"),
              Contains(ErrorOn("bios", "refuses parameters", "win99")));
}

TEST_F(ValuesTest, WhatProxmoxRefusesOfACloneIsSaidOnTheAttribute) {
  ASSERT_TRUE(Apply(R"({"name": "nixos", "node": "pve1", "template": true})")) << host_.Errors();
  proxmox_.Refresh();
  Configure();
  oracle::Host clone(*resource_);
  auto const plan =
      clone.MakePlan(Config(R"({"name": "web", "clone": {"source": "nixos"}, "bios": "award"})"));
  ASSERT_TRUE(plan.has_value()) << clone.Errors();
  ASSERT_TRUE(clone.Apply(*plan)) << clone.Errors();
  EXPECT_THAT(clone.diagnostics(), Contains(WarningOn("bios", "not finished", "award")));
}

TEST_F(ValuesTest, ADiskHasOnlyWhatItsBusHas) {
  EXPECT_TRUE(Refuses(R"({"name": "web", "disks": {
    "virtio0": {"ssd": true, "wwn": "0x5000000000000001", "queues": 2, "iothread": true, "read_only": true},
    "sata0": {"iothread": false, "queues": 2, "read_only": false, "ssd": true, "wwn": "0x5000000000000001"},
    "scsi0": {"iothread": true, "queues": 2, "read_only": false, "ssd": true, "wwn": "0x5000000000000001"}}})"));
  EXPECT_THAT(
      diagnostics(),
      UnorderedElementsAre(ErrorOn("disks[\"virtio0\"].ssd", "has no `ssd`", "IDE, SATA and SCSI"),
                           ErrorOn("disks[\"virtio0\"].wwn", "has no `wwn`", "IDE, SATA and SCSI"),
                           ErrorOn("disks[\"virtio0\"].queues", "has no `queues`", "SCSI disks"),
                           ErrorOn("disks[\"sata0\"].iothread", "has no `iothread`", "SCSI and virtio"),
                           ErrorOn("disks[\"sata0\"].queues", "has no `queues`", "SCSI disks"),
                           ErrorOn("disks[\"sata0\"].read_only", "has no `read_only`", "SCSI and virtio")));
}

TEST_F(ValuesTest, NumbersAreWithinProxmoxsBounds) {
  EXPECT_TRUE(Refuses(R"({"name": "web", "cpu": {"limit": 128.5, "units": 262145},
    "memory": {"size": "15M", "shares": 50001}, "vga": {"memory": 513}, "startup": {"order": -1},
    "networks": {"net0": {"mtu": 65521, "queues": 65, "rate": -0.5}},
    "disks": {"scsi0": {"queues": 1, "wwn": "0x500000000000000g", "serial": "                     "}}})"));
  std::vector<std::string> paths;
  paths.reserve(diagnostics().size());
  for (const auto& diagnostic : diagnostics()) paths.push_back(diagnostic.path.ToString());
  EXPECT_THAT(paths,
              UnorderedElementsAre("cpu.limit", "cpu.units", "memory.size", "memory.shares", "vga.memory",
                                   "startup.order", "networks[\"net0\"].mtu", "networks[\"net0\"].queues",
                                   "networks[\"net0\"].rate", "disks[\"scsi0\"].queues",
                                   "disks[\"scsi0\"].wwn", "disks[\"scsi0\"].serial"));
  EXPECT_TRUE(Apply(R"({"name": "web", "node": "pve1", "cpu": {"limit": 127.5, "units": 262144},
    "memory": {"size": "16M", "shares": 0}, "vga": {"memory": 4}, "startup": {"order": 0},
    "networks": {"net0": {"bridge": "vmbr0", "mtu": 1, "queues": 64, "rate": 0}},
    "disks": {"scsi0": {"storage": "local", "size": "1G", "queues": 2, "wwn": "0x500000000000000f",
                        "serial": "                    "}}})"))
      << host_.Errors();
}

TEST_F(ValuesTest, NoMoreProcessorsArePluggedInThanThereAre) {
  EXPECT_TRUE(Refuses(R"({"name": "web", "cpu": {"vcpus": 2}})"));
  EXPECT_THAT(diagnostics(),
              UnorderedElementsAre(ErrorOn("cpu.vcpus", "plugged in", "1 cores on 1 sockets")));
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "cpu": {"vcpus": 4, "cores": 2, "sockets": 2}})"))
      << host_.Errors();
  EXPECT_TRUE(Refuses(R"({"name": "web", "cpu": {"vcpus": 4, "sockets": 1}})"));
  EXPECT_THAT(diagnostics(),
              UnorderedElementsAre(ErrorOn("cpu.vcpus", "plugged in", "2 cores on 1 sockets")));
}

TEST_F(ValuesTest, ANewVmBootsFromWhatItHas) {
  EXPECT_TRUE(Refuses(R"({"name": "web", "boot_order": ["scsi0", "disk1", "ide2", "net0"],
    "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"));
  EXPECT_THAT(diagnostics(), UnorderedElementsAre(ErrorOn("boot_order[1]", "boot from", "disk1")));
  EXPECT_TRUE(Refuses(R"({"name": "web", "boot_order": ["scsi0", "scsi1", "ide2", "net0"],
    "disks": {"scsi0": {"storage": "local", "size": "1G"}}, "cdroms": {"ide2": {"volume": "none"}}})"));
  EXPECT_THAT(diagnostics(), UnorderedElementsAre(ErrorOn("boot_order[1]", "boot from", "`scsi1`"),
                                                  ErrorOn("boot_order[3]", "boot from", "`net0`")));
}

TEST_F(ValuesTest, ALinkedCloneIsWhereItsTemplateIs) {
  EXPECT_TRUE(Refuses(
      R"({"name": "web", "clone": {"source": "nixos", "full": false, "storage": "shared", "format": "raw"}})"));
  EXPECT_THAT(diagnostics(), UnorderedElementsAre(ErrorOn("clone.storage", "linked clone", "`full = true`"),
                                                  ErrorOn("clone.format", "linked clone", "`full = true`")));
}

TEST_F(ValuesTest, ATemplateOfEachNodeIsClonedOnItsOwn) {
  for (std::string_view const node : {"pve1", "pve2"}) {
    oracle::Host host(*resource_);
    Configure();
    auto const plan = host.MakePlan(Config(Cat({R"({"name": "made-on-)", node, R"(", "node": ")", node,
                                                R"(", "template": true, "description": ")", node, R"("})"})));
    ASSERT_TRUE(plan.has_value()) << host.Errors();
    ASSERT_TRUE(host.Apply(*plan)) << host.Errors();
  }
  proxmox_.With([](emulators::Cluster& cluster) {
    for (auto& [vmid, vm] : cluster.vms) vm.config["name"] = "nixos";
    return 0;
  });
  proxmox_.Refresh();
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve2", "clone": {"source": "nixos"}})")) << host_.Errors();
  EXPECT_EQ(Held("description"), "pve2");
  oracle::Host other(*resource_);
  Configure();
  auto const plan =
      other.MakePlan(Config(R"({"name": "elsewhere", "node": "pve3", "clone": {"source": "nixos"}})"));
  ASSERT_TRUE(plan.has_value()) << other.Errors();
  EXPECT_FALSE(other.Apply(*plan));
  EXPECT_THAT(other.diagnostics(), Contains(ErrorOn("clone.source", "Several VMs are called", "100, 101")));
}

}  // namespace
}  // namespace fediversity::resources
