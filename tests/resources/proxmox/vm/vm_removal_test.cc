// What becomes of the volumes of disks that leave a VM.

#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/vm_lifecycle.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing::WarningOn;

class RemovalTest : public VmTest {
 protected:
  // With a second disk at `slot` that is to be deleted when it leaves.
  static std::string WithSecond(std::string_view slot, std::string_view rest) {
    return Cat({R"({"name": "web", "node": "pve1", "disks": {"ide0": {"storage": "local", "size": "1G"}, ")",
                slot, R"(": {"storage": "local", "size": "2G", "on_remove": "delete"}})", rest, "}"});
  }
  static std::string Without(std::string_view rest) {
    return Cat({R"({"name": "web", "node": "pve1", "disks": {"ide0": {"storage": "local", "size": "1G"}})",
                rest, "}"});
  }
  void Restart() {
    proxmox_.With([&](emulators::Cluster& cluster) {
      emulators::Log log;
      emulators::Vm& vm = *cluster.FindVm(vmid());
      emulators::StopVm(cluster, vm);
      emulators::StartVm(cluster, &vm, vm.node, vm.vmid, log);
      return 0;
    });
  }
  bool Exists(const std::string& volume) {
    return proxmox_.With(
        [&](emulators::Cluster& cluster) { return cluster.FindVolume(volume, "pve1") != nullptr; });
  }
};

constexpr std::string_view kRuns = R"(, "started": true)";
constexpr const char* kSecond = "local:100/vm-100-disk-1.raw";

TEST_F(RemovalTest, ADiskThatWasExchangedSinceThePlanIsLeftAlone) {
  ASSERT_TRUE(Apply(WithSecond("scsi1", ""))) << host_.Errors();
  Configure();
  ASSERT_TRUE(host_.Refresh());
  auto const plan = host_.MakePlan(Config(Without("")));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config["unused0"] = kSecond;
    vm.config["scsi1"] = "local:100/vm-100-precious.raw,size=1G";
  });
  Configure();
  EXPECT_FALSE(host_.Apply(*plan));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks", "changed since it was read", "vm-100-precious.raw")));
  EXPECT_THAT(Held("scsi1"), HasSubstr("precious"));
  EXPECT_EQ(proxmox_.Count("PUT", ".*/config"), 0) << "nothing was sent";
  EXPECT_TRUE(Exists(kSecond));
}

TEST_F(RemovalTest, AnUnusedDiskIsDeletedOnlyWhileItsNumberStandsForIt) {
  ASSERT_TRUE(Apply(WithSecond("scsi1", ""))) << host_.Errors();
  proxmox_.ForgetRequests();
  ASSERT_TRUE(Apply(Without(""))) << host_.Errors();
  EXPECT_FALSE(Exists(kSecond));
  auto const requests = proxmox_.requests();
  auto const deletes = [](const auto& request) {
    return request.method == "POST" && request.params.contains("delete") &&
           request.params.at("delete") == "unused0";
  };
  auto const found = std::ranges::find_if(requests, deletes);
  ASSERT_NE(found, requests.end());
  EXPECT_TRUE(found->params.contains("digest"));
  EXPECT_EQ(proxmox_.Count("PUT", ".*/unlink"), 0);
}

TEST_F(RemovalTest, ADiskThatARunningVmHoldsIsDeletedByTheApplyAfterItsNextStart) {
  ASSERT_TRUE(Apply(WithSecond("sata1", kRuns))) << host_.Errors();
  ASSERT_TRUE(Apply(Without(kRuns))) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "not deleted yet", kSecond)));
  EXPECT_TRUE(Exists(kSecond));
  EXPECT_EQ(Planned(Without(kRuns)), Action::kNoOp) << "there is nothing to do before it is let go";
  Restart();
  ASSERT_EQ(Held("unused0"), kSecond);
  ASSERT_EQ(Planned(Without(kRuns)), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "A removed disk will be deleted", kSecond)));
  ASSERT_TRUE(Apply(Without(kRuns))) << host_.Errors();
  EXPECT_FALSE(Exists(kSecond));
  EXPECT_EQ(Held("unused0"), "");
  EXPECT_EQ(Planned(Without(kRuns)), Action::kNoOp);
}

