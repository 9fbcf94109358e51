// What the service's failures become: every one that real servers were seen to answer.

#include "provider/backends/proxmox/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/provider/backends/proxmox/captures.h"
#include "tests/provider/backends/proxmox/fake_service.h"

namespace fediversity::proxmox {
namespace {

using absl::StatusCode;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Expected {
  Reply reply;
  StatusCode code;
  Cause cause;
  const char* text;
  http::Method method = http::Method::kPut;
  std::vector<std::string> path = {"nodes", "pve", "qemu", "100", "config"};
};

absl::Status ErrorOfReply(const Expected& expected) {
  http::Request const request{.method = expected.method, .path = expected.path};
  http::Response response = *expected.reply;
  response.url = "https://pve:8006/api2/json/x";
  return ErrorOf(request, response, "VM 100: changing its configuration");
}

class ErrorTest : public ::testing::TestWithParam<Expected> {};

TEST_P(ErrorTest, HasItsCodeAndCauseAndSaysWhatTheServiceSaid) {
  absl::Status const status = ErrorOfReply(GetParam());
  EXPECT_EQ(status.code(), GetParam().code) << status;
  EXPECT_EQ(CauseOf(status), GetParam().cause) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(GetParam().text), ::testing::StartsWith("VM 100: changing its configuration: "),
                    HasSubstr("https://pve:8006/api2/json/x answered ")));
}

constexpr http::Method kGet = http::Method::kGet;
constexpr http::Method kDelete = http::Method::kDelete;
const std::vector<std::string> kStorage = {"storage", "nosuch"};

