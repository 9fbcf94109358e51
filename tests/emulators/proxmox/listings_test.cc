#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/emulator_fixture.h"
#include "tests/emulators/proxmox/sample_vms.h"

namespace fediversity::emulators {
namespace {

using ::testing::SizeIs;

class ListingsTest : public EmulatorTest {
 protected:
  ListingsTest() : EmulatorTest(Version::kNine, {"pve", "pve2"}) {}

  Json Resources(const std::string& type) { return root_.Get("/cluster/resources", {{"type", type}}).data(); }
};

TEST_F(ListingsTest, ANodeThatDoesNotReportIsUnknown) {
  emulator_.With([](Cluster& cluster) { cluster.FindNode("pve2")->reports = false; });
  Json const nodes = Resources("node");
  ASSERT_THAT(nodes, SizeIs(2));
  EXPECT_EQ(nodes[0]["status"], "online");
  EXPECT_EQ(nodes[1]["status"], "unknown");
  EXPECT_FALSE(nodes[1].contains("maxmem"));
  EXPECT_EQ(root_.Get("/nodes/pve2/qemu").status, 200);
}

TEST_F(ListingsTest, ANodeSaysHowItCannotBeReached) {
  emulator_.With([](Cluster& cluster) {
    Node& node = *cluster.FindNode("pve2");
    node.online = false;
    node.proxy_status = 596;
    node.proxy_error = "Connection timed out";
  });
  TestAnswer const answer = root_.Get("/nodes/pve2/qemu");
  EXPECT_EQ(answer.status, 596);
  EXPECT_EQ(answer.reason, "Connection timed out");
}

TEST_F(ListingsTest, ContainersShareTheNumbersOfVms) {
  emulator_.With([](Cluster& cluster) { cluster.containers[100] = {.node = "pve2", .name = "ct"}; });
  Json const rows = Resources("vm");
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0]["type"], "lxc");
  EXPECT_EQ(rows[0]["id"], "lxc/100");
  EXPECT_EQ(root_.Get("/cluster/nextid").data(), "101");
  EXPECT_EQ(root_.Post("/nodes/pve/qemu", {{"vmid", "100"}}).reason,
            "unable to create VM 100 - CT 100 already exists on node 'pve2'");
}

TEST_F(ListingsTest, SampleVmsAreAsTheServerWouldHaveThem) {
  emulator_.With([](Cluster& cluster) { AddSampleVms(cluster, 9); });
  EXPECT_THAT(Resources("vm"), SizeIs(9));
  EXPECT_EQ(root_.Get("/nodes/pve2/qemu/101/config").data()["name"], "db-2");
  emulator_.With([](Cluster& cluster) {
    for (const auto& [vmid, vm] : cluster.vms) {
      Params config = vm.config;
      config.erase("meta");
      EXPECT_EQ(Verify(VmOptions(Version::kNine), config), Json::object()) << vmid;
      EXPECT_NE(cluster.FindVolume(DriveOptions(vm.Get("scsi0")).file, vm.node), nullptr) << vmid;
    }
  });
}

}  // namespace
}  // namespace fediversity::emulators
