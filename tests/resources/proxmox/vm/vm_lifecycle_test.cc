#include <deque>

#include "provider/base/text.h"
#include "resources/proxmox/vm.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::WarningOn;

constexpr std::string_view kSmall = R"({
  "name": "web", "node": "pve1",
  "memory": {"size": "1G"},
  "disks": {"scsi0": {"storage": "local", "size": "4G"}},
  "networks": {"net0": {"bridge": "vmbr0"}}})";

TEST_F(VmTest, IsMadeFoundUnchangedAndDestroyed) {
  ASSERT_TRUE(Apply(kSmall)) << host_.Errors();
  EXPECT_EQ(Held("memory"), "1024");
  EXPECT_EQ(State("memory.size"), "\"1G\"");
  EXPECT_EQ(State("started"), "false");
  EXPECT_THAT(State("disks.scsi0.volume"), HasSubstr("vm-"));
  EXPECT_THAT(State("networks.net0.mac_address"), HasSubstr(":"));
  EXPECT_EQ(Planned(kSmall), Action::kNoOp);
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
}

TEST_F(VmTest, CreatingCostsFiveRequestsAndStartingThreeMore) {
  auto const plan = host_.MakePlan(Config(kSmall));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_THAT(Requests(), IsEmpty()) << "a plan of what does not exist asks for nothing";
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_THAT(Requests(), SizeIs(5)) << ::testing::PrintToString(Requests());
  ASSERT_TRUE(Destroy()) << host_.Errors();

  Configure();
  auto const started = host_.MakePlan(Config(R"({"name": "web", "node": "pve1", "started": true})"));
  proxmox_.ForgetRequests();
  ASSERT_TRUE(host_.Apply(*started)) << host_.Errors();
  EXPECT_THAT(Requests(), SizeIs(8)) << ::testing::PrintToString(Requests());
}

TEST_F(VmTest, RefreshCostsOneListingAndOneConfiguration) {
  ASSERT_TRUE(Apply(kSmall)) << host_.Errors();
  proxmox_.Refresh();
  Configure();
  proxmox_.ForgetRequests();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_THAT(Requests(), SizeIs(2)) << ::testing::PrintToString(Requests());
}

TEST_F(VmTest, IsChangedInPlace) {
  ASSERT_TRUE(Apply(kSmall)) << host_.Errors();
  int const before = vmid();
  constexpr std::string_view kLarger = R"({
    "name": "web-2", "node": "pve1", "description": "Two\nlines\n", "tags": ["Prod", "web"], "on_boot": true,
    "cpu": {"cores": 4, "type": "x86-64-v2-AES", "flags": ["+aes"]},
    "memory": {"size": "2048M", "balloon": "512M"},
    "disks": {"scsi0": {"storage": "local", "size": "6G", "discard": "on"}, "scsi1": {"storage": "local", "size": "1G"}},
    "networks": {"net0": {"bridge": "vmbr0", "vlan": 20, "firewall": true},
                 "net1": {"bridge": "vmbr0", "model": "e1000", "ipv4": {"address": "10.0.0.7/24", "gateway": "10.0.0.1"}}},
    "startup": {"order": 3, "up_delay": 30}, "serial_devices": {"serial0": "socket"}, "vga": {"type": "serial0"}})";
  ASSERT_EQ(Planned(kLarger), Action::kUpdate);
  ASSERT_TRUE(Apply(kLarger)) << host_.Errors();
  EXPECT_EQ(vmid(), before);
  EXPECT_EQ(Held("name"), "web-2");
  EXPECT_EQ(Held("tags"), "prod;web");
  EXPECT_EQ(Held("cores"), "4");
  EXPECT_EQ(Held("cpu"), "x86-64-v2-AES,flags=+aes");
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=6G"));
  EXPECT_THAT(Held("scsi0"), HasSubstr("discard=on"));
  EXPECT_THAT(Held("net1"), StartsWith("e1000="));
  EXPECT_EQ(Held("ipconfig1"), "gw=10.0.0.1,ip=10.0.0.7/24");
  EXPECT_EQ(State("addresses.ipv4"), R"(["10.0.0.7"])");
  EXPECT_EQ(State("target.host"), "\"10.0.0.7\"");
  EXPECT_EQ(Planned(kLarger), Action::kNoOp);
}

