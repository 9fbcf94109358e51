#include "provider/backends/proxmox/text/volume_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/backends/proxmox/text/size.h"

namespace fediversity::proxmox {
namespace {

VolumeId V(std::string_view text) {
  absl::StatusOr<VolumeId> volume = VolumeId::Parse(text);
  EXPECT_TRUE(volume.ok()) << volume.status();
  EXPECT_EQ(volume->ToText(), text);
  return *std::move(volume);
}

TEST(VolumeTest, ADiskBelongsToItsVm) {
  VolumeId const file = V("local:100/vm-100-disk-0.raw");
  EXPECT_EQ(file.type(), VolumeType::kExisting);
  EXPECT_EQ(file.storage(), "local");
  EXPECT_EQ(file.name(), "100/vm-100-disk-0.raw");
  EXPECT_EQ(file.owner(), 100);
  EXPECT_EQ(file.format(), "raw");
  EXPECT_FALSE(file.is_linked_clone());
  EXPECT_FALSE(file.is_base());

  VolumeId const block = V("ceph:vm-1-disk-0");
  EXPECT_EQ(block.owner(), 1);
  EXPECT_EQ(block.format(), "");
}

TEST(VolumeTest, ALinkedCloneNamesItsTemplate) {
  for (const char* const text :
       {"local:900/base-900-disk-0.raw/204/vm-204-disk-0.qcow2", "ceph:base-900-disk-0/vm-204-disk-0"}) {
    VolumeId const clone = V(text);
    EXPECT_EQ(clone.owner(), 204) << text;
    EXPECT_EQ(clone.base_owner(), 900) << text;
    EXPECT_TRUE(clone.is_linked_clone());
    EXPECT_FALSE(clone.is_base());
  }
  VolumeId const base = V("local:900/base-900-disk-0.raw");
  EXPECT_TRUE(base.is_base());
  EXPECT_EQ(base.owner(), 900);
  EXPECT_FALSE(base.is_linked_clone());
}

TEST(VolumeTest, ACloudInitDriveIsToldFromADisk) {
  EXPECT_TRUE(V("local:201/vm-201-cloudinit.qcow2").is_cloud_init());
  EXPECT_EQ(V("local:201/vm-201-cloudinit.qcow2").owner(), 201);
  EXPECT_TRUE(V("ceph:vm-201-cloudinit").is_cloud_init());
  EXPECT_EQ(V("local:cloudinit").type(), VolumeType::kNewCloudInit);
  EXPECT_TRUE(V("local:cloudinit").is_cloud_init());
  EXPECT_FALSE(V("local:201/vm-201-disk-0.qcow2").is_cloud_init());
  EXPECT_FALSE(V("local:vm-201-cloudinitx").is_cloud_init());
}

TEST(VolumeTest, WhatIsToBeMadeHasASize) {
  EXPECT_EQ(V("local:8").type(), VolumeType::kNew);
  EXPECT_EQ(V("local:8").new_size(), 8 * kGibibyte);
  EXPECT_EQ(V("local:0.5").new_size(), 512 * kMebibyte);
  EXPECT_EQ(V("8").new_size(), 8 * kGibibyte);
  EXPECT_EQ(V("8").storage(), "");
  EXPECT_EQ(V("local:8x").type(), VolumeType::kExisting);
  EXPECT_EQ(V("local:vm-1-disk-0").new_size(), std::nullopt);
}

TEST(VolumeTest, MediaAndPaths) {
  EXPECT_EQ(V("none").type(), VolumeType::kEmpty);
  EXPECT_EQ(V("cdrom").type(), VolumeType::kHostCdrom);
  EXPECT_EQ(V("/dev/disk/by-id/a:b").type(), VolumeType::kPath);
  EXPECT_TRUE(V("local:iso/tiny.iso").is_iso());
  EXPECT_EQ(V("local:iso/tiny.iso").owner(), std::nullopt);
  EXPECT_FALSE(V("local:import/img.qcow2").is_iso());
  EXPECT_EQ(V("local:import/img.qcow2").format(), "qcow2");
}

TEST(VolumeTest, OnlyAKnownSuffixIsAFormat) {
  EXPECT_EQ(V("local:100/vm-100-disk-0.vmdk").format(), "vmdk");
  EXPECT_EQ(V("local:100/subvol-100-disk-0.subvol").format(), "subvol");
  for (const char* const text :
       {"zfs:vm-100-disk-0.old", "ceph:vm-100.raw-0", "local:100/", "lvm:.", "local:iso/x.iso"})
    EXPECT_EQ(V(text).format(), "") << text;
}

TEST(VolumeTest, NamesThatOnlyLookAlikeTellNothing) {
  for (const char* const text :
       {"a1:vm-x-disk-0", "a1:vm-5", "a1:vm-5disk", "a1:vm--5-disk", "a1:base-", "a1:vm-",
        "a1:vm-99999999999999999999-disk-0", "a1:base-1-disk-0/", "a1:x/base-1-disk-0/y"}) {
    EXPECT_EQ(V(text).owner(), std::nullopt) << text;
    EXPECT_EQ(V(text).base_owner(), std::nullopt) << text;
  }
}

TEST(VolumeTest, WhatIsNoVolumeIsRefused) {
  for (const char* const text : {"", "bogus", "local:", ":8", "a:8", "1a:8", "lo cal:8", "local-:8",
                                 "local:1.2.3", "local:99999999999999999999"}) {
    EXPECT_EQ(VolumeId::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace fediversity::proxmox
