// Changing VMs: what is sent, what is sent again, and what conflicts become.

#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kConfig = "PUT /nodes/pve/qemu/100/config";
constexpr const char* kMissingThere = "Configuration file 'nodes/pve3/qemu-server/100.conf' does not exist";

class VmChangesTest : public ApiTest {
 protected:
  static Reply Ha(const std::string& state) {
    return Data(R"({"status": "running", "ha": {"managed": 1, "state": ")" + state + R"("}})");
  }
  VmId const vm_{100, "pve"};
  absl::Status Update(const CallLimits& limits) {
    return api_->UpdateConfig(vm_, {{"cores", "2"}}, {}, "abc", limits);
  }
};

TEST_F(VmChangesTest, AChangeIsOneRequest) {
  service_->On(kConfig, Data("null"));
  ASSERT_TRUE(
      api_->UpdateConfig(vm_, {{"cores", "2"}, {"name", "web"}}, {"vga", "description"}, "abc", Limits())
          .ok());
  EXPECT_THAT(service_->lines(),
              ElementsAre(std::string(kConfig) + " cores=2&name=web&delete=vga%2Cdescription&digest=abc"));
}

// A node that passes the request on would give up the wait for the answer.
TEST_F(VmChangesTest, AVolumeIsMadeInATask) {
  OnTask("POST /nodes/pve/qemu/100/config");
  service_->On(kConfig, Data("null"));
  for (const char* const drive :
       {"local:4", "file=local:4,ssd=1", "local:0,import-from=local:import/x.qcow2"}) {
    EXPECT_TRUE(api_->UpdateConfig(vm_, {{"cores", "2"}, {"scsi1", drive}}, {}, "abc", Limits()).ok());
  }
  EXPECT_TRUE(api_->UpdateConfig(vm_, {{"efidisk0", "local:1"}}, {}, "", Limits()).ok());
  EXPECT_TRUE(api_->UpdateConfig(vm_, {{"tpmstate0", "local:1"}}, {}, "", Limits()).ok());
  EXPECT_TRUE(api_->UpdateConfig(vm_, {{"ide2", "local:cloudinit"}}, {}, "", Limits()).ok());
  EXPECT_EQ(service_->Count("POST /nodes/pve/qemu/100/config"), 6);
  EXPECT_EQ(service_->Count(kConfig), 0);
  EXPECT_TRUE(api_->UpdateConfig(vm_, {{"scsi1", "local:100/vm-100-disk-0.raw,size=4G"}, {"net0", "virtio"}},
                                 {"ide2"}, "", Limits())
                  .ok());
  EXPECT_TRUE(
      api_->UpdateConfig(vm_, {{"sata0", "none,media=cdrom"}, {"args", "local:4"}}, {}, "", Limits()).ok());
  EXPECT_EQ(service_->Count(kConfig), 2);
  OnTask("POST /nodes/pve/qemu/100/config", "unable to create image: No space left on device");
  absl::Status const status = api_->UpdateConfig(vm_, {{"scsi1", "local:4"}}, {}, "", Limits());
  EXPECT_THAT(Text(status), HasSubstr("No space left"));
}

// Removing a large one takes as long.
TEST_F(VmChangesTest, AVolumeIsDeletedInATask) {
  OnTask("POST /nodes/pve/qemu/100/config");
  EXPECT_TRUE(api_->UpdateConfig(vm_, {}, {"unused0", "unused12"}, "abc", Limits()).ok());
  EXPECT_THAT(service_->lines(),
              ElementsAre("POST /nodes/pve/qemu/100/config delete=unused0%2Cunused12&digest=abc",
                          "GET " + kTask + "/status"));
}

TEST_F(VmChangesTest, NoChangeIsNoRequest) {
  EXPECT_TRUE(api_->UpdateConfig(vm_, {}, {}, "abc", Limits()).ok());
  EXPECT_TRUE(api_->RevertPending(vm_, {}, Limits()).ok());
  EXPECT_TRUE(service_->lines().empty());
}

