#include "provider/backends/proxmox/text/slot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace fediversity::proxmox {
namespace {

using ::testing::HasSubstr;

TEST(SlotTest, NamesAreReadAndWritten) {
  EXPECT_EQ(Slot::Find("scsi30"), (Slot{.bus = Bus::kScsi, .index = 30}));
  EXPECT_EQ(Slot::Find("virtio0")->bus, Bus::kVirtio);
  EXPECT_EQ(Slot::Find("virtiofs0")->bus, Bus::kVirtiofs);
  EXPECT_EQ(Slot::Find("efidisk0")->bus, Bus::kEfiDisk);
  EXPECT_EQ((Slot{.bus = Bus::kNet, .index = 31}).Name(), "net31");
}

TEST(SlotTest, EverySlotIsItsName) {
  for (Bus const bus : {Bus::kAudio, Bus::kHostPci, Bus::kIpConfig, Bus::kNet, Bus::kNuma, Bus::kParallel,
                        Bus::kRng, Bus::kSerial, Bus::kUnused, Bus::kUsb, Bus::kVirtiofs}) {
    for (int i = 0; i < SlotCount(bus); ++i) {
      Slot const slot = {.bus = bus, .index = i};
      EXPECT_EQ(Slot::Find(slot.Name()), slot);
    }
    EXPECT_EQ(Slot::Find(Slot{.bus = bus, .index = SlotCount(bus)}.Name()), std::nullopt);
  }
}

TEST(SlotTest, OtherNamesAreRefusedWithTheSlotsThereAre) {
  EXPECT_THAT(Slot::Parse("scsi31", kDiskBuses).status().ToString(), HasSubstr("there are scsi0 to scsi30."));
  EXPECT_THAT(Slot::Parse("efidisk1", {Bus::kEfiDisk}).status().ToString(), HasSubstr("there are efidisk0."));
  EXPECT_THAT(Slot::Parse("net0", kDiskBuses).status().ToString(),
              HasSubstr("there are ide0 to ide3, sata0 to sata5, scsi0 to scsi30 and virtio0 to virtio15."));
  EXPECT_TRUE(Slot::Parse("sata5", kDiskBuses).ok());
  for (const char* const name : {"", "0", "scsi", "scsi01", "scsi00", "scsi-1", "SCSI0", "scsi0 ", "fd0",
                                 "scsi99999999999999999999"}) {
    EXPECT_EQ(Slot::Find(name), std::nullopt) << name;
    EXPECT_EQ(Slot::Parse(name, kDiskBuses).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
}

TEST(SlotTest, NumbersAreOrderedAsNumbers) {
  EXPECT_LT(Slot::Find("net2"), Slot::Find("net10"));
  EXPECT_LT(Slot::Find("ide3"), Slot::Find("scsi0"));
}

TEST(SlotTest, DisksAreOnDiskBuses) {
  EXPECT_TRUE(IsDiskBus(Bus::kVirtio));
  EXPECT_FALSE(IsDiskBus(Bus::kEfiDisk));
  EXPECT_FALSE(IsDiskBus(Bus::kNet));
}

}  // namespace
}  // namespace fediversity::proxmox