TEST_F(RemovalTest, ADiskThatARunningVmHoldsIsDeletedAfterOurReboot) {
  constexpr std::string_view kReboots = R"(, "started": true, "reboot": "when_needed")";
  ASSERT_TRUE(Apply(WithSecond("sata1", kReboots))) << host_.Errors();
  ASSERT_TRUE(Apply(Without(kReboots))) << host_.Errors();
  EXPECT_THAT(diagnostics(), Not(Contains(WarningOn("disks", "not deleted yet", ""))));
  EXPECT_FALSE(Exists(kSecond));
  EXPECT_EQ(Planned(Without(kReboots)), Action::kNoOp);
}

TEST_F(RemovalTest, ADiskThatTheGuestHoldsIsNotForgotten) {
  ASSERT_TRUE(Apply(WithSecond("scsi1", kRuns))) << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.guest.releases_devices = false; });
  EXPECT_FALSE(Apply(Without(kRuns)));
  EXPECT_TRUE(Exists(kSecond));
  ASSERT_TRUE(Apply(Without(R"(, "started": false)"))) << host_.Errors();
  EXPECT_FALSE(Exists(kSecond));
  EXPECT_EQ(Planned(Without("")), Action::kNoOp);
}

// As an apply leaves it that was killed after its request: state holds the disk still.
TEST_F(RemovalTest, ADiskThatAKilledApplyTookOutIsDeletedByTheNext) {
  ASSERT_TRUE(Apply(WithSecond("scsi1", ""))) << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config.erase("scsi1");
    vm.config["unused0"] = kSecond;
  });
  ASSERT_EQ(Planned(Without("")), Action::kUpdate);
  ASSERT_TRUE(Apply(Without(""))) << host_.Errors();
  EXPECT_FALSE(Exists(kSecond));
  EXPECT_EQ(Planned(Without("")), Action::kNoOp);
}

TEST_F(RemovalTest, ADiskThatSomebodyTookOutIsKeptWhileItIsConfigured) {
  ASSERT_TRUE(Apply(WithSecond("scsi1", ""))) << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.config.erase("scsi1");
    vm.config["unused0"] = kSecond;
  });
  ASSERT_TRUE(Apply(WithSecond("scsi1", ""))) << host_.Errors();
  EXPECT_TRUE(Exists(kSecond));
  EXPECT_EQ(Held("unused0"), kSecond);
  ASSERT_TRUE(Apply(Without(""))) << host_.Errors();
  EXPECT_TRUE(Exists(kSecond)) << "only the disk that was in the slot is deleted";
  EXPECT_EQ(Planned(Without("")), Action::kNoOp);
}

TEST_F(RemovalTest, ADoomedDiskThatIsAttachedAgainLives) {
  ASSERT_TRUE(Apply(WithSecond("sata1", kRuns))) << host_.Errors();
  ASSERT_TRUE(Apply(Without(kRuns))) << host_.Errors();
  Restart();
  Edit([](emulators::Vm& vm) {
    vm.config.erase("unused0");
    vm.config["scsi7"] = Cat({kSecond, ",size=2G"});
  });
  EXPECT_EQ(Planned(Without(kRuns)), Action::kNoOp);
  Edit([](emulators::Vm& vm) {
    vm.config.erase("scsi7");
    vm.config["unused0"] = kSecond;
  });
  EXPECT_EQ(Planned(Without(kRuns)), Action::kNoOp) << "somebody decided otherwise";
}

