// What a VM goes through, on each version of Proxmox VE.

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class VersionsTest : public VmTest, public ::testing::WithParamInterface<emulators::Version> {
 protected:
  VersionsTest() : VmTest({.version = GetParam(), .task_latency = std::chrono::milliseconds(0)}) {}

  static std::string Everything(int variant) {
    auto const pick = [variant](std::string_view first, std::string_view second) {
      return variant == 0 ? first : second;
    };
    return Cat({R"({"name": "web", "node": ")",
                pick("pve1", "pve2"),
                R"(", "tags": ["Web", ")",
                pick("prod", "test"),
                R"("], "description": "first\nsecond\n", "started": )",
                pick("true", "false"),
                R"(, "reboot": "when_needed",
      "cpu": {"type": "host", "cores": )",
                pick("1", "2"),
                R"(, "limit": 1.5, "units": )",
                pick("200", "300"),
                R"(, "flags": ["+aes"]},
      "memory": {"size": ")",
                pick("1G", "2G"),
                R"(", "balloon": "512M", "shares": 500},
      "disks": {"scsi0": {"storage": "shared", "size": ")",
                pick("1G", "2G"),
                R"(", "format": "qcow2", "discard": "on", "iothread": true, "ssd": true},
                ")",
                pick("virtio1", "virtio2"),
                R"(": {"storage": "shared", "size": "1G", "on_remove": "delete"}},
      "cdroms": {"sata0": {"volume": "none"}},
      "efi_disk": {"storage": "shared", "type": "4m"}, "tpm_state": {"storage": "shared", "version": "v2.0"},
      "networks": {"net0": {"bridge": "vmbr0", "vlan": )",
                pick("20", "30"),
                R"(, "mtu": 1400, "trunks": ["10", "20-30"],
                            "ipv4": {"address": "10.0.0.7/24", "gateway": "10.0.0.1"}, "ipv6": {"address": "auto"}}},
      "cloud_init": {"storage": "shared", "user": ")",
                pick("ops", "admin"),
                R"(", "ssh_keys": ["ssh-ed25519 AAAA ops@example.org"],
                     "dns_servers": ["10.0.0.53", "10.0.0.54"], "search_domain": "example.org", "upgrade": false},
      "agent": {"enabled": true, "type": "virtio", "freeze_fs": )",
                pick("false", "true"),
                R"(, "fstrim_cloned_disks": true},
      "os_type": "l26", "machine": "q35", "bios": "ovmf", "scsi_hardware": "virtio-scsi-single",
      "boot_order": ["scsi0", "net0"], "startup": {"order": 3, "up_delay": 30}, "hotplug": ["disk", "network"],
      "vga": {"type": "virtio", "memory": 32}, "audio": {"device": "AC97", "driver": "none"},
      "rng": {"source": "/dev/urandom"}, "watchdog": {"model": "i6300esb", "action": "reset"},
      "smbios": {"manufacturer": "Example, Inc.", "serial": "42"}, "serial_devices": {"serial0": "socket"},
      "pci_devices": {"hostpci0": {"mapping": "gpu", "pcie": true}}, "usb_devices": {"usb0": {"mapping": "stick"}},
      "virtiofs": {"virtiofs0": {"mapping": "data"}}})"});
  }
};

TEST_P(VersionsTest, AVmIsMadeChangedImportedAndDestroyed) {
  ASSERT_TRUE(Apply(Everything(0))) << host_.Errors();
  EXPECT_EQ(Planned(Everything(0)), Action::kNoOp);
  ASSERT_TRUE(Apply(Everything(1))) << host_.Errors();
  EXPECT_EQ(Planned(Everything(1)), Action::kNoOp);
  EXPECT_EQ(State("node"), "\"pve2\"");
  EXPECT_EQ(Held("cores"), "2");

  oracle::Host other(*resource_);
  Configure();
  ASSERT_TRUE(other.Import({.id = "100", .identity = {}})) << other.Errors();
  auto const plan = other.MakePlan(Config(R"({"name": "web", "started": false, "cpu": {"cores": 2}})"));
  ASSERT_TRUE(plan.has_value()) << other.Errors();
  EXPECT_EQ(plan->action, Action::kNoOp) << Differences(*plan);
  EXPECT_THAT(other.faults(), IsEmpty());

  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_P(VersionsTest, ATemplateIsClonedGrownAndStarted) {
  oracle::Host golden(*resource_);
  auto const plan = golden.MakePlan(Config(R"({"name": "nixos", "node": "pve1", "template": true,
    "disks": {"scsi0": {"storage": "shared", "size": "1G"}}, "networks": {"net0": {"bridge": "vmbr0"}}})"));
  ASSERT_TRUE(plan.has_value()) << golden.Errors();
  ASSERT_TRUE(golden.Apply(*plan)) << golden.Errors();
  proxmox_.Refresh();
  constexpr std::string_view kCopy =
      R"({"name": "web", "node": "pve2", "clone": {"source": "nixos", "full": true},
    "disks": {"scsi0": {"size": "2G"}}, "cloud_init": {"storage": "shared", "user": "ops"}, "started": true})";
  ASSERT_TRUE(Apply(kCopy)) << host_.Errors();
  EXPECT_EQ(State("node"), "\"pve2\"");
  EXPECT_EQ(State("started"), "true");
  EXPECT_EQ(State("disks.scsi0.size"), "\"2G\"");
  EXPECT_EQ(Planned(kCopy), Action::kNoOp);
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(2));
}

TEST_P(VersionsTest, AnHaGroupIsSetWhereThereAreGroups) {
  constexpr std::string_view kGrouped =
      R"({"name": "web", "node": "pve1", "ha": {"state": "started", "group": "left"}})";
  if (GetParam() == emulators::Version::kEight) {
    ASSERT_TRUE(Apply(kGrouped)) << host_.Errors();
    EXPECT_EQ(State("ha.group"), "\"left\"");
    proxmox_.ForgetRequests();
    EXPECT_EQ(Planned(kGrouped), Action::kNoOp);
    EXPECT_EQ(proxmox_.Count("GET", "/version"), 0) << "nothing is to be set";
    return;
  }
  EXPECT_FALSE(Apply(kGrouped));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("ha.group", "no HA groups", "node affinity rule")));
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty()) << "refused by the plan";
}

INSTANTIATE_TEST_SUITE_P(Proxmox, VersionsTest,
                         ::testing::Values(emulators::Version::kEight, emulators::Version::kNine),
                         [](const auto& version) {
                           return version.param == emulators::Version::kEight ? "Eight" : "Nine";
                         });

}  // namespace
}  // namespace fediversity::resources