TEST_F(VmTest, WhatIsLeftOutStaysAsItIs) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "description": "kept", "cpu": {"cores": 2, "sockets": 2}})"));
  EXPECT_EQ(Planned(R"({"name": "web"})"), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "web", "cpu": {"cores": 3}})")) << host_.Errors();
  EXPECT_EQ(Held("sockets"), "2");
  EXPECT_EQ(Held("description"), "kept");
}

TEST_F(VmTest, UnsetBringsBackTheDefault) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "watchdog": {"model": "i6300esb"}, "cpu": {"cores": 2, "limit": 1.5}})"));
  EXPECT_EQ(Held("cpulimit"), "1.5");
  constexpr std::string_view kUnset = R"({"name": "web", "unset": ["watchdog", "cpulimit"]})";
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(Held("watchdog"), "");
  EXPECT_EQ(Held("cpulimit"), "");
  EXPECT_EQ(Held("cores"), "2");
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
  Configure();
  EXPECT_FALSE(
      host_.MakePlan(Config(R"({"watchdog": {"model": "ib700"}, "unset": ["watchdog"]})")).has_value());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("unset", "both set and unset", "watchdog")));
}

TEST_F(VmTest, ARemovedDiskIsDetachedOrDeleted) {
  ASSERT_TRUE(Apply(R"({"name": "web", "disks": {
    "scsi0": {"storage": "local", "size": "1G"}, "scsi1": {"storage": "local", "size": "2G"},
    "scsi2": {"storage": "local", "size": "3G", "on_remove": "delete"}}})"));
  constexpr std::string_view kOne =
      R"({"name": "web", "disks": {"scsi0": {"storage": "local", "size": "1G"}}})";
  ASSERT_EQ(Planned(kOne), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "`scsi1` will be detached", "unused")));
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "`scsi2` will be deleted", "on_remove")));
  ASSERT_TRUE(Apply(kOne)) << host_.Errors();
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(2));
  EXPECT_THAT(Held("unused0"), HasSubstr("disk-1"));
  EXPECT_EQ(Planned(kOne), Action::kNoOp);
}

TEST_F(VmTest, ADiskNeverShrinks) {
  ASSERT_TRUE(Apply(kSmall));
  Configure();
  EXPECT_FALSE(
      host_.MakePlan(Config(R"({"name": "web", "disks": {"scsi0": {"storage": "local", "size": "3G"}}})"))
          .has_value());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks[\"scsi0\"].size", "cannot shrink", "4G")));
}

TEST_F(VmTest, ADiskMovesToAnotherStorage) {
  ASSERT_TRUE(Apply(kSmall));
  constexpr std::string_view kMoved =
      R"({"name": "web", "disks": {"scsi0": {"storage": "local-lvm", "size": "4G"}}})";
  ASSERT_TRUE(Apply(kMoved)) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), StartsWith("local-lvm:"));
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(1));
  EXPECT_EQ(Planned(kMoved), Action::kNoOp);
}

TEST_F(VmTest, ADiskMovesWithTheFormatThatIsConfigured) {
  auto const on = [](std::string_view storage) {
    return Cat({R"({"name": "web", "node": "pve1", "bios": "ovmf", "efi_disk": {"storage": ")", storage,
                R"(", "format": "qcow2"}, "disks": {"scsi0": {"storage": ")", storage,
                R"(", "size": "1G", "format": "qcow2"}}})"});
  };
  ASSERT_TRUE(Apply(on("local"))) << host_.Errors();
  ASSERT_TRUE(Apply(on("shared"))) << host_.Errors();
  EXPECT_THAT(Held("scsi0"), StartsWith("shared:"));
  EXPECT_THAT(Held("efidisk0"), StartsWith("shared:"));
  EXPECT_EQ(Planned(on("shared")), Action::kNoOp);
}