INSTANTIATE_TEST_SUITE_P(
    Answers, ErrorTest,
    ::testing::Values(
        Expected{
            BadParameters(
                R"({"cores": "value must have a minimum value of 1", "bogus": "property is not defined\n"})"),
            StatusCode::kInvalidArgument, Cause::kBadParameter,
            "bogus: property is not defined\ncores: value must have a minimum value of 1"},
        Expected{BadParameters(R"({"delete": "unknown option 'foo'"})"), StatusCode::kInvalidArgument,
                 Cause::kBadParameter, "the server refuses delete"},
        Expected{BadParameters(R"({"vmid": "VM 100 already exists"})"), StatusCode::kAlreadyExists,
                 Cause::kVmidTaken, "already exists"},
        Expected{BadParameters(R"({"skiplock": "Only root may use this option."})"),
                 StatusCode::kFailedPrecondition, Cause::kRootOnly, "root@pam"},
        Expected{BadParameters(R"({"net0": "hotplug problem - error on hot-unplugging device 'net0'\n"})"),
                 StatusCode::kInvalidArgument, Cause::kBadParameter, "hot-unplugging"},
        Expected{Failure(500, "Configuration file 'nodes/pve/qemu-server/999.conf' does not exist"),
                 StatusCode::kAborted, Cause::kNoSuchVm, "999.conf", kGet},
        Expected{Failure(500, "unable to find configuration file for VM 999 on node 'pve'"),
                 StatusCode::kAborted, Cause::kNoSuchVm, "looked for anew"},
        Expected{Failure(500, "VM is locked (backup)"), StatusCode::kFailedPrecondition, Cause::kVmLock,
                 "qm unlock"},
        Expected{Failure(500, "VM is locked (create)"), StatusCode::kFailedPrecondition, Cause::kBeingMade,
                 "is being made"},
        Expected{Failure(500, "VM is locked (clone)"), StatusCode::kFailedPrecondition, Cause::kBeingMade,
                 "is being made"},
        Expected{Failure(500, "VM is locked (destroyed)"), StatusCode::kFailedPrecondition, Cause::kOther,
                 "destroy it again"},
        Expected{Failure(500, "VM is locked (suspended)"), StatusCode::kFailedPrecondition, Cause::kSuspended,
                 "hibernated"},
        Expected{Failure(500, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"),
                 StatusCode::kFailedPrecondition, Cause::kConfigLock, "got timeout"},
        Expected{Failure(500, "can't lock file '/var/lock/pve-manager/pve-storage-local' - got timeout"),
                 StatusCode::kFailedPrecondition, Cause::kStorageLock, "got timeout"},
        Expected{Failure(500, "cfs-lock 'storage-ceph' error: got lock request timeout"),
                 StatusCode::kFailedPrecondition, Cause::kStorageLock, "storage-ceph"},
        Expected{
            Failure(500, "update pools failed: cfs-lock 'file-user_cfg' error: got lock request timeout"),
            StatusCode::kFailedPrecondition, Cause::kFileLock, "user_cfg"},
        Expected{Failure(500, "cfs-lock 'domain-ha' error: got lock request timeout"),
                 StatusCode::kFailedPrecondition, Cause::kStorageLock, "domain-ha"},
        Expected{Failure(403, "Permission check failed (/vms/100, VM.Config.Memory)"),
                 StatusCode::kPermissionDenied, Cause::kOther,
                 "the credentials lack VM.Config.Memory on /vms/100"},
        Expected{
            Failure(403,
                    "Permission check failed (/vms/301, VM.GuestAgent.FileRead|VM.GuestAgent.Unrestricted)"),
            StatusCode::kPermissionDenied, Cause::kOther,
            "lack one of VM.GuestAgent.FileRead,VM.GuestAgent.Unrestricted on /vms/301", kGet},
        Expected{Failure(403, "Permission check failed"), StatusCode::kPermissionDenied, Cause::kOther,
                 "privilege separation"},
        Expected{Failure(403, "Permission check failed (pool 'p1' does not exist)"),
                 StatusCode::kFailedPrecondition, Cause::kNoSuchPool,
                 "configuration: pool 'p1' does not exist\nCreate the pool"},
        Expected{Failure(500, "pool 'p1' does not exist"), StatusCode::kFailedPrecondition,
                 Cause::kNoSuchPool, "pool 'p1' does not exist"},
        Expected{Bare(401, "No ticket"), StatusCode::kUnauthenticated, Cause::kOther, "No ticket"},
        Expected{Bare(401, "Authentication failed!"), StatusCode::kUnauthenticated, Cause::kOther,
                 "user@realm!name=secret"},
        Expected{Bare(401, "Permission denied - invalid csrf token"), StatusCode::kUnauthenticated,
                 Cause::kOther, "CSRF"},
        Expected{Failure(401, "authentication failure"), StatusCode::kUnauthenticated, Cause::kOther,
                 "authentication failure"},
        Expected{Failure(501, "Method 'GET /nosuch' not implemented"), StatusCode::kUnimplemented,
                 Cause::kOther, "not implemented", kGet},
        Expected{Failure(500, "hostname lookup 'nonode' failed - failed to get address info for: nonode"),
                 StatusCode::kFailedPrecondition, Cause::kNoSuchNode, "no node of that name", kGet},
        Expected{Bare(595, "Connection refused"), StatusCode::kUnavailable, Cause::kOther,
                 "Nobody knows whether it was carried out"},
        Expected{Bare(595, "No route to host"), StatusCode::kUnavailable, Cause::kOther, "No route to host",
                 kGet},
        Expected{Bare(596, "Connection timed out"), StatusCode::kUnavailable, Cause::kOther,
                 "Connection timed out"},
        Expected{Bare(599, "Too many redirections"), StatusCode::kUnavailable, Cause::kOther, "Nobody knows"},
        Expected{Bare(502, "Bad Gateway"), StatusCode::kUnavailable, Cause::kOther, "Nobody knows"},
        Expected{Bare(503, "Service Unavailable"), StatusCode::kUnavailable, Cause::kOther, "Nobody knows"},
        Expected{Bare(504, "Gateway Time-out"), StatusCode::kUnavailable, Cause::kOther, "Nobody knows"},
        Expected{Failure(500, "cluster not ready - no quorum?"), StatusCode::kUnavailable, Cause::kNoQuorum,
                 "half of the cluster"},
        Expected{
            Failure(
                500,
                "unable to open file '/etc/pve/nodes/pve/qemu-server/100.conf.tmp.54' - Permission denied"),
            StatusCode::kUnavailable, Cause::kNoQuorum, "half of the cluster"},
        Expected{Failure(500, "create user failed: cfs-lock 'file-user_cfg' error: no quorum!"),
                 StatusCode::kUnavailable, Cause::kNoQuorum, "no quorum"},
        Expected{Failure(500, "checksum mismatch (file change by other user?)"), StatusCode::kAborted,
                 Cause::kDigest, "Plan again"},
        Expected{Failure(500, "unable to create VM 130 - VM 130 already exists on node 'pve'"),
                 StatusCode::kAlreadyExists, Cause::kVmidTaken, "VM 130"},
        Expected{Failure(500, "unable to create VM 130: config file already exists"),
                 StatusCode::kAlreadyExists, Cause::kVmidTaken, "VM 130"},
        Expected{Failure(500, "unable to create CT 130 - CT 130 already exists on node 'pve'"),
                 StatusCode::kAlreadyExists, Cause::kVmidTaken, "container"},
        Expected{Failure(500, "can't remove VM 201 - protection mode enabled"),
                 StatusCode::kFailedPrecondition, Cause::kProtected, "protection = false", kDelete},
        Expected{Failure(500, "VM 301 is running - destroy failed"), StatusCode::kFailedPrecondition,
                 Cause::kRunning, "Stop the VM", kDelete},
        Expected{Failure(500, "you can't convert a VM to template if VM is running"),
                 StatusCode::kFailedPrecondition, Cause::kRunning, "Stop the VM"},
        Expected{Failure(500, "QEMU guest agent is not running"), StatusCode::kUnavailable,
                 Cause::kSilentAgent, "qemu-guest-agent", kGet},
        Expected{Failure(500, "VM 100 qmp command 'guest-network-get-interfaces' failed - got timeout"),
                 StatusCode::kUnavailable, Cause::kSilentAgent, "got timeout", kGet},
        Expected{Failure(500, "VM 100 qga command 'guest-ping' failed - got timeout"),
                 StatusCode::kUnavailable, Cause::kSilentAgent, "got timeout", kGet},
        Expected{Failure(500, "unable to connect to VM 100 qga socket - timeout after 31 retries"),
                 StatusCode::kUnavailable, Cause::kSilentAgent, "qemu-guest-agent", kGet},
        Expected{Failure(500, "VM 100 qmp command 'query-status' failed - got timeout"),
                 StatusCode::kInternal, Cause::kOther, "query-status", kGet},
        Expected{Failure(500, "No QEMU guest agent configured"), StatusCode::kFailedPrecondition,
                 Cause::kNoAgent, "Enable the agent", kGet},
        Expected{Failure(500, "VM 201 is not running"), StatusCode::kFailedPrecondition, Cause::kNotRunning,
                 "VM 201", kGet},
        Expected{Failure(500, "only root can set 'args' config"), StatusCode::kFailedPrecondition,
                 Cause::kRootOnly, "no API token"},
        Expected{
            Failure(
                500,
                "Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 581."),
            StatusCode::kFailedPrecondition, Cause::kRootOnly, "Name a volume"},
        Expected{Failure(500, "storage 'nosuch' does not exist"), StatusCode::kFailedPrecondition,
                 Cause::kNoSuchStorage, "storage 'nosuch'"},
        Expected{Failure(500, "storage 'nosuch' does not exist"), StatusCode::kNotFound,
                 Cause::kNoSuchStorage, "storage 'nosuch'", kGet, kStorage},
        Expected{Failure(500, "volume 'local:iso/none.iso' does not exist"), StatusCode::kFailedPrecondition,
                 Cause::kNoSuchThing, "none.iso"},
        Expected{Bare(404, "Not Found"), StatusCode::kFailedPrecondition, Cause::kOther,
                 "no answer of Proxmox", kGet},
        Expected{Bare(410, "Gone"), StatusCode::kFailedPrecondition, Cause::kOther, "no answer of Proxmox",
                 kGet},
        Expected{Bare(502, "Bad Gateway"), StatusCode::kUnavailable, Cause::kOther, "Bad Gateway", kGet},
        Expected{Failure(500, "no options specified"), StatusCode::kInvalidArgument, Cause::kBadParameter,
                 "no options"},
        Expected{Failure(500, "unable to parse directory volume name '99999999x'"),
                 StatusCode::kInvalidArgument, Cause::kBadParameter, "99999999x"},
        Expected{Failure(500, "you can't move to the same storage with same format"),
                 StatusCode::kFailedPrecondition, Cause::kOther, "same storage"},
        Expected{Failure(500, "parameter 'storage' not allowed for linked clones"),
                 StatusCode::kInvalidArgument, Cause::kBadParameter, "full copy"},
        Expected{Failure(500, "EFI base image '/usr/share/pve-edk2-firmware//OVMF_CODE_4M.fd' not found"),
                 StatusCode::kFailedPrecondition, Cause::kOther, "lacks the firmware"},
        Expected{Failure(500, "invalid bootorder: device 'net9' does not exist'"),
                 StatusCode::kInvalidArgument, Cause::kBadParameter, "net9"},
        Expected{Failure(500, "qemu-img: Could not open '/x.qcow2': Failed to get shared \"write\" lock"),
                 StatusCode::kInternal, Cause::kOther, "qemu-img"}));

// The words of older versions are in the reason phrase alone; they mean the same.
TEST(ErrorOfTest, ReasonPhraseIsAsGoodAsABody) {
  Expected const expected{Bare(500, "Configuration file 'nodes/pve/qemu-server/999.conf' does not exist"),
                          StatusCode::kAborted, Cause::kNoSuchVm, ""};
  absl::Status const status = ErrorOfReply(expected);
  EXPECT_EQ(status.code(), StatusCode::kAborted) << status;
}

// A node answers for itself, and the VM may be on another one. A write names other things than the VM, and that one of
// those is missing does not mean that the VM is.
TEST(ErrorOfTest, NoAnswerOfOneNodeMeansThatTheVmIsGone) {
  for (const char* const message :
       {"Configuration file 'nodes/pve/qemu-server/100.conf' does not exist",
        "storage 'nosuch' does not exist", "volume 'local:1/x.raw' does not exist", "pool 'p' does not exist",
        "no such cluster node 'x'", "snapshot 'x' does not exist"}) {
    for (http::Method const method : {kGet, kDelete, http::Method::kPut, http::Method::kPost}) {
      absl::Status const status = ErrorOfReply({Failure(500, message), {}, {}, "", method});
      EXPECT_NE(status.code(), StatusCode::kNotFound) << status;
    }
  }
}

// What exists has to be the VM itself.
TEST(ErrorOfTest, AVmidIsTakenOnlyWhereAVmHasIt) {
  for (const char* const message :
       {"unable to create VM 130 - volume 'local:130/vm-130-disk-0.raw' already exists",
        "VM 130: snapshot 's1' already exists"}) {
    EXPECT_EQ(CauseOf(ErrorOfReply({Failure(500, message), {}, {}, ""})), Cause::kOther) << message;
  }
}

TEST(ErrorOfTest, ARefusalIsDefiniteAndSilenceIsNot) {
  auto const is_definite = [](const Reply& reply) {
    return IsDefinite(ErrorOfReply({reply, {}, {}, "", http::Method::kPost}));
  };
  for (const Reply& reply :
       {BadParameters(R"({"cores": "no"})"), Failure(403, "Permission check failed"), Bare(401, "No ticket"),
        Failure(500, "VM is locked (clone)"), Failure(500, "storage 'nosuch' does not exist"),
        Failure(500, "cluster not ready - no quorum?")}) {
    EXPECT_TRUE(is_definite(reply)) << reply->body;
  }
  for (const Reply& reply :
       {Bare(596, "Connection timed out"), Bare(504, "Gateway Time-out"), Failure(500, "Died at line 7"),
        Failure(500,
                "unable to open file '/etc/pve/nodes/pve/qemu-server/1.conf.tmp.1' - Permission denied")}) {
    EXPECT_FALSE(is_definite(reply)) << reply->reason;
  }
  EXPECT_TRUE(IsDefinite(NotSent().status()));
  EXPECT_FALSE(IsDefinite(Lost().status()));
  EXPECT_FALSE(IsDefinite(TaskError("cluster not ready - no quorum?", "", "UPID:x", "x")));
  EXPECT_FALSE(IsDefinite(TaskError("unable to create image", "", "UPID:x", "x")));
}

TEST(ErrorOfTest, ATaskHasEndedUnlessItsProcessVanished) {
  EXPECT_TRUE(IsOfEndedTask(TaskError("unable to create image", "", "UPID:x", "x")));
  EXPECT_FALSE(IsOfEndedTask(TaskError("unexpected status", "", "UPID:x", "x")));
  EXPECT_FALSE(IsOfEndedTask(Lost().status()));
}

// A long message is cut, and a secret at the cut must not lose its end and stay.
TEST(ErrorOfTest, ASecretThatMeetsTheEndOfWhatIsShownIsCutOut) {
  http::Request const request{
      .method = http::Method::kPut, .path = {"x"}, .query = {{"cipassword", Secret("obviously-fake")}}};
  std::string const filler(1995, 'x');
  for (const Reply& reply : {Failure(500, filler + "obviously-fake"),
                             BadParameters("{\"a\": \"" + filler + "obviously-fake\"}")}) {
    EXPECT_THAT(std::string(ErrorOf(request, *reply, "x").message()), Not(HasSubstr("obvio")));
  }
}

TEST(ErrorOfTest, NamesTheParametersThatAreRefused) {
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  Expected const bad{BadParameters(R"({"net0": "hotplug problem\n", "cores": "too few"})"), {}, {}, ""};
  EXPECT_THAT(RefusedParameters(ErrorOfReply(bad)), ElementsAre("cores", "net0"));
  EXPECT_THAT(RefusedParameters(ErrorOfReply({Failure(500, "VM is locked (backup)"), {}, {}, ""})),
              IsEmpty());
  EXPECT_THAT(RefusedParameters(absl::OkStatus()), IsEmpty());
}

TEST(ErrorOfTest, SecretsOfTheRequestAreCutOut) {
  http::Request const request{
      .method = http::Method::kPut, .path = {"x"}, .query = {{"cipassword", Secret("obviously-fake")}}};
  http::Response const response = *Failure(500, "cannot hash 'obviously-fake'");
  EXPECT_THAT(std::string(ErrorOf(request, response, "x").message()),
              AllOf(HasSubstr("cannot hash '(secret)'"), Not(HasSubstr("obviously-fake"))));
}

TEST(TaskErrorTest, QuotesTheLogAndSaysWhatToDo) {
  absl::Status const status =
      TaskError("VM quit/powerdown failed - got timeout", "line 1\nline 2",
                "UPID:pve:1:2:3:qmshutdown:204:root@pam!tofu:", "VM 204: shutting it down");
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CauseOf(status), Cause::kGuestTimeout);
  EXPECT_THAT(
      std::string(status.message()),
      AllOf(::testing::StartsWith("VM 204: shutting it down: VM quit/powerdown failed - got timeout\n"),
            HasSubstr("The guest did not shut down"), HasSubstr("line 1\nline 2"),
            HasSubstr("qmshutdown:204")));
}

