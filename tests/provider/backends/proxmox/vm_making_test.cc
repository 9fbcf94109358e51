// Making, cloning and deleting VMs: VMIDs, queues, and answers that got lost.

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kNext = "GET /cluster/nextid";
constexpr const char* kCreate = "POST /nodes/pve/qemu";

class VmMakingTest : public ApiTest {
 protected:
  VmMakingTest() { service_->On("GET /cluster/options", Data("{}")); }
  Announce Announced() {
    return [this](const VmId& vm) { announced_.push_back(vm.vmid); };
  }
  absl::StatusOr<NewVm> Clone(const VmId& source, const CloneRequest& request,
                              const Announce& announce = {}) {
    ASSIGN_OR_RETURN(CloneTurn const turn, api_->WaitToClone(source, cancel_));
    return api_->CloneVm(turn, request, announce, Limits());
  }
  std::vector<std::int64_t> announced_;
};

TEST_F(VmMakingTest, CreateCostsThreeRequests) {
  service_->On(kNext, Data("\"100\""));
  OnTask(kCreate);
  auto const made = api_->CreateVm({0, "pve"}, {{"name", "web 1"}, {"cores", "2"}}, Announced(), Limits());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->vm, (VmId{100, "pve"}));
  EXPECT_EQ(made->task.upid, kUpid);
  EXPECT_THAT(announced_, ElementsAre(100));
  EXPECT_THAT(service_->lines(), ElementsAre(kNext, "POST /nodes/pve/qemu vmid=100&name=web%201&cores=2",
                                             "GET " + kTask + "/status"));
}

TEST_F(VmMakingTest, WhatWasMadeIsLocatedWithoutAListing) {
  OnTask(kCreate);
  ASSERT_TRUE(api_->CreateVm({100, "pve"}, {}, {}, Limits()).ok());
  service_->Forget();
  service_->On("GET /nodes/pve/qemu/100/config", Data("{}"));
  EXPECT_EQ(api_->FetchVm(100, "", Limits())->vm.node, "pve");
  EXPECT_EQ(service_->lines().size(), 1U);
}

// The service names the same free VMID until somebody uses it.
TEST_F(VmMakingTest, NoVmidIsHandedOutTwice) {
  service_->On(kNext, Data("100"));
  service_->On("GET /cluster/nextid?vmid=101", Data("101"));
  service_->On("GET /cluster/nextid?vmid=102", BadParameters(R"({"vmid": "VM 102 already exists"})"));
  service_->On("GET /cluster/nextid?vmid=103", Data("103"));
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 100);
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 101);
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 103);
  api_->ReleaseVmid(101);
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 101);
}

TEST_F(VmMakingTest, NoVmidBeyondTheClustersRangeIsHandedOut) {
  for (const char* const range : {R"({"lower": "100", "upper": "102"})", R"("lower=100,upper=102")"}) {
    Open(ApiToken{Secret("root@pam!tofu=0123-obviously-fake")});
    service_->On(kNext, Data("100"));
    service_->On("GET /cluster/nextid?vmid=101", Data("101"));
    service_->On("GET /cluster/options", Data(std::string(R"({"next-id": )") + range + "}"));
    EXPECT_EQ(*api_->AllocateVmid(Limits()), 100);
    EXPECT_EQ(service_->Count("GET /cluster/options"), 0) << "the cluster's own choice is in its range";
    EXPECT_EQ(*api_->AllocateVmid(Limits()), 101);
    absl::Status const status = api_->AllocateVmid(Limits()).status();
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_THAT(Text(status), HasSubstr("below 102"));
    EXPECT_EQ(service_->Count("GET /cluster/options"), 1);
    api_->ReleaseVmid(101);
    EXPECT_EQ(*api_->AllocateVmid(Limits()), 101);
  }
}

TEST_F(VmMakingTest, ARangeThatCouldNotBeReadIsAskedForAgain) {
  service_->On(kNext, Data("100"));
  service_->On("GET /cluster/nextid?vmid=101", Data("101"));
  service_->On("GET /cluster/options", {Lost(), Data(R"({"next-id": {"upper": "101"}})")});
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 100);
  EXPECT_TRUE(absl::IsUnavailable(api_->AllocateVmid(Limits()).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(api_->AllocateVmid(Limits()).status()));
}