TEST_F(VmTest, WhatOnlyRootMaySetIsRefusedAtPlan) {
  constexpr std::string_view kRootOnly = R"({"name": "web", "args": "-cpu host", "cpu": {"affinity": "0-1"},
    "pci_devices": {"hostpci0": {"host": "0000:01:00.0"}, "hostpci1": {"mapping": "gpu"}},
    "usb_devices": {"usb0": {"host": "1234:5678"}, "usb1": {"host": "spice"}},
    "serial_devices": {"serial0": "socket", "serial1": "/dev/ttyS0"}})";
  EXPECT_FALSE(host_.MakePlan(Config(kRootOnly)).has_value());
  std::vector<std::string> paths;
  for (const auto& diagnostic : diagnostics()) {
    if (diagnostic.summary.find("Only root@pam") != std::string::npos)
      paths.push_back(diagnostic.path.ToString());
  }
  EXPECT_THAT(paths,
              ::testing::UnorderedElementsAre("args", "cpu.affinity", "pci_devices[\"hostpci0\"].host",
                                              "usb_devices[\"usb0\"].host", "serial_devices[\"serial1\"]"));
  EXPECT_THAT(Requests(), IsEmpty());
}

TEST_F(VmTest, FollowsTheVmToAnotherNode) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1"})"));
  proxmox_.With([&](emulators::Cluster& cluster) {
    cluster.FindVm(vmid())->node = "pve2";
    return 0;
  });
  EXPECT_EQ(Planned(R"({"name": "web"})"), Action::kNoOp);
  EXPECT_EQ(State("node"), "\"pve2\"");
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve3"})")) << host_.Errors();
  EXPECT_EQ(State("node"), "\"pve3\"");
}

TEST_F(VmTest, MovesAndIsChangedInOneGoThoughItsVolumesAreRenamed) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {
    "scsi0": {"storage": "local", "size": "1G"},
    "scsi1": {"storage": "local", "size": "1G", "on_remove": "delete"}}})"))
      << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    for (emulators::Volume volume : {*cluster.FindVolume("local:100/vm-100-disk-0.raw", "pve1"),
                                     *cluster.FindVolume("local:100/vm-100-disk-1.raw", "pve1")}) {
      volume.node = "pve2";  // left there by a VM of that number
      cluster.AddVolume(std::move(volume));
    }
    return 0;
  });
  constexpr std::string_view kMoved = R"({"name": "web", "node": "pve2", "memory": {"size": "2G"},
    "disks": {"scsi0": {"storage": "local", "size": "2G", "discard": "on"}}})";
  ASSERT_TRUE(Apply(kMoved)) << host_.Errors();
  EXPECT_EQ(Held("memory"), "2048");
  EXPECT_THAT(Held("scsi0"), HasSubstr("discard=on"));
  EXPECT_THAT(Held("scsi0"), HasSubstr("size=2G"));
  EXPECT_EQ(Held("unused0"), "");
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(3)) << ::testing::PrintToString(proxmox_.Volumes());
  EXPECT_EQ(Planned(kMoved), Action::kNoOp);
}

TEST_F(VmTest, ANodeThatIsDownHoldsUpNoNewVm) {
  proxmox_.With([](emulators::Cluster& cluster) {
    for (int vmid = 500; vmid < 520; ++vmid) {
      emulators::Vm vm;
      vm.vmid = vmid;
      vm.node = "pve3";
      cluster.vms[vmid] = std::move(vm);
    }
    return 0;
  });
  proxmox_.SetNodeOnline("pve3", false);
  ASSERT_TRUE(Apply(kSmall)) << host_.Errors();
  EXPECT_EQ(proxmox_.Count("GET", "/nodes/pve3/.*"), 0);
}

