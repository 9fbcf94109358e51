// Waiting for tasks: how often is asked, and what becomes of them.

#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TasksTest : public ApiTest {
 protected:
  absl::StatusOr<TaskResult> Convert(const CallLimits& limits) {
    return api_->ConvertToTemplate({100, "pve"}, limits);
  }
  int Polls() const { return service_->Count("GET " + kTask + "/status"); }

  const std::string kRequest = "POST /nodes/pve/qemu/100/template";
};

TEST_F(TasksTest, OneThatEndsAtOnceCostsOneLook) {
  OnTask(kRequest);
  auto const result = Convert(Limits());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->upid, kUpid);
  EXPECT_THAT(result->warnings, IsEmpty());
  EXPECT_THAT(service_->lines(), ElementsAre(kRequest, "GET " + kTask + "/status"));
}

TEST_F(TasksTest, AskedLessAndLessOften) {
  OnTask(kRequest);
  std::vector<Reply> replies(6, Running());
  replies.push_back(Ended("OK"));
  service_->On("GET " + kTask + "/status", replies);
  absl::Time const start = clock_.Now();
  ASSERT_TRUE(Convert(Limits()).ok());
  EXPECT_EQ(Polls(), 7);
  // 0.1 + 0.2 + 0.4 + 0.8 + 1 + 1
  EXPECT_EQ(clock_.Now() - start, absl::Milliseconds(3500));
}

TEST_F(TasksTest, WarningsAreASuccessThatIsShown) {
  OnTask(
      kRequest, "WARNINGS: 1",
      R"([{"n": 1, "t": "starting"}, {"n": 2, "t": "WARN: iothread is only valid with virtio disk"}, {"n": 3, "t": "TASK WARNINGS: 1"}])");
  auto const result = Convert(Limits());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->warnings, ElementsAre("WARN: iothread is only valid with virtio disk"));
}

TEST_F(TasksTest, WarningsAreASuccessEvenWithoutTheLog) {
  OnTask(kRequest, "WARNINGS: 2");
  service_->On("GET " + kTask + "/log", Failure(500, "no such file"));
  auto const result = Convert(Limits());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->warnings, ElementsAre(HasSubstr("WARNINGS: 2")));
}

TEST_F(TasksTest, FailureQuotesTheEndOfTheLog) {
  nlohmann::json log = nlohmann::json::array();
  for (int i = 1; i <= 30; ++i) {
    log.push_back({{"n", i}, {"t", "line " + std::to_string(i)}});
    log.push_back({{"n", i}, {"t", "transferred 1.0 GiB of 2.0 GiB (50.00%)"}});
    log.push_back({{"n", i}, {"t", "drive-scsi0: transferred 2.0 MiB of 1.0 GiB (0.19%) in 0s"}});
    log.push_back({{"n", i}, {"t", "2026-11-30 07:00:00 migration active, transferred 1.0 GiB of 2.0 GiB"}});
  }
  log.push_back({{"n", 61}, {"t", "TASK ERROR: it failed"}});
  OnTask(kRequest, "command 'qemu-img' failed: exit code 1", log.dump());
  absl::Status const status = Convert(Limits()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(status), AllOf(HasSubstr("VM 100: making it a template: command 'qemu-img' failed"),
                                  HasSubstr("line 30\nTASK ERROR: it failed"), HasSubstr(kUpid),
                                  Not(HasSubstr("line 2\n")), Not(HasSubstr("transferred"))));
}

