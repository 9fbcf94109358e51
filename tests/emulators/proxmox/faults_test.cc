#include <sys/socket.h>

#include "tests/emulators/common/connection.h"
#include "tests/emulators/common/percent.h"
#include "tests/emulators/proxmox/emulator_fixture.h"
#include "tests/emulators/proxmox/volatile_fields.h"

namespace fediversity::emulators {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Action = Fault::Action;

class FaultsTest : public EmulatorTest {};

TEST_F(FaultsTest, AnAnswerComesBeforeTheEffect) {
  emulator_.AddFault({.action = Action::kAnswerBefore,
                      .method = "POST",
                      .path = "/nodes/pve/qemu",
                      .status = 503,
                      .message = "busy"});
  TestAnswer const answer = root_.Post("/nodes/pve/qemu", {{"vmid", "100"}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.reason, "busy");
  EXPECT_THAT(emulator_.Vmids(), IsEmpty());
  Create(100);
}

TEST_F(FaultsTest, AnAnswerComesAfterTheEffect) {
  emulator_.AddFault({.action = Action::kAnswerAfter,
                      .path = "/nodes/pve/qemu",
                      .status = 596,
                      .message = "Connection timed out"});
  TestAnswer const answer = root_.Post("/nodes/pve/qemu", {{"vmid", "100"}});
  EXPECT_EQ(answer.status, 596);
  EXPECT_EQ(answer.reason, "Connection timed out");
  EXPECT_TRUE(answer.body.is_null());
  EXPECT_THAT(emulator_.Vmids(), ElementsAre(100));
}

TEST_F(FaultsTest, AConnectionIsCutBeforeOrAfterTheEffect) {
  emulator_.AddFault({.action = Action::kCutBefore, .method = "POST"});
  emulator_.AddFault({.action = Action::kCutAfter, .method = "POST", .nth = 2});
  EXPECT_EQ(root_.Post("/nodes/pve/qemu", {{"vmid", "100"}}).status, 0);
  EXPECT_THAT(emulator_.Vmids(), IsEmpty());
  EXPECT_EQ(root_.Post("/nodes/pve/qemu", {{"vmid", "100"}}).status, 0);
  EXPECT_THAT(emulator_.Vmids(), ElementsAre(100));
  EXPECT_EQ(emulator_.Count("POST", "/nodes/pve/qemu"), 2);
  EXPECT_EQ(emulator_.requests()[0].status, 0);
}

TEST_F(FaultsTest, AConnectionIsCutInsideAnAnswer) {
  emulator_.AddFault({.action = Action::kCutInside, .method = "POST"});
  EXPECT_EQ(root_.Post("/nodes/pve/qemu", {{"vmid", "100"}}).status, 0);
  EXPECT_THAT(emulator_.Vmids(), ElementsAre(100));
}

TEST_F(FaultsTest, AnAnswerSaysWhereItsMessageIs) {
  auto const answer = [&](Fault fault) {
    emulator_.AddFault(std::move(fault));
    TestAnswer const given = root_.Get("/version");
    emulator_.ClearFaults();
    return given;
  };
  TestAnswer const refused =
      answer({.status = 400, .errors = {{"name", "too long"}}, .message = "Parameter verification failed."});
  EXPECT_EQ(refused.body["errors"], Json({{"name", "too long"}}));
  EXPECT_EQ(refused.message(), "Parameter verification failed.\n");
  TestAnswer const old = answer({.body = Fault::Body::kReason, .message = "no space"});
  EXPECT_EQ(old.reason, "no space");
  EXPECT_EQ(old.body, Json({{"data", nullptr}}));
  TestAnswer const expired =
      answer({.status = 401, .body = Fault::Body::kAlways, .message = "permission denied"});
  EXPECT_EQ(expired.message(), "permission denied\n");
  EXPECT_TRUE(answer({.status = 401}).body.is_null());
}

TEST_F(FaultsTest, AFaultCountsItsOwnRequestsOnly) {
  emulator_.AddFault(
      {.action = Action::kAnswerBefore, .method = "GET", .path = "/version", .nth = 2, .times = 2});
  std::vector<int> statuses;
  for (int count = 0; count < 5; ++count) {
    EXPECT_EQ(root_.Get("/nodes").status, 200);
    statuses.push_back(root_.Get("/version").status);
  }
  EXPECT_THAT(statuses, ElementsAre(200, 500, 500, 200, 200));
}

TEST_F(FaultsTest, TasksFailWarnOrHang) {
  auto const create = [&](Action action, int vmid) {
    emulator_.AddFault(
        {.action = action, .method = "POST", .path = "/nodes/pve/qemu", .message = "no space left"});
    std::string const end =
        root_.Run("POST", "/nodes/pve/qemu", {{"vmid", std::to_string(vmid)}, {"scsi0", "local:1"}});
    emulator_.ClearFaults();
    return end;
  };
  EXPECT_EQ(create(Action::kFailTask, 100), "no space left");
  EXPECT_THAT(emulator_.Vmids(), IsEmpty());
  EXPECT_EQ(create(Action::kFailTaskAfter, 101), "no space left");
  EXPECT_EQ(create(Action::kWarnTask, 102), "WARNINGS: 1");
  EXPECT_THAT(emulator_.Vmids(), ElementsAre(101, 102));
  EXPECT_EQ(create(Action::kHangTask, 103), "running");
  Json const tasks = root_.Get("/nodes/pve/tasks", {{"source", "active"}}).data();
  ASSERT_THAT(tasks, SizeIs(1));
  std::string const upid = tasks[0]["upid"];
  TestAnswer const refused = Configure(103, {{"memory", "600"}});
  EXPECT_EQ(refused.reason, "can't lock file '/var/lock/qemu-server/lock-103.conf' - got timeout");
  EXPECT_EQ(root_.Delete("/nodes/pve/tasks/" + PercentEncode(upid)).status, 200);
  Json const status = root_.Get("/nodes/pve/tasks/" + PercentEncode(upid) + "/status").data();
  EXPECT_EQ(status["exitstatus"], "received interrupt");
  EXPECT_THAT(emulator_.Vmids(), ElementsAre(101, 102));
}

TEST_F(FaultsTest, ATaskRunsForItsTime) {
  emulator_.SetTaskLatency(std::chrono::hours(1));
  TestAnswer const started = root_.Post("/nodes/pve/qemu", {{"vmid", "100"}, {"scsi0", "local:1"}});
  std::string const path = "/nodes/pve/tasks/" + PercentEncode(started.data()) + "/status";
  Json const running = root_.Get(path).data();
  EXPECT_EQ(running["status"], "running");
  EXPECT_FALSE(running.contains("exitstatus"));
  EXPECT_EQ(Option(100, "lock"), "create");
  emulator_.Advance(std::chrono::hours(2));
  EXPECT_EQ(root_.Get(path).data()["exitstatus"], "OK");
  EXPECT_EQ(Option(100, "lock"), "(unset)");
}

TEST_F(FaultsTest, AWriteWaitsForTheTaskThatHoldsItsVm) {
  Create(100);
  emulator_.SetTaskLatency(std::chrono::milliseconds(30));
  EXPECT_EQ(root_.Post(VmPath(100, "/status/start")).status, 200);
  EXPECT_EQ(Configure(100, {{"memory", "600"}}).status, 200);
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current")).data()["status"], "running");
}

TEST_F(FaultsTest, ListingsLagBehind) {
  emulator_.Refresh();
  Create(100, {{"name", "w"}, {"tags", "a"}});
  auto const row = [&] { return root_.Get("/cluster/resources", {{"type", "vm"}}).data()[0]; };
  EXPECT_EQ(row()["status"], "unknown");
  EXPECT_FALSE(row().contains("name"));
  emulator_.Refresh();
  EXPECT_EQ(row()["status"], "stopped");
  EXPECT_EQ(Configure(100, {{"name", "renamed"}}).status, 200);
  EXPECT_EQ(row()["name"], "w");
  emulator_.Advance(std::chrono::seconds(10));
  EXPECT_EQ(row()["name"], "renamed");
}

TEST_F(FaultsTest, RequestsAreKeptWithTheirParameters) {
  Create(100, {{"name", "w"}});
  LoggedRequest const request = emulator_.requests().front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/nodes/pve/qemu");
  EXPECT_EQ(request.params, (Params{{"name", "w"}, {"vmid", "100"}}));
  EXPECT_EQ(request.who, "root@pam!tofu");
  EXPECT_EQ(request.status, 200);
  emulator_.ForgetRequests();
  EXPECT_THAT(emulator_.requests(), IsEmpty());
}

TEST(ConnectionTest, PatienceEndsWhereNothingComes) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  Connection server(ends[0], nullptr);
  Connection client(ends[1], nullptr);
  EXPECT_FALSE(server.HasMore(std::chrono::milliseconds(10)));
  ASSERT_TRUE(client.Write("x", 1));
  EXPECT_TRUE(server.HasMore(std::chrono::milliseconds(10)));
}

// The comparison that the captures are held against has to find differences.
TEST(CaptureComparisonTest, FindsDifferences) {
  Json const captured = {
      {"data", {{"name", "a"}, {"cores", 2}, {"vmgenid", "00000000-0000-4000-8000-000000000001"}}}};
  auto const differences = [&](const char* key, const Json& value) {
    CaptureComparison comparison;
    Json emulated = captured;
    emulated["data"][key] = value;
    return comparison.Compare("/nodes/pve/qemu/100/config", captured, emulated).size();
  };
  EXPECT_EQ(differences("name", "a"), 0U);
  EXPECT_EQ(differences("name", "b"), 1U);
  EXPECT_EQ(differences("cores", "2"), 0U);
  EXPECT_EQ(differences("cores", 3), 1U);
  EXPECT_EQ(differences("more", 1), 1U);
  EXPECT_EQ(differences("vmgenid", "00000000-0000-4000-8000-000000000002"), 0U);
  EXPECT_EQ(differences("vmgenid", "none"), 1U);
}

TEST(CaptureComparisonTest, WantsTheTasksOfThisRunInAListing) {
  CaptureComparison comparison;
  Json const ours = {{"data", "UPID:pve:00000001:00000002:00000003:qmstart:100:root@pam!tofu:"}};
  Json const theirs = {{"data", "UPID:pve:00000004:00000005:00000006:qmstart:100:root@pam!tofu:"}};
  ASSERT_THAT(comparison.Compare("/x", ours, theirs), IsEmpty());
  Json const row = {{"upid", ours["data"]}};
  Json const earlier = {{"upid", "UPID:pve:00000007:00000008:00000009:qmstop:100:root@pam!tofu:"}};
  Json const captured = {{"data", {row, earlier}}};
  EXPECT_THAT(comparison.Compare("/nodes/pve/tasks", captured, {{"data", Json::array()}}), SizeIs(1));
}

TEST(CaptureComparisonTest, ComparesWhatEachVolumeTakes) {
  CaptureComparison comparison;
  auto const content = [](int used) {
    return Json{{"data", Json::array({{{"volid", "local:100/vm-100-disk-0.raw"}, {"used", used}}})}};
  };
  EXPECT_THAT(comparison.Compare("/nodes/pve/storage/local/content", content(1), content(2)), SizeIs(1));
}

TEST(CaptureComparisonTest, WantsWhatIsMadeUpToStayTheSame) {
  CaptureComparison comparison;
  auto const digest = [](char letter) { return Json{{"data", {{"digest", std::string(40, letter)}}}}; };
  EXPECT_THAT(comparison.Compare("/x", digest('a'), digest('1')), IsEmpty());
  EXPECT_THAT(comparison.Compare("/x", digest('a'), digest('1')), IsEmpty());
  EXPECT_THAT(comparison.Compare("/x", digest('a'), digest('2')), SizeIs(1));
  EXPECT_THAT(comparison.Compare("/x", digest('b'), digest('1')), SizeIs(1));
}

}  // namespace
}  // namespace fediversity::emulators