TEST_F(VmChangesTest, AConflictIsAborted) {
  service_->On(kConfig, Failure(500, "checksum mismatch (file change by other user?)"));
  absl::Status const status = Update(Limits());
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_EQ(CauseOf(status), Cause::kDigest);
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(VmChangesTest, LocksThatAreTakenBeforeAnythingAreWaitedFor) {
  service_->On(kConfig, {Failure(500, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"),
                         Failure(500, "VM is locked (backup)"), Data("null")});
  EXPECT_TRUE(Update(Limits()).ok());
  EXPECT_EQ(service_->lines().size(), 3U);
}

// It is no longer the VM that was looked at.
TEST_F(VmChangesTest, AVmThatIsBeingMadeIsLeftAlone) {
  OnTask("POST /nodes/pve/qemu/100/status/start", "VM is locked (create)");
  OnTask("POST /nodes/pve/qemu/100/template", "VM is locked (create)");
  service_->On(kConfig, Failure(500, "VM is locked (clone)"));
  EXPECT_EQ(CauseOf(api_->Start(vm_, Limits()).status()), Cause::kBeingMade);
  EXPECT_EQ(CauseOf(api_->ConvertToTemplate(vm_, Limits()).status()), Cause::kBeingMade);
  EXPECT_EQ(CauseOf(Update(Limits())), Cause::kBeingMade);
  EXPECT_EQ(service_->Count("P"), 3);
}

TEST_F(VmChangesTest, AVmWhoseDestructionEndedHalfWayIsNotWaitedFor) {
  OnTask("POST /nodes/pve/qemu/100/status/start", "VM is locked (destroyed)");
  absl::Status const status = api_->Start(vm_, Within(absl::Minutes(30))).status();
  EXPECT_THAT(Text(status), HasSubstr("its disks were gone"));
  EXPECT_EQ(service_->Count("P"), 1);
}

// A part of the request may be done by then: to send it again would allocate a disk twice.
TEST_F(VmChangesTest, ALockInTheMiddleIsNot) {
  service_->On(kConfig, Failure(500, "cfs-lock 'storage-ceph' error: got lock request timeout"));
  absl::Status const status = Update(Limits());
  EXPECT_EQ(CauseOf(status), Cause::kStorageLock);
  EXPECT_THAT(Text(status), Not(HasSubstr("tried again")));
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(VmChangesTest, WaitingForALockEndsWhenTheUserInterrupts) {
  service_->OnCall(kConfig, [this](const http::Request&, const CallLimits&) {
    cancel_.Cancel();
    return Failure(500, "VM is locked (backup)");
  });
  absl::Status const status = Update(Limits());
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("waiting for a lock"));
  EXPECT_TRUE(IsDefinite(status));
}

TEST_F(VmChangesTest, ALostAnswerIsNotSentAgain) {
  service_->On(kConfig, Lost());
  EXPECT_TRUE(absl::IsUnavailable(Update(Limits())));
  service_->On(kConfig, Bare(596, "Connection timed out"));
  absl::Status const status = Update(Limits());
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("Nobody knows whether it was carried out"));
  EXPECT_EQ(service_->lines().size(), 2U);
}

TEST_F(VmChangesTest, EachChangeSaysWhatItIs) {
  OnTask("PUT /nodes/pve/qemu/100/resize");
  OnTask("POST /nodes/pve/qemu/100/move_disk");
  OnTask("POST /nodes/pve/qemu/100/template");
  service_->On("PUT /nodes/pve/qemu/100/cloudinit", Data("null"));
  service_->On(kConfig, Data("null"));
  EXPECT_TRUE(api_->ResizeDisk(vm_, "scsi0", "40G", "abc", Limits()).ok());
  EXPECT_TRUE(api_->MoveDisk(vm_, {.disk = "scsi0", .storage = "ceph", .format = "raw"}, Limits()).ok());
  EXPECT_TRUE(
      api_->MoveDisk(vm_, {.disk = "scsi1", .target_vmid = 200, .target_disk = "scsi3"}, Limits()).ok());
  EXPECT_TRUE(api_->RegenerateCloudInit(vm_, Limits()).ok());
  EXPECT_TRUE(api_->RevertPending(vm_, {"memory", "cores"}, Limits()).ok());
  std::vector<std::string> writes;
  for (const std::string& line : service_->lines()) {
    if (line.substr(0, 3) != "GET") writes.push_back(line);
  }
  EXPECT_THAT(writes,
              ElementsAre("PUT /nodes/pve/qemu/100/resize disk=scsi0&size=40G&digest=abc",
                          "POST /nodes/pve/qemu/100/move_disk disk=scsi0&storage=ceph&delete=1&format=raw",
                          "POST /nodes/pve/qemu/100/move_disk disk=scsi1&target-vmid=200&target-disk=scsi3",
                          "PUT /nodes/pve/qemu/100/cloudinit",
                          "PUT /nodes/pve/qemu/100/config revert=memory%2Ccores"));
}

TEST_F(VmChangesTest, AConflictInATaskIsAborted) {
  OnTask("PUT /nodes/pve/qemu/100/resize", "checksum mismatch (file change by other user?)");
  EXPECT_TRUE(absl::IsAborted(api_->ResizeDisk(vm_, "scsi0", "40G", "abc", Limits()).status()));
}

TEST_F(VmChangesTest, MigrationIsOverWhenTheVmIsThere) {
  OnTask("POST /nodes/pve/qemu/100/migrate");
  service_->On("GET /nodes/pve3/qemu/100/config", Data("{}"));
  auto const result = api_->Migrate(
      vm_, {.target = "pve3", .online = true, .with_local_disks = true, .target_storage = "ceph"}, Limits());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(service_->lines().front(),
            "POST /nodes/pve/qemu/100/migrate target=pve3&online=1&with-local-disks=1&targetstorage=ceph");
  EXPECT_EQ(service_->lines().size(), 3U);
  EXPECT_EQ(*api_->Locate(100, "", Limits()), (VmId{100, "pve3"}));
  EXPECT_EQ(service_->lines().size(), 3U) << "where it is, is known";
}

TEST_F(VmChangesTest, MigrationUnderHaIsWaitedFor) {
  OnListing();
  OnTask("POST /nodes/pve/qemu/100/migrate");
  service_->On("GET /nodes/pve3/qemu/100/config", {Failure(500, kMissingThere), Failure(500, kMissingThere),
                                                   Failure(500, kMissingThere), Data("{}")});
  service_->On("GET /nodes/pve/qemu/100/status/current",
               {Ha("started"), Ha("migrate"), Failure(500, "Configuration file 'x' does not exist")});
  EXPECT_TRUE(api_->Migrate(vm_, {.target = "pve3"}, Within(absl::Minutes(5))).ok());
  service_->On("GET /nodes/pve3/qemu/100/config", Failure(500, kMissingThere));
  service_->On("GET /nodes/pve/qemu/100/status/current", Ha("migrate"));
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(api_->Migrate(vm_, {.target = "pve3"}, Within(absl::Minutes(5))).status()));
}