// A change that failed has not put the disk into its slot, and nobody has taken it out.
TEST_F(RemovalTest, AnUnusedDiskWhoseAttachmentFailedLives) {
  constexpr std::string_view kWithout =
      R"({"name": "web", "disks": {"scsi0": {"storage": "local", "size": "1G"}}})";
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {
      "scsi0": {"storage": "local", "size": "1G"}, "scsi1": {"storage": "local", "size": "2G"}}})"))
      << host_.Errors();
  ASSERT_TRUE(Apply(kWithout)) << host_.Errors();
  std::string const volume = Held("unused0");
  ASSERT_FALSE(volume.empty());
  proxmox_.AddFault({.method = "PUT", .path = ".*/config", .message = "storage is on fire"});
  EXPECT_FALSE(Apply(
      Cat({R"({"name": "web", "disks": {"scsi0": {"storage": "local", "size": "1G"}, "scsi1": {"volume": ")",
           volume, R"(", "on_remove": "delete"}}})"})));
  proxmox_.ClearFaults();
  Apply(kWithout);
  EXPECT_EQ(Planned(kWithout), Action::kNoOp);
  EXPECT_EQ(Held("unused0"), volume);
}

TEST_F(RemovalTest, ADoomedDiskGoesWhenAnApplyStopsTheVm) {
  ASSERT_TRUE(Apply(WithSecond("sata1", kRuns))) << host_.Errors();
  ASSERT_TRUE(Apply(Without(kRuns))) << host_.Errors();
  ASSERT_TRUE(Apply(Without(R"(, "started": false)"))) << host_.Errors();
  EXPECT_FALSE(Exists(kSecond));
}

TEST_F(RemovalTest, AVolumeThatWasDeletedByHandIsForgottenThoughItsNameReturns) {
  ASSERT_TRUE(Apply(WithSecond("sata1", kRuns))) << host_.Errors();
  ASSERT_TRUE(Apply(Without(kRuns))) << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.removed.erase("sata1");
    vm.config.erase("sata1");
    vm.running = false;
  });
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.config["unused0"] = kSecond; });
  EXPECT_EQ(Planned(Without(R"(, "started": false)")), Action::kNoOp);
}

TEST_F(RemovalTest, ADiskOfASnapshotIsDeletedByTheApplyAfterTheSnapshotIsGone) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {
      "ide0": {"storage": "local", "size": "1G"},
      "scsi1": {"storage": "local", "size": "2G", "on_remove": "delete"},
      "scsi2": {"storage": "local", "size": "3G", "on_remove": "delete"}}})"))
      << host_.Errors();
  Edit([](emulators::Vm& vm) {
    vm.snapshots.push_back(
        {.name = "before", .description = "", .parent = "", .config = {{"scsi1", vm.config["scsi1"]}}});
  });
  ASSERT_TRUE(Apply(Without(""))) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "not deleted yet", "\"before\"")));
  EXPECT_TRUE(Exists(kSecond));
  EXPECT_FALSE(Exists("local:100/vm-100-disk-2.raw")) << "which no snapshot names";
  EXPECT_EQ(Planned(Without("")), Action::kNoOp) << "there is nothing to do while the snapshot is there";
  ASSERT_TRUE(Apply(Without(R"(, "tags": ["a"])"))) << host_.Errors();
  EXPECT_TRUE(Exists(kSecond));
  Edit([](emulators::Vm& vm) { vm.snapshots.clear(); });
  ASSERT_EQ(Planned(Without(R"(, "tags": ["a"])")), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "A removed disk will be deleted", kSecond)));
  ASSERT_TRUE(Apply(Without(R"(, "tags": ["a"])"))) << host_.Errors();
  EXPECT_FALSE(Exists(kSecond));
}

TEST_F(RemovalTest, ADiskOfAnotherVmOnlyLeaves) {
  constexpr const char* kForeign = "local:200/vm-200-disk-0.raw";
  proxmox_.With([&](emulators::Cluster& cluster) {
    cluster.AddVolume({.id = kForeign, .storage = "local", .node = "pve1", .vmid = 200, .size = 1ULL << 30});
    return 0;
  });
  ASSERT_TRUE(
      Apply(Cat({R"({"name": "web", "node": "pve1", "disks": {"ide0": {"storage": "local", "size": "1G"},
      "scsi1": {"volume": ")",
                 kForeign, R"(", "on_remove": "delete"}}})"})))
      << host_.Errors();
  ASSERT_EQ(Planned(Without("")), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("disks", "`scsi1` will be detached", "only leaves this VM")));
  ASSERT_TRUE(Apply(Without(""))) << host_.Errors();
  EXPECT_THAT(diagnostics(), Not(Contains(WarningOn("disks", "not deleted yet", ""))));
  EXPECT_EQ(Held("scsi1"), "");
  EXPECT_EQ(Held("unused0"), "");
  EXPECT_TRUE(Exists(kForeign));
  EXPECT_EQ(Planned(Without("")), Action::kNoOp);
}

