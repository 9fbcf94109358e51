// What a token is enough for that has the usual roles and nothing else.

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::IsEmpty;

class RightsTest : public VmTest {
 protected:
  RightsTest() {
    std::string const token = proxmox_.MakeToken("tofu@pve", "t", "PVEVMAdmin", "/vms");
    proxmox_.MakeToken("tofu@pve", "storage", "PVEDatastoreUser", "/storage");
    proxmox_.MakeToken("tofu@pve", "network", "PVESDNUser", "/sdn");
    credentials_ = proxmox::ApiToken{Secret(token)};
  }
};

constexpr std::string_view kSource = R"({
  "name": "source", "node": "pve1", "bios": "ovmf", "hotplug": ["disk"], "tags": ["a"], "description": "kept",
  "disks": {"scsi0": {"storage": "shared", "size": "1G"}}, "boot_order": ["scsi0"],
  "networks": {"net0": {"bridge": "vmbr0", "ipv4": {"address": "10.0.0.7/24"}}},
  "cloud_init": {"storage": "shared", "user": "ops"}, "agent": {"enabled": true}})";

TEST_F(RightsTest, ManageAVmFromCreationToItsEnd) {
  oracle::Host source(*resource_);
  Configure();
  auto const made = source.MakePlan(Config(kSource));
  ASSERT_TRUE(made.has_value()) << source.Errors();
  ASSERT_TRUE(source.Apply(*made)) << source.Errors();
  proxmox_.Refresh();

  auto const clone = [](std::string_view cores, std::string_view size, std::string_view node) {
    return Cat({R"({"name": "web", "node": ")", node,
                R"(", "clone": {"source": "source", "full": true}, "started": true,
      "reboot": "when_needed", "cpu": {"cores": )",
                cores, R"(}, "disks": {"scsi0": {"size": ")", size, R"("}}})"});
  };
  ASSERT_TRUE(Apply(clone("1", "2G", "pve1"))) << host_.Errors();
  EXPECT_EQ(Planned(clone("1", "2G", "pve1")), Action::kNoOp);
  ASSERT_TRUE(Apply(clone("2", "3G", "pve2"))) << host_.Errors();
  EXPECT_EQ(Planned(clone("2", "3G", "pve2")), Action::kNoOp);
  EXPECT_EQ(State("started"), "true");
  EXPECT_EQ(State("node"), "\"pve2\"");
  ASSERT_TRUE(Destroy()) << host_.Errors();
  Configure();
  ASSERT_TRUE(source.Destroy()) << source.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
  EXPECT_THAT(source.faults(), IsEmpty());
}

TEST_F(RightsTest, DoNotReachTheOrderInWhichVmsStart) {
  EXPECT_FALSE(Apply(R"({"name": "web", "node": "pve1", "startup": {"order": 3}})"));
  EXPECT_TRUE(testing::Mentions(diagnostics(), "the credentials lack Sys.Modify on /")) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

}  // namespace
}  // namespace fediversity::resources
