// Where the cloud-init drive is, and what it leaves alone.

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class CloudInitDriveTest : public VmTest {};

TEST_F(CloudInitDriveTest, TakesAFreeSlotWhereNobodyChoseOne) {
  constexpr std::string_view kBoth = R"({"name": "web", "node": "pve1", "cloud_init": {"storage": "local"},
    "cdroms": {"ide2": {"volume": "none"}}})";
  ASSERT_TRUE(Apply(kBoth)) << host_.Errors();
  EXPECT_EQ(Held("ide2"), "none,media=cdrom");
  EXPECT_THAT(Held("ide0"), HasSubstr("cloudinit"));
  EXPECT_EQ(State("cloud_init.drive"), "\"ide0\"");
  EXPECT_EQ(Planned(kBoth), Action::kNoOp);
}

TEST_F(CloudInitDriveTest, LeavesADiskAloneThatNobodyManages) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "disks": {}, "cloud_init": {"user": "ops"}})"))
      << host_.Errors();
  Edit([](emulators::Vm& vm) { vm.config["ide2"] = "local:100/vm-100-disk-9.raw,size=1G"; });
  EXPECT_FALSE(Apply(R"({"name": "web", "cloud_init": {"storage": "local", "drive": "ide2"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("cloud_init.drive", "The slot is taken", "disk-9")));
  constexpr std::string_view kAnywhere = R"({"name": "web", "cloud_init": {"storage": "local"}})";
  ASSERT_TRUE(Apply(kAnywhere)) << host_.Errors();
  EXPECT_THAT(Held("ide2"), HasSubstr("disk-9"));
  EXPECT_EQ(State("cloud_init.drive"), "\"ide0\"");
  EXPECT_EQ(Planned(kAnywhere), Action::kNoOp);
}

TEST_F(CloudInitDriveTest, ChangesItsSlotWithItsVolume) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "cloud_init": {"storage": "local"}})"))
      << host_.Errors();
  constexpr std::string_view kMoved =
      R"({"name": "web", "cloud_init": {"storage": "local", "drive": "scsi5"}})";
  ASSERT_TRUE(Apply(kMoved)) << host_.Errors();
  EXPECT_EQ(Held("ide2"), "");
  EXPECT_THAT(Held("scsi5"), HasSubstr("cloudinit"));
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(1)) << "its volume is there";
  EXPECT_EQ(Planned(kMoved), Action::kNoOp);
}

TEST_F(CloudInitDriveTest, DoesNotChangeItsSlotWhileTheVmRuns) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "started": true, "cloud_init": {"storage": "local"}})"))
      << host_.Errors();
  Configure();
  EXPECT_FALSE(
      host_.MakePlan(Config(R"({"name": "web", "cloud_init": {"storage": "local", "drive": "scsi5"}})"))
          .has_value());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("cloud_init.drive", "running VM", "started = false")));
}

TEST_F(CloudInitDriveTest, ItsSlotIsRefusedToOthersAtPlan) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "cloud_init": {"storage": "local"}})"))
      << host_.Errors();
  for (const char* const rest : {"", R"(, "cloud_init": {"storage": "local"})"}) {
    Configure();
    std::string const config = Cat({R"({"name": "web", "cdroms": {"ide2": {"volume": "none"}})", rest, "}"});
    EXPECT_FALSE(host_.MakePlan(Config(config)).has_value());
    EXPECT_THAT(diagnostics(),
                Contains(ErrorOn("cdroms[\"ide2\"]", "holds the cloud-init drive", "`drive`")));
  }
}

TEST_F(CloudInitDriveTest, GoesWithItsStorage) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "cloud_init": {"storage": "local", "user": "ops"}})"))
      << host_.Errors();
  constexpr std::string_view kNone = R"({"name": "web", "cloud_init": {"storage": ""}})";
  ASSERT_TRUE(Apply(kNone)) << host_.Errors();
  EXPECT_EQ(Held("ide2"), "");
  EXPECT_EQ(Held("ciuser"), "ops");
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(0));
  EXPECT_EQ(Planned(kNone), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "web", "cloud_init": {"storage": "local"}})")) << host_.Errors();
  constexpr std::string_view kUnset = R"({"name": "web", "unset": ["ide2"]})";
  ASSERT_TRUE(Apply(kUnset)) << host_.Errors();
  EXPECT_EQ(Held("ide2"), "");
  EXPECT_EQ(Planned(kUnset), Action::kNoOp);
}

}  // namespace
}  // namespace fediversity::resources