TEST_F(RemovalTest, AttachingADiskOfAnotherVmIsWarnedOf) {
  Configure();
  ASSERT_TRUE(host_
                  .MakePlan(Config(R"({"name": "web", "node": "pve1", "disks": {
      "scsi1": {"volume": "local:200/vm-200-disk-0.raw"}}})"))
                  .has_value());
  EXPECT_THAT(diagnostics(),
              Contains(WarningOn("disks[\"scsi1\"].volume", "belongs to another VM", "qm disk move 200")));
}

TEST_F(RemovalTest, SmallVolumesAreDetachedByUnset) {
  constexpr std::string_view kSmall = R"({"name": "web", "node": "pve1", "bios": "ovmf",
    "efi_disk": {"storage": "local", "type": "4m", "pre_enrolled_keys": true},
    "tpm_state": {"storage": "local", "version": "v2.0"}})";
  ASSERT_TRUE(Apply(kSmall)) << host_.Errors();
  constexpr std::string_view kUnset =
      R"({"name": "web", "bios": "ovmf", "unset": ["efidisk0", "tpmstate0"]})";
  ASSERT_EQ(Planned(kUnset), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("efi_disk", "`efidisk0` will be detached", "unused")));
  EXPECT_THAT(diagnostics(), Contains(WarningOn("tpm_state", "`tpmstate0` will be detached", "unused")));
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(Held("efidisk0"), "");
  EXPECT_EQ(Held("tpmstate0"), "");
  EXPECT_NE(Held("unused1"), "");
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
}

TEST_F(RemovalTest, WhatASmallVolumeWasMadeWithStays) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "bios": "ovmf",
    "efi_disk": {"storage": "local", "type": "4m"}, "tpm_state": {"storage": "local", "version": "v2.0"}})"))
      << host_.Errors();
  Configure();
  EXPECT_FALSE(host_
                   .MakePlan(Config(R"({"name": "web", "bios": "ovmf",
    "efi_disk": {"type": "2m", "pre_enrolled_keys": true}, "tpm_state": {"version": "v1.2"}})"))
                   .has_value());
  EXPECT_THAT(diagnostics(),
              Contains(ErrorOn("efi_disk.type", "cannot be changed", "unset = [\"efidisk0\"]")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("efi_disk.pre_enrolled_keys", "cannot be changed", "")));
  EXPECT_THAT(diagnostics(),
              Contains(ErrorOn("tpm_state.version", "cannot be changed", "unset = [\"tpmstate0\"]")));
}

TEST_F(RemovalTest, MovingAndGrowingADiskStopWhereTheVmChanges) {
  ASSERT_TRUE(Apply(Without(""))) << host_.Errors();
  proxmox_.ForgetRequests();
  ASSERT_TRUE(Apply(R"({"name": "web", "disks": {"ide0": {"storage": "local-lvm", "size": "3G"}}})"))
      << host_.Errors();
  for (const auto& request : proxmox_.requests()) {
    bool const of_disk = request.path.ends_with("/resize") || request.path.ends_with("/move_disk");
    if (of_disk) {
      EXPECT_TRUE(request.params.contains("digest")) << request.path;
    }
  }
  EXPECT_EQ(proxmox_.Count("PUT", ".*/resize") + proxmox_.Count("POST", ".*/move_disk"), 2);
  EXPECT_THAT(Held("ide0"), HasSubstr("size=3G"));
}

}  // namespace
}  // namespace fediversity::resources
