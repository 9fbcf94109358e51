// Finding and reading VMs: what it costs, and when one is gone for certain.

#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kListed = "GET /cluster/resources";
constexpr const char* kReadConfig = R"({"name": "web", "cores": 2, "digest": "abc"})";

Reply NoConfig(int vmid, const std::string& node = "pve") {
  return Failure(500, "Configuration file 'nodes/" + node + "/qemu-server/" + std::to_string(vmid) +
                          ".conf' does not exist");
}

class VmReadsTest : public ApiTest {
 protected:
  void OnQuorum(const std::string& quorate = "1") {
    service_->On("GET /cluster/status",
                 Data(R"([{"type": "cluster", "name": "c", "quorate": )" + quorate + "}]"));
  }
};

TEST_F(VmReadsTest, ManyVmsCostOneListingAndOneConfigurationEach) {
  std::string listing = R"([{"type": "node", "node": "pve", "status": "online"})";
  for (int vmid = 1000; vmid < 1200; ++vmid) {
    listing += R"(,{"type": "qemu", "node": "pve", "vmid": )" + std::to_string(vmid) + "}";
    service_->On("GET /nodes/pve/qemu/" + std::to_string(vmid) + "/config", Data(kReadConfig));
  }
  service_->On(kListed, Data(listing + "]"));
  for (int vmid = 1000; vmid < 1200; ++vmid) {
    auto const found = api_->FetchVm(vmid, "elsewhere", Limits());
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->vm, (VmId{vmid, "pve"})) << "the listing goes before the hint";
    EXPECT_EQ(found->config.digest, "abc");
  }
  EXPECT_EQ(service_->lines().size(), 201U);
}

TEST_F(VmReadsTest, LocateAsksOnlyTheListing) {
  OnListing();
  EXPECT_EQ(*api_->Locate(100, "", Limits()), (VmId{100, "pve"}));
  EXPECT_EQ(*api_->Locate(101, "", Limits()), (VmId{101, "pve2"}));
  EXPECT_THAT(service_->lines(), ElementsAre(kListed));
}

// A plan over thousands of VMs takes minutes, and is one operation.
TEST_F(VmReadsTest, AListingLastsAsLongAsItIsInUse) {
  OnListing();
  ASSERT_TRUE(api_->ListVms(Limits()).ok());
  for (int i = 0; i < 20; ++i) {
    clock_.Advance(absl::Seconds(59));
    ASSERT_TRUE(api_->Locate(i % 2 == 0 ? 100 : 101, "", Limits()).ok());
    EXPECT_EQ(service_->Count(kListed), 1);
  }
  clock_.Advance(absl::Seconds(61));
  ASSERT_TRUE(api_->Locate(100, "", Limits()).ok());
  EXPECT_EQ(service_->Count(kListed), 2);
}

TEST_F(VmReadsTest, AListingFromBeforeAWriteGrowsOldInAMinute) {
  OnListing();
  service_->On("PUT /nodes/pve/qemu/100/config", Data("null"));
  ASSERT_TRUE(api_->ListVms(Limits()).ok());
  ASSERT_TRUE(api_->UpdateConfig({100, "pve"}, {{"name", "new"}}, {}, "", Limits()).ok());
  clock_.Advance(absl::Seconds(40));
  ASSERT_TRUE(api_->Locate(101, "", Limits()).ok());
  EXPECT_EQ(service_->Count(kListed), 1);
  clock_.Advance(absl::Seconds(40));
  ASSERT_TRUE(api_->Locate(101, "", Limits()).ok());
  EXPECT_EQ(service_->Count(kListed), 2);
}

TEST_F(VmReadsTest, WhetherThereIsQuorumIsAskedAgainAfterAMinute) {
  OnListing();
  OnQuorum();
  service_->On("GET /nodes/pve/qemu/999/config", NoConfig(999));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(absl::IsNotFound(api_->Locate(999, "pve", Limits()).status()));
    clock_.Advance(absl::Seconds(40));
  }
  EXPECT_EQ(service_->Count("GET /cluster/status"), 2);
}