TEST_F(VmTest, ANameThatTheListingLacksIsLookedUpOnce) {
  ASSERT_TRUE(Apply(kSmall));  // the daemon has not looked since
  auto const its_resource = MakeProxmoxVm(backends_.proxmox, backends_.journal);
  Configure();
  std::deque<oracle::Host> others;
  for (const char* name : {"a", "b", "c"}) {
    others.emplace_back(*its_resource);
    auto const plan = others.back().MakePlan(Config(Cat({R"({"node": "pve1", "name": ")", name, R"("})"})));
    ASSERT_TRUE(plan.has_value());
    proxmox_.ForgetRequests();
    ASSERT_TRUE(others.back().Apply(*plan)) << others.back().Errors();
    EXPECT_EQ(proxmox_.Count("GET", Cat({"/nodes/pve1/qemu/", std::to_string(vmid()), "/config"})),
              others.size() == 1 ? 1 : 0);
  }
}

// The listing lags behind, so whether an imported VM runs is asked of the VM.
TEST_F(VmTest, ManyAreImportedWithOneListingAndTwoReadsEach) {
  constexpr int kVms = 20;
  std::vector<std::string> ids;
  for (int i = 0; i < kVms; ++i) {
    oracle::Host host(*resource_);
    Configure();
    auto const plan =
        host.MakePlan(Config(Cat({R"({"name": "vm-)", std::to_string(i), R"(", "node": "pve1"})"})));
    ASSERT_TRUE(host.Apply(*plan)) << host.Errors();
    ids.push_back(std::to_string(100 + i));
  }
  proxmox_.Refresh();
  Configure();
  proxmox_.ForgetRequests();
  for (const std::string& id : ids) {
    oracle::Host host(*resource_);
    ASSERT_TRUE(host.Import({.id = id, .identity = {}})) << host.Errors();
    EXPECT_FALSE(host.state().Find("started")->bool_value());
  }
  EXPECT_THAT(proxmox_.requests(), SizeIs(2 * kVms + 1));
}

TEST_F(VmTest, AStrangerUnderTheVmidIsLeftAlone) {
  ASSERT_TRUE(Apply(kSmall));
  proxmox_.With([&](emulators::Cluster& cluster) {
    cluster.FindVm(vmid())->config["smbios1"] = "uuid=11111111-2222-3333-4444-555555555555";
    return 0;
  });
  Configure();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "belongs to another VM", "11111111")));
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
}

TEST_F(VmTest, IsImportedByVmidNameAndNode) {
  ASSERT_TRUE(Apply(kSmall));
  std::string const number = std::to_string(vmid());
  for (const std::string& id : {number, std::string("web"), "pve1/" + number}) {
    SCOPED_TRACE(id);
    oracle::Host other(*resource_);
    Configure();
    ASSERT_TRUE(other.Import({.id = id, .identity = {}})) << other.Errors();
    auto const plan = other.MakePlan(Config(kSmall));
    ASSERT_TRUE(plan.has_value()) << other.Errors();
    EXPECT_EQ(plan->action, Action::kNoOp) << Differences(*plan);
    EXPECT_THAT(other.faults(), IsEmpty());
  }
}

TEST_F(VmTest, ANameThatIsTakenIsRefused) {
  ASSERT_TRUE(Apply(kSmall));
  // The listing does not know the name yet.
  auto const its_resource = MakeProxmoxVm(backends_.proxmox, backends_.journal);
  oracle::Host other(*its_resource);
  Configure();
  auto const plan = other.MakePlan(Config(kSmall));
  ASSERT_TRUE(plan.has_value());
  EXPECT_FALSE(other.Apply(*plan));
  EXPECT_THAT(other.diagnostics(), Contains(ErrorOn("name", "exists already", "import {")));
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
}

}  // namespace
}  // namespace fediversity::resources