// The log of a copy that took hours, of which the end says what went wrong.
TEST_F(TasksTest, ALongLogIsReadToItsEnd) {
  OnTask(kRequest, "it failed");
  service_->OnCall("GET " + kTask + "/log", [](const http::Request& request, const CallLimits&) {
    std::size_t const start = std::stoul(request.query.at(0).Reveal());
    std::size_t const limit = std::stoul(request.query.at(1).Reveal());
    nlohmann::json lines = nlohmann::json::array();
    for (std::size_t i = start; i < std::min<std::size_t>(start + limit, 10'001); ++i) {
      lines.push_back({{"n", i + 1}, {"t", i == 10'000 ? "TASK ERROR: the disk is full" : "line"}});
    }
    return Data(lines.dump());
  });
  EXPECT_THAT(Text(Convert(Limits()).status()), HasSubstr("line\nTASK ERROR: the disk is full"));
}

TEST_F(TasksTest, FailureOfAMissingLogIsStillTheTasks) {
  OnTask(kRequest, "it failed");
  service_->On("GET " + kTask + "/log", Bare(595, "No route to host"));
  EXPECT_THAT(Text(Convert(Limits()).status()), AllOf(HasSubstr("it failed"), HasSubstr("No route to host")));
}

TEST_F(TasksTest, ALockInATaskIsTriedAgain) {
  service_->On(kRequest, Upid());
  service_->On("GET " + kTask + "/status", {Ended("VM is locked (backup)"), Ended("OK")});
  service_->On("GET " + kTask + "/log", Data("[]"));
  auto const result = Convert(Limits());
  EXPECT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(service_->Count(kRequest), 2);
}

TEST_F(TasksTest, ALockThatStaysIsToldWhenTheTimeIsOver) {
  service_->On(kRequest, Failure(500, "VM is locked (backup)"));
  absl::Time const start = clock_.Now();
  absl::Status const status = Convert(Within(absl::Minutes(1))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(status), AllOf(HasSubstr("VM is locked (backup)"), HasSubstr("It was tried again until")));
  EXPECT_LE(clock_.Now() - start, absl::Minutes(1));
  EXPECT_GT(service_->Count(kRequest), 10);
  EXPECT_LT(service_->Count(kRequest), 20);
}

TEST_F(TasksTest, AHibernatedVmIsNotWaitedFor) {
  service_->On(kRequest, Failure(500, "VM is locked (suspended)"));
  absl::Status const status = Convert(Limits()).status();
  EXPECT_EQ(CauseOf(status), Cause::kSuspended);
  EXPECT_THAT(Text(status), Not(HasSubstr("tried again")));
  EXPECT_EQ(service_->Count(kRequest), 1);
}

TEST_F(TasksTest, CancellingStopsATaskThatUndoesItself) {
  service_->On("POST /nodes/pve/qemu", Upid());
  service_->OnCall("GET " + kTask + "/status", [this](const http::Request&, const CallLimits&) {
    cancel_.Cancel();
    return Running();
  });
  service_->On("DELETE " + kTask, Data("null"));
  absl::Status const status = api_->CreateVm({100, "pve"}, {}, {}, Limits()).status();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("The task was told to stop."));
  EXPECT_EQ(service_->Count("DELETE " + kTask), 1);
}

TEST_F(TasksTest, CancellingLeavesADestroyAlone) {
  service_->On("DELETE /nodes/pve/qemu/100", Upid());
  service_->OnCall("GET " + kTask + "/status", [this](const http::Request&, const CallLimits&) {
    cancel_.Cancel();
    return Running();
  });
  absl::Status const status = api_->DeleteVm({100, "pve"}, {}, Limits()).status();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("The task goes on"));
  EXPECT_EQ(service_->Count("DELETE " + kTask), 0);
}

TEST_F(TasksTest, TheDeadlineStopsAsCancellingDoes) {
  service_->On("POST /nodes/pve/qemu", Upid());
  service_->On("GET " + kTask + "/status", Running());
  service_->On("DELETE " + kTask, Failure(500, "no such task"));
  absl::Status const status = api_->CreateVm({100, "pve"}, {}, {}, Within(absl::Seconds(20))).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("The task could not be stopped: "));
}

TEST_F(TasksTest, ANodeThatCannotBeReachedForAWhileIsAskedAgain) {
  service_->On(kRequest, Upid());
  std::vector<Reply> replies(20, Bare(596, "Connection timed out"));
  replies.push_back(Lost());
  replies.push_back(Running());
  replies.push_back(Ended("OK"));
  service_->On("GET " + kTask + "/status", replies);
  auto const result = Convert(Within(absl::Minutes(5)));
  EXPECT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(Polls(), 23);
}

TEST_F(TasksTest, AStatusThatCannotBeReadLeavesTheOutcomeOpen) {
  service_->On(kRequest, Upid());
  service_->On("GET " + kTask + "/status", Bare(596, "Connection timed out"));
  absl::Time const start = clock_.Now();
  absl::Status const status = Convert(Within(absl::Minutes(5))).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(Text(status), AllOf(HasSubstr("How it ends is not known"), HasSubstr("Connection timed out")));
  EXPECT_GT(clock_.Now() - start, absl::Minutes(2)) << "a node may restart its services";
  EXPECT_LT(clock_.Now() - start, absl::Minutes(4));
  EXPECT_FALSE(IsDefinite(status));
}

TEST_F(TasksTest, AStatusThatIsRefusedIsNotAskedForAgain) {
  service_->On(kRequest, Upid());
  service_->On("GET " + kTask + "/status", Failure(403, "Permission check failed (/, Sys.Audit)"));
  absl::Status const status = Convert(Limits()).status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("how it ends is not known"));
  EXPECT_EQ(Polls(), 1);
  EXPECT_FALSE(IsDefinite(status)) << "only the look was refused";
}

}  // namespace
}  // namespace fediversity::proxmox