TEST_F(VmReadsTest, AWriteMakesListsNewButMovesNoVm) {
  OnListing();
  ASSERT_TRUE(api_->ListVms(Limits()).ok());
  service_->On("PUT /nodes/pve/qemu/100/config", Data("null"));
  ASSERT_TRUE(api_->UpdateConfig({100, "pve"}, {{"name", "new"}}, {}, "", Limits()).ok());
  ASSERT_TRUE(api_->Locate(101, "", Limits()).ok());
  EXPECT_EQ(service_->Count(kListed), 1);
  ASSERT_TRUE(api_->ListVms(Limits()).ok());
  EXPECT_EQ(service_->Count(kListed), 2);
}

TEST_F(VmReadsTest, AVmThatMovedIsFollowed) {
  service_->On(kListed, {Data(R"([{"type": "qemu", "node": "pve", "vmid": 100}])"),
                         Data(R"([{"type": "qemu", "node": "pve3", "vmid": 100}])")});
  service_->On("GET /nodes/pve/qemu/100/config", NoConfig(100));
  service_->On("GET /nodes/pve3/qemu/100/config", Data(kReadConfig));
  auto const found = api_->FetchVm(100, "pve", Limits());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->vm.node, "pve3");
  EXPECT_EQ(service_->lines().size(), 4U);
}

TEST_F(VmReadsTest, AVmThatIsDeletedWhileItIsReadIsGone) {
  service_->On(kListed, {Data(R"([{"type": "node", "node": "pve", "status": "online"},
                                  {"type": "qemu", "node": "pve", "vmid": 100}])"),
                         Data(R"([{"type": "node", "node": "pve", "status": "online"}])")});
  service_->On("GET /nodes/pve/qemu/100/config", NoConfig(100));
  OnQuorum();
  EXPECT_TRUE(absl::IsNotFound(api_->FetchVm(100, "pve", Limits()).status()));
}

TEST_F(VmReadsTest, GoneIsWhatNoListingHasAndTheNodeDoesNotKnow) {
  OnListing();
  OnQuorum();
  service_->On("GET /nodes/pve3/qemu/999/config", NoConfig(999, "pve3"));
  for (absl::Status const& status :
       {api_->FetchVm(999, "pve3", Limits()).status(), api_->Locate(999, "pve3", Limits()).status()}) {
    EXPECT_TRUE(absl::IsNotFound(status)) << status;
    EXPECT_THAT(Text(status), HasSubstr("VM 999 does not exist"));
  }
  EXPECT_EQ(service_->Count(kListed), 1);
  EXPECT_EQ(service_->Count("GET /cluster/status"), 1);
}

TEST_F(VmReadsTest, WithoutANodeToAskAnyThatIsOnlineDoes) {
  OnListing();
  OnQuorum();
  service_->On("GET /nodes/pve/qemu/999/config", NoConfig(999));
  EXPECT_TRUE(absl::IsNotFound(api_->Locate(999, "", Limits()).status()));
  EXPECT_TRUE(absl::IsNotFound(api_->Locate(999, "removed-from-the-cluster", Limits()).status()));
}

// /cluster/resources leaves out what the credentials may not see, with 200.
TEST_F(VmReadsTest, AHiddenVmIsNotGone) {
  service_->On(kListed, Data(R"([{"type": "node", "node": "pve", "status": "online"}])"));
  service_->On("GET /nodes/pve/qemu/100/config",
               Failure(403, "Permission check failed (/vms/100, VM.Audit)"));
  for (absl::Status const& status :
       {api_->FetchVm(100, "pve", Limits()).status(), api_->Locate(100, "pve", Limits()).status()}) {
    EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
    EXPECT_THAT(Text(status), AllOf(HasSubstr("may not see it"), HasSubstr("VM.Audit on /vms/100")));
  }
}

