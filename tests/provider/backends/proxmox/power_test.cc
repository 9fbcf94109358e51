// Starting and stopping: what the VM does in the end counts, not what its task says.

#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PowerTest : public ApiTest {
 protected:
  static Reply Status(const std::string& status, bool ha = false) {
    return Data(R"({"status": ")" + status + R"(", "qmpstatus": ")" + status + R"(", "ha": {"managed": )" +
                (ha ? "1" : "0") + "}}");
  }
  const std::string kStatus = "GET /nodes/pve/qemu/100/status/current";
  VmId const vm_{100, "pve"};
};

TEST_F(PowerTest, StartCostsThreeRequests) {
  OnTask("POST /nodes/pve/qemu/100/status/start");
  service_->On(kStatus, Status("running"));
  ASSERT_TRUE(api_->Start(vm_, Limits()).ok());
  EXPECT_THAT(service_->lines(),
              ElementsAre("POST /nodes/pve/qemu/100/status/start", "GET " + kTask + "/status", kStatus));
}

TEST_F(PowerTest, ATaskThatSucceedsWithoutEffectIsAFailure) {
  OnTask("POST /nodes/pve/qemu/100/status/start");
  service_->On(kStatus, Status("stopped"));
  absl::Status status = api_->Start(vm_, Limits()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(status), HasSubstr("VM 100: starting it: it is stopped all the same"));
  OnTask("POST /nodes/pve/qemu/100/status/stop");
  service_->On(kStatus, Status("running"));
  EXPECT_EQ(api_->Stop(vm_, Limits()).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(PowerTest, ATaskThatFailsIsAFailure) {
  OnTask("POST /nodes/pve/qemu/100/status/start", "start failed: QEMU exited with code 1");
  EXPECT_THAT(Text(api_->Start(vm_, Limits()).status()), HasSubstr("QEMU exited with code 1"));
}

TEST_F(PowerTest, StartOfAMissingVmFailsInItsTask) {
  OnTask("POST /nodes/pve/qemu/100/status/start",
         "Configuration file 'nodes/pve/qemu-server/100.conf' does not exist");
  EXPECT_EQ(CauseOf(api_->Start(vm_, Limits()).status()), Cause::kNoSuchVm);
}

TEST_F(PowerTest, HaTakesItsTime) {
  OnTask("POST /nodes/pve/qemu/100/status/start");
  service_->On(kStatus, {Status("stopped", true), Status("stopped", true), Status("stopped", true),
                         Status("running", true)});
  EXPECT_TRUE(api_->Start(vm_, Within(absl::Minutes(1))).ok());
  EXPECT_EQ(service_->Count(kStatus), 4);
  service_->On(kStatus, Status("stopped", true));
  absl::Status const status = api_->Start(vm_, Within(absl::Minutes(1))).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("HA manager"));
}

// HA carries it out, and wants it from then on.
TEST_F(PowerTest, WhatHaHasGivenUpIsNotWaitedFor) {
  OnTask("POST /nodes/pve/qemu/100/status/start");
  service_->On(kStatus, Data(R"({"status": "stopped", "ha": {"managed": 1, "state": "error"}})"));
  absl::Status const status = api_->Start(vm_, Within(absl::Minutes(30))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(Text(status), HasSubstr("HA has given up"));
  EXPECT_EQ(service_->Count(kStatus), 1);
}

TEST_F(PowerTest, WhatHaWantsIsReadAnewAfterIt) {
  service_->On("GET /cluster/ha/resources", {Data(R"([{"sid": "vm:100", "state": "stopped"}])"),
                                             Data(R"([{"sid": "vm:100", "state": "started"}])")});
  EXPECT_EQ((*api_->ReadHa(100, Limits()))->state, "stopped");
  OnTask("POST /nodes/pve/qemu/100/status/start");
  service_->On(kStatus, Status("running", true));
  ASSERT_TRUE(api_->Start(vm_, Limits()).ok());
  EXPECT_EQ((*api_->ReadHa(100, Limits()))->state, "started");
}

TEST_F(PowerTest, WhatSomebodyElseHasDoneMeanwhileIsDone) {
  OnTask("POST /nodes/pve/qemu/100/status/start", "VM 100 already running");
  service_->On(kStatus, Status("running"));
  EXPECT_TRUE(api_->Start(vm_, Limits()).ok());
  OnTask("POST /nodes/pve/qemu/100/status/shutdown", "VM 100 not running");
  OnTask("POST /nodes/pve/qemu/100/status/stop", "VM 100 not running");
  service_->On(kStatus, Status("stopped"));
  EXPECT_TRUE(api_->Shutdown(vm_, {}, Limits()).ok());
  EXPECT_TRUE(api_->Stop(vm_, Limits()).ok());
  // Unless it is not so after all.
  service_->On(kStatus, Status("running"));
  EXPECT_FALSE(api_->Shutdown(vm_, {}, Limits()).ok());
}

TEST_F(PowerTest, ADeafGuestIsTold) {
  OnTask("POST /nodes/pve/qemu/100/status/shutdown", "VM quit/powerdown failed - got timeout");
  absl::Status const status = api_->Shutdown(vm_, {.timeout = absl::Seconds(3)}, Limits()).status();
  EXPECT_EQ(CauseOf(status), Cause::kGuestTimeout);
  EXPECT_EQ(service_->lines().front(), "POST /nodes/pve/qemu/100/status/shutdown timeout=3");
}

TEST_F(PowerTest, ShutdownMayEndInAStop) {
  OnTask("POST /nodes/pve/qemu/100/status/shutdown");
  service_->On(kStatus, Status("stopped"));
  ASSERT_TRUE(api_->Shutdown(vm_, {.timeout = absl::Milliseconds(1500), .force_stop = true}, Limits()).ok());
  EXPECT_EQ(service_->lines().front(), "POST /nodes/pve/qemu/100/status/shutdown timeout=2&forceStop=1");
}

// The task ends while the guest is down; the VM comes up again by itself a moment later.
TEST_F(PowerTest, RebootWaitsForTheVmToComeBack) {
  OnTask("POST /nodes/pve/qemu/100/status/reboot");
  service_->On(kStatus, {Status("stopped"), Status("stopped"), Status("running")});
  EXPECT_TRUE(api_->Reboot(vm_, absl::Seconds(30), Limits()).ok());
  service_->On(kStatus, Status("stopped"));
  absl::Time const start = clock_.Now();
  absl::Status const status = api_->Reboot(vm_, absl::Seconds(30), Limits()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_LE(clock_.Now() - start, absl::Minutes(3));
}

TEST_F(PowerTest, RefusalsAreTold) {
  service_->On("POST /nodes/pve/qemu/100/status/start", Failure(500, "cluster not ready - no quorum?"));
  EXPECT_EQ(CauseOf(api_->Start(vm_, Limits()).status()), Cause::kNoQuorum);
  service_->On("POST /nodes/pve/qemu/100/status/start",
               Failure(403, "Permission check failed (/vms/100, VM.PowerMgmt)"));
  EXPECT_THAT(Text(api_->Start(vm_, Limits()).status()),
              AllOf(HasSubstr("VM.PowerMgmt"), HasSubstr("/vms/100")));
}

}  // namespace
}  // namespace fediversity::proxmox