// Those that the credentials may not see are found by asking.
TEST_F(VmMakingTest, VmidsThatAreListedAreNotAskedFor) {
  std::string listing = R"([{"type": "lxc", "id": "lxc/400", "vmid": 400, "node": "pve"})";
  for (int vmid = 151; vmid < 400; ++vmid) {
    std::string const number = std::to_string(vmid);
    listing +=
        Cat({R"(, {"type": "qemu", "node": "pve", "id": "qemu/)", number, R"(", "vmid": )", number, "}"});
  }
  service_->On("GET /cluster/resources", Data(listing + "]"));
  service_->On(kNext, Data("150"));
  service_->On("GET /cluster/nextid?vmid=401", BadParameters(R"({"vmid": "VM 401 already exists"})"));
  service_->On("GET /cluster/nextid?vmid=402", Data("402"));
  ASSERT_TRUE(api_->ListVms(Limits()).ok());
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 150);
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 402);
  EXPECT_EQ(service_->Count("GET /cluster/nextid?"), 2);
}

TEST_F(VmMakingTest, WhoMayNotReadTheRangeDoesWithout) {
  service_->On(kNext, Data("100"));
  service_->On("GET /cluster/nextid?vmid=101", Data("101"));
  service_->On("GET /cluster/options", Failure(403, "Permission check failed (/, Sys.Audit)"));
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 100);
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 101);
}

TEST_F(VmMakingTest, ManyAtOnceGetVmidsOfTheirOwn) {
  service_->OnCall(kNext, [](const http::Request& request, const CallLimits&) {
    return Data(request.query.empty() ? "\"100\"" : "\"" + request.query.front().Reveal() + "\"");
  });
  std::mutex mutex;
  std::set<std::int64_t> vmids;
  std::vector<std::thread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      auto const vmid = api_->AllocateVmid(Limits());
      std::lock_guard const lock(mutex);
      vmids.insert(vmid.value_or(0));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(vmids.size(), 16U);
  EXPECT_EQ(*vmids.begin(), 100);
  EXPECT_EQ(*vmids.rbegin(), 115);
}

TEST_F(VmMakingTest, AVmidThatSomebodyElseTookIsReplaced) {
  service_->On(kNext, {Data("100"), Data("101")});
  service_->On(kCreate,
               {Failure(500, "unable to create VM 100 - VM 100 already exists on node 'pve2'"), Upid()});
  service_->On("GET " + kTask + "/status", Ended("OK"));
  auto const made = api_->CreateVm({0, "pve"}, {}, Announced(), Limits());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->vm.vmid, 101);
  EXPECT_THAT(announced_, ElementsAre(100, 101));
}