TEST(TaskErrorTest, ATaskThatFailsLeavesTheVmInItsState) {
  for (const char* const exit_status :
       {"start failed: QEMU exited with code 1", "received interrupt", "snapshot feature is not available",
        "you can't start a vm if it's a template",
        "base volume 'local:101/base-101-disk-0.raw' is still in use by linked cloned"}) {
    absl::Status const status = TaskError(exit_status, "", "UPID:x", "VM 204: doing it");
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status;
  }
}

TEST(TaskErrorTest, ATaskThatDiedWithoutAWordLeavesTheOutcomeOpen) {
  absl::Status const status = TaskError("unexpected status", "", "UPID:x", "VM 204: starting it");
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Nobody knows"));
}

// Nothing that the captured servers refused is a mere "internal error" to the user, but for what failed inside them.
TEST(CapturesTest, EveryRefusalHasAMeaning) {
  int refusals = 0;
  for (const Capture& capture : Captures()) {
    if (capture.status / 100 == 2) continue;
    ++refusals;
    http::Request const request{.method = capture.method == "GET" ? kGet : http::Method::kPost,
                                .path = {"qemu"}};
    absl::Status const status = ErrorOf(
        request, {.status = capture.status, .reason = capture.reason, .body = capture.body}, capture.path);
    EXPECT_NE(status.code(), StatusCode::kInternal) << capture.path << ": " << status;
    EXPECT_NE(status.code(), StatusCode::kUnknown) << capture.path << ": " << status;
    // The phrase alone says as much, wherever the body has no more than the phrase.
    if (capture.answer.is_object() && !capture.answer.contains("errors")) {
      EXPECT_EQ(ErrorOf(request, {.status = capture.status, .reason = capture.reason}, capture.path).code(),
                status.code())
          << capture.path;
    }
  }
  EXPECT_GT(refusals, 40);
}

}  // namespace
}  // namespace fediversity::proxmox
