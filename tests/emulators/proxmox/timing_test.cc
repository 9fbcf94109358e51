// What a cluster does later than the request that asks for it.

#include "tests/emulators/proxmox/emulator_fixture.h"

namespace fediversity::emulators {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class TimingTest : public EmulatorTest {
 protected:
  TimingTest() : EmulatorTest(Version::kNine, {"pve1", "pve2"}) {}

  std::string NodeOf(int vmid) {
    return emulator_.With([&](Cluster& cluster) { return cluster.vms.at(vmid).node; });
  }
  bool Runs(int vmid) {
    return emulator_.With([&](Cluster& cluster) { return cluster.vms.at(vmid).running; });
  }
};

TEST_F(TimingTest, TheHaManagerActsAfterItsDelay) {
  Create(100, {{"scsi0", "shared:1"}}, "pve1");
  emulator_.With([](Cluster& cluster) { cluster.settings.ha_delay = seconds(10); });
  ASSERT_EQ(root_.Post("/cluster/ha/resources", {{"sid", "vm:100"}, {"state", "started"}}).status, 200);
  EXPECT_FALSE(Runs(100));
  emulator_.Advance(seconds(11));
  EXPECT_TRUE(Runs(100));
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/migrate", "pve1"), {{"target", "pve2"}, {"online", "1"}}), "OK");
  EXPECT_EQ(NodeOf(100), "pve1");
  emulator_.Advance(seconds(11));
  EXPECT_EQ(NodeOf(100), "pve2");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/stop", "pve2")), "OK");
  EXPECT_TRUE(Runs(100));
  emulator_.Advance(seconds(11));
  EXPECT_FALSE(Runs(100));
}

TEST_F(TimingTest, AVmWithLocalDisksStaysWhenTheHaManagerIsToMoveIt) {
  Create(100, {{"scsi0", "local:1"}}, "pve1");
  ASSERT_EQ(root_.Post("/cluster/ha/resources", {{"sid", "vm:100"}, {"state", "stopped"}}).status, 200);
  ASSERT_EQ(root_.Post("/cluster/ha/resources/vm:100/migrate", {{"node", "pve2"}}).status, 200);
  EXPECT_EQ(NodeOf(100), "pve1");
}

TEST_F(TimingTest, WhatHaIgnoresIsStartedAndStoppedAsOthersAre) {
  Create(100, {}, "pve1");
  emulator_.With([](Cluster& cluster) { cluster.settings.ha_delay = hours(1); });
  ASSERT_EQ(root_.Post("/cluster/ha/resources", {{"sid", "vm:100"}, {"state", "ignored"}}).status, 200);
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/start", "pve1")), "OK");
  EXPECT_TRUE(Runs(100));
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/stop", "pve1")), "OK");
  EXPECT_FALSE(Runs(100));
  EXPECT_EQ(root_.Get("/cluster/ha/resources/vm:100").data()["state"], "ignored");
}

TEST_F(TimingTest, AnAgentIsSilentAfterAStart) {
  Create(100, {{"agent", "1"}}, "pve1");
  WithVm(100, [](Vm& vm) { vm.guest.agent_runs = true; });
  emulator_.With([](Cluster& cluster) { cluster.settings.agent_silent_after_start = 2; });
  ASSERT_EQ(root_.Run("POST", VmPath(100, "/status/start", "pve1")), "OK");
  std::vector<int> statuses;
  statuses.reserve(3);
  for (int count = 0; count < 3; ++count)
    statuses.push_back(root_.Get(VmPath(100, "/agent/network-get-interfaces", "pve1")).status);
  EXPECT_THAT(statuses, ::testing::ElementsAre(500, 500, 200));
  ASSERT_EQ(root_.Run("POST", VmPath(100, "/status/reboot", "pve1")), "OK");
  EXPECT_EQ(root_.Get(VmPath(100, "/agent/get-osinfo", "pve1")).reason, "QEMU guest agent is not running");
}

TEST_F(TimingTest, AVmIsLockedWhileItMoves) {
  Create(100, {}, "pve1");
  emulator_.SetTaskLatency(hours(1));
  ASSERT_EQ(root_.Post(VmPath(100, "/migrate", "pve1"), {{"target", "pve2"}}).status, 200);
  EXPECT_EQ(root_.Get(VmPath(100, "/config", "pve1")).data()["lock"], "migrate");
  emulator_.FinishTasks();
  EXPECT_EQ(root_.Get(VmPath(100, "/config", "pve1")).reason,
            "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist");
  EXPECT_FALSE(root_.Get(VmPath(100, "/config", "pve2")).data().contains("lock"));
}

TEST_F(TimingTest, AStoppedMigrationUnlocks) {
  Create(100, {}, "pve1");
  emulator_.AddFault({.action = Fault::Action::kFailTask, .method = "POST", .path = ".*/migrate"});
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/migrate", "pve1"), {{"target", "pve2"}}), "emulated failure");
  EXPECT_FALSE(root_.Get(VmPath(100, "/config", "pve1")).data().contains("lock"));
  EXPECT_EQ(NodeOf(100), "pve1");
}

class CloneLockTest : public TimingTest {
 protected:
  void SetUp() override {
    Create(100, {{"scsi0", "local:1"}}, "pve1");
    Create(101, {{"scsi0", "shared:1"}}, "pve1");
    Create(102, {{"scsi0", "shared:1"}}, "pve2");
    emulator_.With([](Cluster& cluster) { cluster.settings.clones_hold_locks = true; });
    emulator_.SetTaskLatency(hours(1));
  }
  std::string Clone(const std::string& node, int vmid, int newid) {
    Json const upid =
        root_.Post(VmPath(vmid, "/clone", node), {{"newid", std::to_string(newid)}, {"full", "1"}}).data();
    return upid.is_string() ? upid.get<std::string>() : "";
  }
  std::string End(const std::string& upid) {
    return emulator_.With([&](Cluster& cluster) { return cluster.tasks.Find(upid)->exitstatus; });
  }
};

TEST_F(CloneLockTest, ASourceIsClonedOnceAtATime) {
  std::string const first = Clone("pve1", 100, 200);
  std::string const second = Clone("pve1", 100, 201);
  TestAnswer const refused = root_.Put(VmPath(100, "/config", "pve1"), {{"memory", "600"}});
  EXPECT_EQ(refused.reason, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout");
  emulator_.FinishTasks();
  EXPECT_EQ(End(first), "OK");
  EXPECT_EQ(End(second), "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout");
  EXPECT_THAT(emulator_.Vmids(), ::testing::ElementsAre(100, 101, 102, 200));
}

TEST_F(CloneLockTest, ASharedStorageIsLockedEverywhere) {
  std::string const first = Clone("pve1", 101, 200);
  std::string const second = Clone("pve2", 102, 201);
  std::string const elsewhere = Clone("pve1", 100, 202);
  emulator_.FinishTasks();
  EXPECT_EQ(End(first), "OK");
  EXPECT_EQ(End(second), "cfs-lock 'storage-shared' error: got lock request timeout");
  EXPECT_EQ(End(elsewhere), "OK");
}

}  // namespace
}  // namespace fediversity::emulators