TEST_F(VmReadsTest, ANodeThatIsDownLosesNoVm) {
  OnListing();
  absl::Status status = api_->FetchVm(101, "pve2", Limits()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("pve2"));
  // The hint's node is down, and the listing does not have the VM.
  status = api_->FetchVm(999, "pve2", Limits()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(service_->lines(), ElementsAre(kListed)) << "a dead node is not asked";
}

TEST_F(VmReadsTest, ANodeThatCannotBeReachedLosesNoVm) {
  OnListing();
  for (int const code : {595, 596, 599}) {
    service_->On("GET /nodes/pve/qemu/100/config", Bare(code, "No route to host"));
    EXPECT_TRUE(absl::IsUnavailable(api_->FetchVm(100, "pve", Limits()).status()));
    service_->On("GET /nodes/pve/qemu/999/config", Bare(code, "No route to host"));
    EXPECT_TRUE(absl::IsUnavailable(api_->FetchVm(999, "pve", Limits()).status()));
  }
  service_->On("GET /nodes/pve/qemu/999/config", Failure(500, "got no worker upid - start worker failed"));
  EXPECT_TRUE(absl::IsInternal(api_->FetchVm(999, "pve", Limits()).status()));
}

TEST_F(VmReadsTest, ANodeWithoutQuorumLosesNoVm) {
  OnListing();
  OnQuorum("0");
  service_->On("GET /nodes/pve/qemu/999/config", NoConfig(999));
  absl::Status const status = api_->FetchVm(999, "pve", Limits()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("cut off from its cluster"));
}

TEST_F(VmReadsTest, WhoMayNotReadTheClustersStateBelievesIt) {
  OnListing();
  service_->On("GET /cluster/status", Failure(403, "Permission check failed (/, Sys.Audit)"));
  service_->On("GET /nodes/pve/qemu/999/config", NoConfig(999));
  EXPECT_TRUE(absl::IsNotFound(api_->FetchVm(999, "pve", Limits()).status()));
}

TEST_F(VmReadsTest, ALocatedContainerIsNoVm) {
  OnListing();
  OnQuorum();
  service_->On("GET /nodes/pve/qemu/150/config", NoConfig(150));
  absl::Status const status = api_->FetchVm(150, "pve", Limits()).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("one of a container"));
}

// The node that is asked answers for itself.
TEST_F(VmReadsTest, WhatOneNodeLacksIsNotGone) {
  for (const char* const path : {"config", "pending", "cloudinit", "status/current"}) {
    service_->On(std::string("GET /nodes/pve/qemu/100/") + path, NoConfig(100));
  }
  VmId const vm{100, "pve"};
  for (absl::Status const& status :
       {api_->ReadConfig(vm, Limits()).status(), api_->ReadCurrentConfig(vm, Limits()).status(),
        api_->ReadPending(vm, Limits()).status(), api_->ReadPendingCloudInit(vm, Limits()).status(),
        api_->ReadStatus(vm, Limits()).status()}) {
    EXPECT_TRUE(absl::IsAborted(status)) << status;
    EXPECT_EQ(CauseOf(status), Cause::kNoSuchVm);
    EXPECT_THAT(Text(status), HasSubstr("moved to another node, or deleted"));
  }
}

// A node that has just come back, for one. Whether it answers shows when it is asked.
TEST_F(VmReadsTest, ANodeOfUnknownStateIsAsked) {
  service_->On(kListed, Data(R"([{"type": "node", "node": "pve", "status": "unknown"},
                                 {"type": "qemu", "node": "pve", "vmid": 100}])"));
  service_->On("GET /nodes/pve/qemu/100/config", Data(kReadConfig));
  EXPECT_TRUE(api_->FetchVm(100, "pve", Limits()).ok());
  OnQuorum();
  service_->On("GET /nodes/pve/qemu/999/config", NoConfig(999));
  EXPECT_TRUE(absl::IsNotFound(api_->FetchVm(999, "", Limits()).status()));
  auto const nodes = api_->ListNodes(Limits());
  ASSERT_TRUE(nodes.ok());
  EXPECT_FALSE(nodes->front().online);
  EXPECT_FALSE(nodes->front().offline);
}

