#include "provider/base/text.h"
#include "tests/emulators/proxmox/vm_update.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Disks of a VM, some of whose options wait for its next start.
class WaitingDiskTest : public VmTest {
 protected:
  void SetUp() override {
    VmTest::SetUp();
    ASSERT_TRUE(Apply(Config("true", R"("storage": "local", "size": "10G")"))) << host_.Errors();
    proxmox_.Refresh();
  }

  static std::string Config(std::string_view started, std::string_view disk) {
    return Cat({R"({"name": "web", "node": "pve1", "started": )", started, R"(, "disks": {"scsi0": {)", disk,
                "}}}"});
  }

  void Restart(std::string_view disk) {
    ASSERT_TRUE(Apply(Config("false", disk))) << host_.Errors();
    ASSERT_TRUE(Apply(Config("true", disk))) << host_.Errors();
    EXPECT_EQ(Planned(Config("true", disk)), Action::kNoOp);
  }
};

TEST_F(WaitingDiskTest, MovesWithAnOptionThatWaits) {
  constexpr std::string_view kMoved = R"("storage": "local-lvm", "size": "10G", "cache": "writeback")";
  ASSERT_TRUE(Apply(Config("true", kMoved))) << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "true");
  Restart(kMoved);
  EXPECT_THAT(Held("scsi0"), AllOf(StartsWith("local-lvm:"), HasSubstr("cache=writeback")));
}

TEST_F(WaitingDiskTest, GrowsWithAnOptionThatWaits) {
  constexpr std::string_view kGrown = R"("storage": "local", "size": "20G", "discard": "on")";
  ASSERT_TRUE(Apply(Config("true", kGrown))) << host_.Errors();
  EXPECT_EQ(State("disks.scsi0.size"), "\"20G\"");
  Restart(kGrown);
  EXPECT_THAT(Held("scsi0"), AllOf(HasSubstr("size=20G"), HasSubstr("discard=on")));
}

TEST_F(WaitingDiskTest, NeitherMovesNorGrowsWhileAnOptionWaits) {
  Edit([](emulators::Vm& vm) { vm.pending["scsi0"] = Cat({vm.Get("scsi0"), ",cache=writeback"}); });
  for (const auto& [member, disk] : {std::pair("storage", R"("storage": "local-lvm", "size": "10G")"),
                                     std::pair("size", R"("storage": "local", "size": "20G")")}) {
    SCOPED_TRACE(member);
    proxmox_.ForgetRequests();
    EXPECT_FALSE(Apply(Config("true", disk)));
    EXPECT_THAT(diagnostics(),
                Contains(ErrorOn(Cat({"disks[\"scsi0\"].", member}), "wait for a start", "Restart")));
    EXPECT_EQ(proxmox_.Count("POST", ".*") + proxmox_.Count("PUT", ".*"), 0) << "nothing was sent";
  }
  // A guest that goes down by itself takes up nothing.
  Edit([](emulators::Vm& vm) { vm.running = false; });
  EXPECT_FALSE(Apply(Config("false", R"("storage": "local-lvm", "size": "10G")")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks[\"scsi0\"].storage", "wait for a start", "start one")));
  ASSERT_TRUE(Apply(Config("true", R"("storage": "local", "size": "10G")"))) << host_.Errors();
  Restart(R"("storage": "local", "size": "10G")");
  ASSERT_TRUE(Apply(Config("true", R"("storage": "local-lvm", "size": "20G")"))) << host_.Errors();
}

// A slot that the VM that runs fills only at its next start.
TEST_F(WaitingDiskTest, ANewDiskOfAColdSlotGrowsOnceItIsThere) {
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.AddVolume({.id = "local:import/a.raw",
                       .storage = "local",
                       .node = "pve1",
                       .content = "import",
                       .format = "raw",
                       .size = 1 << 30,
                       .virtual_size = 1 << 30});
    return 0;
  });
  auto const config = [](std::string_view rest) {
    return Cat({R"({"name": "web", "node": "pve1", "disks": {"scsi0": {},
        "sata1": {"storage": "local", "import_from": "local:import/a.raw", "size": "10G"}}, )",
                rest, "}"});
  };
  proxmox_.ForgetRequests();
  EXPECT_FALSE(Apply(config(R"("started": true)")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks[\"sata1\"].size", "not there yet", "when_needed")));
  EXPECT_EQ(proxmox_.Count("POST", ".*") + proxmox_.Count("PUT", ".*"), 0);
  std::string const rebooted = config(R"("started": true, "reboot": "when_needed")");
  ASSERT_TRUE(Apply(rebooted)) << host_.Errors();
  EXPECT_THAT(Held("sata1"), HasSubstr("size=10G"));
  EXPECT_EQ(Planned(rebooted), Action::kNoOp);
  ASSERT_TRUE(Apply(Config("true", ""))) << host_.Errors();
  ASSERT_TRUE(Apply(config(R"("started": false)"))) << host_.Errors();
  EXPECT_THAT(Held("sata1"), HasSubstr("size=10G"));
}

// Somebody changes a disk while another moves.
TEST_F(WaitingDiskTest, IsLookedAtAgainBeforeEachMove) {
  auto const both = [](std::string_view storage) {
    return Cat({R"({"name": "web", "started": true, "disks": {"scsi0": {"size": "10G", "storage": ")",
                storage, R"("}, "scsi1": {"size": "1G", "storage": ")", storage, R"("}}})"});
  };
  ASSERT_TRUE(Apply(both("local"))) << host_.Errors();
  auto* const vm = proxmox_.With([&](emulators::Cluster& cluster) { return cluster.FindVm(vmid()); });
  // They are read once for both disks and once for each.
  proxmox_.AddFault(
      {.action = emulators::Fault::Action::kDelay, .path = ".*/pending", .nth = 3, .on_strike = [vm] {
         vm->pending["scsi1"] = Cat({vm->Get("scsi1"), ",cache=writeback"});
       }});
  EXPECT_FALSE(Apply(both("local-lvm")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("disks[\"scsi1\"].storage", "wait for a start", "Restart")));
  EXPECT_THAT(Held("scsi0"), StartsWith("local-lvm:"));
  EXPECT_THAT(Held("scsi1"), StartsWith("local:"));
}

}  // namespace
}  // namespace fediversity::resources
