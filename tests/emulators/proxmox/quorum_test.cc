#include "tests/emulators/proxmox/emulator_fixture.h"

namespace fediversity::emulators {
namespace {

using ::testing::HasSubstr;

class QuorumTest : public EmulatorTest {
 protected:
  QuorumTest() : EmulatorTest(Version::kNine, {"pve", "pve2"}) {}
  void SetUp() override {
    Create(100, {{"scsi0", "local:1,format=qcow2"}, {"ide2", "local:cloudinit"}});
    ASSERT_EQ(root_.Post("/pools", {{"poolid", "full"}}).status, 200);
    emulator_.With([](Cluster& cluster) { cluster.quorate = false; });
  }
};

TEST_F(QuorumTest, TasksThatWriteAConfigurationFail) {
  const std::string kReason = "Permission denied";
  EXPECT_THAT(root_.Run("PUT", VmPath(100, "/resize"), {{"disk", "scsi0"}, {"size", "+1G"}}),
              HasSubstr(kReason));
  EXPECT_THAT(root_.Run("POST", VmPath(100, "/move_disk"), {{"disk", "scsi0"}, {"storage", "local-lvm"}}),
              HasSubstr(kReason));
  EXPECT_THAT(root_.Run("POST", VmPath(100, "/template")), HasSubstr(kReason));
  EXPECT_THAT(root_.Run("POST", VmPath(100, "/snapshot"), {{"snapname", "s1"}}), HasSubstr(kReason));
  EXPECT_THAT(root_.Put(VmPath(100, "/cloudinit")).reason, HasSubstr(kReason));
  emulator_.With([](Cluster& cluster) { cluster.quorate = true; });
  EXPECT_EQ(Option(100, "scsi0"), "local:100/vm-100-disk-0.qcow2,size=1G");
  EXPECT_EQ(Option(100, "template"), "(unset)");
  EXPECT_EQ(root_.Get(VmPath(100, "/snapshot")).data().size(), 1U);
}

TEST_F(QuorumTest, AMigrationIsRefusedAtOnce) {
  EXPECT_EQ(root_.Post(VmPath(100, "/migrate"), {{"target", "pve2"}}).reason,
            "cluster not ready - no quorum?");
}

TEST_F(QuorumTest, FilesOfTheClusterCannotBeLocked) {
  EXPECT_EQ(root_.Post("/pools", {{"poolid", "p1"}}).reason,
            "create pool failed: cfs-lock 'file-user_cfg' error: no quorum!");
  EXPECT_EQ(root_.Put("/pools", {{"poolid", "full"}, {"vms", "100"}}).reason,
            "update pools failed: cfs-lock 'file-user_cfg' error: no quorum!");
  EXPECT_EQ(root_.Delete("/pools", {{"poolid", "full"}}).reason,
            "delete pool failed: cfs-lock 'file-user_cfg' error: no quorum!");
  EXPECT_EQ(root_.Post("/cluster/ha/resources", {{"sid", "vm:100"}}).reason,
            "create resource failed: cfs-lock 'domain-ha' error: no quorum!");
}

TEST_F(QuorumTest, ReadsGoOn) {
  EXPECT_EQ(root_.Get(VmPath(100, "/config")).status, 200);
  EXPECT_EQ(root_.Get("/cluster/status").data()[0]["quorate"], 0);
}

TEST_F(QuorumTest, IsLookedAtBeforeRights) {
  TestClient const nobody = ClientWith(emulator_.MakeToken("bob@pve", "t", "NoAccess", "/"));
  EXPECT_EQ(nobody.Post("/nodes/pve/qemu", {{"vmid", "140"}, {"pool", "nowhere"}}).reason,
            "cluster not ready - no quorum?");
}

}  // namespace
}  // namespace fediversity::emulators
