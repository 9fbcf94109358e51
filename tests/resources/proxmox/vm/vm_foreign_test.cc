// What only others write into a VM's configuration is read, can be configured, and stays.

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;

class ForeignVmTest : public VmTest {
 protected:
  // Puts a VM there, and imports it.
  void ImportVm(const emulators::Params& config, const std::string& ha_state = "") {
    proxmox_.With([&](emulators::Cluster& cluster) {
      cluster.vms[200] = {.vmid = 200, .node = "pve1", .config = config};
      if (!ha_state.empty()) cluster.ha["vm:200"] = {.state = ha_state};
      cluster.Refresh();
      return 0;
    });
    ASSERT_TRUE(Import("200")) << host_.Errors();
  }
};

TEST_F(ForeignVmTest, AddressesThatTheGuestSetsItselfAreManual) {
  ImportVm({{"name", "web"},
            {"net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0"},
            {"ipconfig0", "ip=manual,ip6=manual"}});
  std::string const config = R"({"name": "web", "networks": {"net0": {"bridge": "vmbr0",
    "ipv4": {"address": "manual"}, "ipv6": {"address": "manual"}}}})";
  EXPECT_EQ(Planned(config), Action::kNoOp);
  EXPECT_EQ(State("addresses"), R"({"ipv4":[],"ipv6":[]})");
}

TEST_F(ForeignVmTest, HighAvailabilityThatIsEnabledIsStarted) {
  ImportVm({{"name", "web"}}, "enabled");
  EXPECT_EQ(State("ha.state"), R"("started")");
}

TEST_F(ForeignVmTest, AnIommuIsAnAttributeOfItsOwn) {
  ImportVm({{"name", "web"}, {"machine", "q35,viommu=intel,enable-s3=1"}});
  EXPECT_EQ(State("machine"), R"("q35")");
  EXPECT_EQ(State("viommu"), R"("intel")");
  EXPECT_EQ(Planned(R"({"name": "web", "machine": "q35"})"), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "web", "viommu": "virtio"})")) << host_.Errors();
  EXPECT_EQ(Held("machine"), "q35,viommu=virtio,enable-s3=1") << "what is not known here stays";
  EXPECT_FALSE(Apply(R"({"name": "web", "machine": "q35,viommu=intel"})"));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("machine", "Invalid", R"(`viommu = "intel"`)")));
}

TEST_F(ForeignVmTest, WhatItHasNoneOfMayBeConfiguredSo) {
  ImportVm({{"name", "web"}});
  EXPECT_EQ(Planned(R"({"name": "web", "description": "", "tags": []})"), Action::kNoOp);
  EXPECT_EQ(Planned(R"({"name": "web"})"), Action::kNoOp);
}

TEST_F(ForeignVmTest, IsImportedByItsIdentity) {
  ImportVm({{"name", "web"}, {"cores", "3"}});
  wire::Value const by_id = host_.state();
  oracle::Host other(*resource_);
  ASSERT_TRUE(other.Import({.id = "", .identity = wire::Value::Map({{"vmid", wire::Value::Int(200)}})}))
      << other.Errors();
  EXPECT_EQ(other.state(), by_id);
}

// On a storage without files a point in the name is no suffix.
TEST_F(ForeignVmTest, ANameWithAPointIsNoFormat) {
  ImportVm({{"name", "web"},
            {"scsi0", "local-lvm:vm-200-disk-0.old,size=1G"},
            {"scsi1", "local:200/vm-200-disk-1.raw,size=1G"}});
  EXPECT_EQ(State("disks.scsi0.format"), "null");
  EXPECT_EQ(State("disks.scsi1.format"), R"("raw")");
}

}  // namespace
}  // namespace fediversity::resources