TEST_F(VmMakingTest, AVmidThatTheUserWantsIsNotReplaced) {
  service_->On(kCreate, Failure(500, "unable to create VM 100 - VM 100 already exists on node 'pve2'"));
  absl::Status const status = api_->CreateVm({100, "pve"}, {}, {}, Limits()).status();
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(VmMakingTest, ALostAnswerIsNotSentAgain) {
  service_->On(kNext, {Data("100"), Data("100")});
  service_->On(kCreate, Lost());
  absl::Status const status = api_->CreateVm({0, "pve"}, {}, Announced(), Limits()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(service_->Count(kCreate), 1);
  EXPECT_THAT(announced_, ElementsAre(100));
  // The VM may exist, so its VMID stays taken.
  service_->On("GET /cluster/nextid?vmid=101", Data("101"));
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 101);
}

TEST_F(VmMakingTest, AVmidOfAVmThatCannotBeIsFreeAgain) {
  service_->On(kNext, Data("100"));
  service_->On(kCreate, BadParameters(R"({"cores": "value must have a minimum value of 1"})"));
  EXPECT_TRUE(absl::IsInvalidArgument(api_->CreateVm({0, "pve"}, {}, {}, Limits()).status()));
  EXPECT_EQ(*api_->AllocateVmid(Limits()), 100);
}

TEST_F(VmMakingTest, NoSecretIsInAnError) {
  service_->On(kCreate, BadParameters(R"({"cipassword": "'obviously-fake' is too simple"})"));
  Parameters const parameters = {{"cipassword", Secret("obviously-fake")}};
  absl::Status const status = api_->CreateVm({100, "pve"}, parameters, {}, Limits()).status();
  EXPECT_THAT(Text(status), AllOf(HasSubstr("'(secret)' is too simple"), Not(HasSubstr("obviously-fake"))));
  service_->On(kCreate, Lost());
  EXPECT_THAT(Text(api_->CreateVm({100, "pve"}, parameters, {}, Limits()).status()),
              Not(HasSubstr("obviously-fake")));
}

TEST_F(VmMakingTest, ARequestThatIsTooLargeIsNotSent) {
  Parameters const parameters = {{"name", "web"}, {"description", std::string(600 << 10, 'x')}};
  absl::Status const status = api_->CreateVm({100, "pve"}, parameters, {}, Limits()).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(Text(status), AllOf(HasSubstr("524288"), HasSubstr("are description")));
  EXPECT_TRUE(service_->lines().empty());
}

TEST_F(VmMakingTest, CloneSendsWhatIsAskedFor) {
  OnTask("POST /nodes/pve/qemu/900/clone");
  CloneRequest const request{
      .newid = 203, .name = "c", .target = "pve3", .full = true, .storage = "ceph", .pool = "tenants"};
  auto const made = Clone({900, "pve"}, request, Announced());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->vm, (VmId{203, "pve3"}));
  EXPECT_EQ(service_->lines().front(),
            "POST /nodes/pve/qemu/900/clone newid=203&name=c&target=pve3&full=1&storage=ceph&pool=tenants");
  EXPECT_THAT(announced_, ElementsAre(203));
}

TEST_F(VmMakingTest, CloneOfALockedTemplateWaitsForTheLock) {
  service_->On("POST /nodes/pve/qemu/900/clone",
               {Failure(500, "VM is locked (clone)"),
                Failure(500, "can't lock file '/var/lock/qemu-server/lock-900.conf' - got timeout"),
                Failure(500, "cfs-lock 'storage-ceph' error: got lock request timeout"), Upid()});
  service_->On("GET " + kTask + "/status", Ended("OK"));
  EXPECT_TRUE(Clone({900, "pve"}, {.newid = 203}).ok());
  EXPECT_EQ(service_->Count("POST"), 4);
}

// A create that fails takes back all but the volume of the EFI disk.
TEST_F(VmMakingTest, ACreateThatWouldLeaveAVolumeIsNotRepeatedAfterALockInTheMiddle) {
  service_->On(kCreate, Failure(500, "cfs-lock 'storage-ceph' error: got lock request timeout"));
  Parameters const efi = {{"scsi0", "ceph:4"}, {"efidisk0", "ceph:1"}};
  EXPECT_EQ(CauseOf(api_->CreateVm({100, "pve"}, efi, {}, Limits()).status()), Cause::kStorageLock);
  EXPECT_EQ(service_->Count(kCreate), 1);
  service_->On(kCreate, {Failure(500, "cfs-lock 'storage-ceph' error: got lock request timeout"), Upid()});
  service_->On("GET " + kTask + "/status", Ended("OK"));
  EXPECT_TRUE(api_->CreateVm({100, "pve"}, {{"scsi0", "ceph:4"}}, {}, Limits()).ok());
  EXPECT_EQ(service_->Count(kCreate), 3);
}

// Proxmox puts a VM into its pool last. Where that fails it takes the configuration away, and no volume.
TEST_F(VmMakingTest, WhatDidNotGetIntoItsPoolIsNotMadeTwice) {
  constexpr const char* kClone = "POST /nodes/pve/qemu/900/clone";
  for (const char* const request : {kCreate, kClone}) {
    OnTask(request, "can't add VM 130 to pool 'p': cfs-lock 'file-user_cfg' error: got lock request timeout");
    absl::Status const status =
        std::string_view(request) == kCreate
            ? api_->CreateVm({130, "pve"}, {{"scsi0", "ceph:4"}, {"pool", "p"}}, {}, Limits()).status()
            : Clone({900, "pve"}, {.newid = 130, .pool = "p"}).status();
    EXPECT_EQ(service_->Count(request), 1);
    EXPECT_EQ(CauseOf(status), Cause::kFileLock);
    EXPECT_THAT(Text(status), HasSubstr("volumes of VM 130 may be left"));
  }
}