TEST_F(VmChangesTest, AMigrationThatHaDoesNotBeginIsNotWaitedFor) {
  OnTask("POST /nodes/pve/qemu/100/migrate");
  service_->On("GET /nodes/pve3/qemu/100/config", Failure(500, kMissingThere));
  service_->On("GET /nodes/pve/qemu/100/status/current", Ha("started"));
  absl::Time const start = clock_.Now();
  absl::Status const status = api_->Migrate(vm_, {.target = "pve3"}, Within(absl::Minutes(30))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_LT(clock_.Now() - start, absl::Minutes(5));
}

// The manager may choose another node, or somebody sends it on.
TEST_F(VmChangesTest, AMigrationThatEndsOnAThirdNodeIsNotWaitedFor) {
  OnTask("POST /nodes/pve/qemu/100/migrate");
  service_->On("GET /nodes/pve3/qemu/100/config", Failure(500, kMissingThere));
  service_->On(
      "GET /nodes/pve/qemu/100/status/current",
      {Ha("migrate"), Failure(500, "Configuration file 'nodes/pve/qemu-server/100.conf' does not exist")});
  service_->On(
      "GET /cluster/resources",
      {Data(kListing), Data(R"([{"type": "qemu", "id": "qemu/100", "vmid": 100, "node": "pve2"}])")});
  absl::Time const start = clock_.Now();
  absl::Status const status = api_->Migrate(vm_, {.target = "pve3"}, Within(absl::Minutes(30))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(Text(status), HasSubstr("it is on node pve2"));
  EXPECT_LT(clock_.Now() - start, absl::Minutes(1));
}

// The manager tried, and the VM stays where it was.
TEST_F(VmChangesTest, AMigrationThatHaGaveUpIsNotWaitedFor) {
  OnTask("POST /nodes/pve/qemu/100/migrate");
  service_->On("GET /nodes/pve3/qemu/100/config", Failure(500, kMissingThere));
  service_->On("GET /nodes/pve/qemu/100/status/current",
               {Ha("started"), Ha("migrate"), Ha("migrate"), Ha("started")});
  absl::Status const status = api_->Migrate(vm_, {.target = "pve3"}, Limits()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(Text(status), HasSubstr("it is still on node pve"));
  EXPECT_EQ(service_->Count("GET /nodes/pve3/qemu/100/config"), 4);
}

}  // namespace
}  // namespace fediversity::proxmox