TEST_F(VmReadsTest, AFailedListingIsNoEmptyOne) {
  for (Reply const& reply : {Bare(401, "Authentication failed!"), Bare(596, "Connection timed out"), Lost(),
                             Data("null"), Data("{}"), Failure(500, "out of memory")}) {
    service_->On(kListed, reply);
    absl::Status const status = api_->FetchVm(100, "pve", Limits()).status();
    EXPECT_FALSE(status.ok());
    EXPECT_FALSE(absl::IsNotFound(status)) << status;
  }
}

TEST_F(VmReadsTest, AnAnswerOfSomethingElseIsNoAnswer) {
  OnListing();
  service_->On("GET /nodes/pve/qemu/100/config",
               Reply(http::Response{.status = 200, .reason = "OK", .body = "<html>Welcome</html>"}));
  absl::Status const status = api_->FetchVm(100, "pve", Limits()).status();
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("not one of the Proxmox API"));
}

TEST_F(VmReadsTest, ConfigurationsOfNowAndOfTheNextStart) {
  service_->On("GET /nodes/pve/qemu/100/config", Data(R"({"memory": "768"})"));
  service_->On("GET /nodes/pve/qemu/100/config?current=1", Data(R"({"memory": "512"})"));
  EXPECT_EQ(api_->ReadConfig({100, "pve"}, Limits())->values.at("memory"), "768");
  EXPECT_EQ(api_->ReadCurrentConfig({100, "pve"}, Limits())->values.at("memory"), "512");
}

TEST_F(VmReadsTest, StatusTellsWhatTheVmDoes) {
  service_->On(
      "GET /nodes/pve/qemu/100/status/current",
      Data(R"({"status": "running", "qmpstatus": "prelaunch", "name": "web", "uptime": 7, "lock": "backup",
                        "ha": {"managed": 1, "state": "started"}, "agent": 1, "running-machine": "pc-q35-9.2"})"));
  auto const status = api_->ReadStatus({100, "pve"}, Limits());
  ASSERT_TRUE(status.ok());
  EXPECT_TRUE(status->running());
  EXPECT_EQ(status->qmp_status, "prelaunch");
  EXPECT_EQ(status->lock, "backup");
  EXPECT_TRUE(status->ha_managed);
  EXPECT_EQ(status->ha_state, "started");
  EXPECT_TRUE(status->agent_enabled);
  EXPECT_EQ(status->running_machine, "pc-q35-9.2");
}

TEST_F(VmReadsTest, AConfigurationToChangeIsReadOnceNothingHasTheVmLocked) {
  constexpr const char* kLocked = R"({"digest": "6ebb", "lock": "backup"})";
  service_->On("GET /nodes/pve/qemu/100/config",
               {Data(kLocked), Data(kLocked), Data(R"({"digest": "a766"})")});
  auto const config = api_->ReadUnlockedConfig({100, "pve"}, Limits());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->digest, "a766");
  service_->On("GET /nodes/pve/qemu/100/config", Data(kLocked));
  absl::Status const status = api_->ReadUnlockedConfig({100, "pve"}, Within(absl::Minutes(5))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_EQ(CauseOf(status), Cause::kVmLock);
  EXPECT_THAT(Text(status), AllOf(HasSubstr("VM 100: VM is locked (backup)"), HasSubstr("qm unlock")));
}

TEST_F(VmReadsTest, ALockThatStaysIsNotWaitedFor) {
  service_->On("GET /nodes/pve/qemu/100/config", Data(R"({"digest": "6ebb", "lock": "suspended"})"));
  EXPECT_TRUE(api_->ReadUnlockedConfig({100, "pve"}, Limits()).ok());
}

}  // namespace
}  // namespace fediversity::proxmox