TEST_F(VmMakingTest, WhatCertainlyDidNothingIsTold) {
  service_->On(kCreate, Failure(500, "cluster not ready - no quorum?"));
  EXPECT_TRUE(IsDefinite(api_->CreateVm({100, "pve"}, {}, {}, Limits()).status()));
  service_->On(kCreate, NotSent());
  EXPECT_TRUE(IsDefinite(api_->CreateVm({100, "pve"}, {}, {}, Limits()).status()));
  service_->OnCall(kCreate, [this](const http::Request&, const CallLimits&) {
    cancel_.Cancel();
    return Failure(500, "VM is locked (backup)");
  });
  EXPECT_TRUE(IsDefinite(api_->CreateVm({100, "pve"}, {}, {}, Limits()).status()));
}

TEST_F(VmMakingTest, WhatMayHaveDoneSomethingIsNotDefinite) {
  service_->On(kCreate, Lost());
  EXPECT_FALSE(IsDefinite(api_->CreateVm({100, "pve"}, {}, {}, Limits()).status()));
  OnTask(kCreate, "cfs-lock 'file-user_cfg' error: no quorum!");
  EXPECT_FALSE(IsDefinite(api_->CreateVm({100, "pve"}, {}, {}, Limits()).status()));
  service_->On(kCreate, Reply(http::Response{.status = 200, .reason = "OK", .body = "<html>"}));
  EXPECT_FALSE(IsDefinite(api_->CreateVm({100, "pve"}, {}, {}, Limits()).status()));
}

TEST_F(VmMakingTest, ClonesOfOneTemplateQueue) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  service_->OnCall("POST /nodes/pve/qemu/900/clone", [&](const http::Request&, const CallLimits&) {
    int const now = ++running;
    int seen = most.load();
    while (seen < now && !most.compare_exchange_weak(seen, now)) {
    }
    return Upid();
  });
  service_->OnCall("GET " + kTask + "/status", [&](const http::Request&, const CallLimits&) {
    --running;
    return Ended("OK");
  });
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      std::string const storage = i % 2 == 0 ? "" : "ceph";
      EXPECT_TRUE(Clone({900, "pve"}, {.newid = 200 + i, .storage = storage}).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 1);
}

TEST_F(VmMakingTest, ClonesOfOtherTemplatesDoNotWait) {
  std::promise<void> second_is_there;
  std::shared_future<void> const there = second_is_there.get_future().share();
  service_->OnCall("POST /nodes/pve/qemu/900/clone", [there](const http::Request&, const CallLimits&) {
    there.wait();
    return Upid();
  });
  service_->OnCall("POST /nodes/pve/qemu/901/clone", [&](const http::Request&, const CallLimits&) {
    second_is_there.set_value();
    return Upid();
  });
  service_->On("GET " + kTask + "/status", Ended("OK"));
  std::thread first([&] { EXPECT_TRUE(Clone({900, "pve"}, {.newid = 200}).ok()); });
  EXPECT_TRUE(Clone({901, "pve"}, {.newid = 201}).ok());
  first.join();
}

TEST_F(VmMakingTest, AnInterruptEndsTheWaitForTheTurnToClone) {
  auto const first = api_->WaitToClone({900, "pve"}, cancel_);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->waited, absl::ZeroDuration());
  auto second = std::async(std::launch::async, [&] {
    return api_->WaitToClone({900, "pve"}, cancel_).status();
  });
  cancel_.Cancel();
  EXPECT_TRUE(absl::IsCancelled(second.get()));
}

TEST_F(VmMakingTest, DeleteSaysEverythingInTheQuery) {
  OnTask("DELETE /nodes/pve/qemu/100");
  ASSERT_TRUE(api_->DeleteVm({100, "pve"}, {.purge = true, .destroy_unreferenced = true}, Limits()).ok());
  EXPECT_EQ(service_->lines().front(), "DELETE /nodes/pve/qemu/100?purge=1&destroy-unreferenced-disks=1");
  EXPECT_FALSE(service_->requests().front().body.has_value());
}

class VmDeletingTest : public VmMakingTest {
 protected:
  static constexpr const char* kDelete = "DELETE /nodes/pve/qemu/100";
  static constexpr const char* kMissing =
      "Configuration file 'nodes/pve/qemu-server/100.conf' does not exist";
  void OnGone() {
    service_->On("GET /cluster/resources", Data(R"([{"type": "node", "node": "pve", "status": "online"}])"));
    service_->On("GET /nodes/pve/qemu/100/config", Failure(500, kMissing));
    service_->On("GET /cluster/status", Data("[]"));
  }
};

TEST_F(VmDeletingTest, WhatIsGoneAlreadyIsDeleted) {
  OnGone();
  service_->On(kDelete, Failure(500, kMissing));
  auto const result = api_->DeleteVm({100, "pve"}, {}, Limits());
  EXPECT_TRUE(result.ok()) << result.status();
}

TEST_F(VmDeletingTest, ALostAnswerIsMadeUpForByLooking) {
  OnGone();
  service_->On(kDelete, Lost());
  EXPECT_TRUE(api_->DeleteVm({100, "pve"}, {}, Limits()).ok());
  service_->On("GET /cluster/resources", Data(kListing));
  service_->On("GET /nodes/pve/qemu/100/config", Data("{}"));
  api_->DropListings();
  EXPECT_TRUE(absl::IsUnavailable(api_->DeleteVm({100, "pve"}, {}, Limits()).status()));
  EXPECT_EQ(service_->Count(kDelete), 2);
}

TEST_F(VmDeletingTest, AVmThatMovedIsNotDeletedUnseen) {
  service_->On("GET /cluster/resources", Data(R"([{"type": "node", "node": "pve3", "status": "online"},
                                                  {"type": "qemu", "node": "pve3", "vmid": 100}])"));
  service_->On("GET /nodes/pve3/qemu/100/config", Data("{}"));
  service_->On(kDelete, Failure(500, kMissing));
  absl::Status const status = api_->DeleteVm({100, "pve"}, {}, Limits()).status();
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("moved to node pve3"));
}

// Behind the lock it may be another VM: the caller has to look before it is deleted.
TEST_F(VmDeletingTest, ALockedVmIsNotDeletedUnseen) {
  for (const char* const lock : {"VM is locked (backup)", "VM is locked (create)",
                                 "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"}) {
    OnTask(kDelete, lock);
    service_->Forget();
    absl::Status const status = api_->DeleteVm({100, "pve"}, {}, Limits()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_EQ(service_->Count(kDelete), 1);
  }
}

TEST_F(VmDeletingTest, RefusalsAreTold) {
  service_->On(kDelete, Failure(500, "can't remove VM 100 - protection mode enabled"));
  EXPECT_EQ(CauseOf(api_->DeleteVm({100, "pve"}, {}, Limits()).status()), Cause::kProtected);
  service_->On(kDelete, Failure(500, "VM 100 is running - destroy failed"));
  EXPECT_EQ(CauseOf(api_->DeleteVm({100, "pve"}, {}, Limits()).status()), Cause::kRunning);
  service_->On(kDelete, Failure(403, "Permission check failed (/vms/100, VM.Allocate)"));
  EXPECT_TRUE(absl::IsPermissionDenied(api_->DeleteVm({100, "pve"}, {}, Limits()).status()));
}

TEST_F(VmDeletingTest, WithoutQuorumNothingIsDeleted) {
  OnTask(kDelete,
         "unable to open file '/etc/pve/nodes/pve/qemu-server/100.conf.tmp.174' - Permission denied");
  OnListing();
  service_->On("GET /nodes/pve/qemu/100/config", Data("{}"));
  absl::Status const status = api_->DeleteVm({100, "pve"}, {}, Limits()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(CauseOf(status), Cause::kNoQuorum);
  EXPECT_THAT(Text(status), HasSubstr("they may be gone although the VM is still there"));
  service_->On(kDelete, Failure(500, "cluster not ready - no quorum?"));
  EXPECT_THAT(Text(api_->DeleteVm({100, "pve"}, {}, Limits()).status()), Not(HasSubstr("may be gone")));
}

}  // namespace
}  // namespace fediversity::proxmox
