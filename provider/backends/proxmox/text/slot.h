#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SLOT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SLOT_H_

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::proxmox {

// What can be plugged into a VM several times over, in the order of the names.
enum class Bus : std::uint8_t {
  kAudio,
  kEfiDisk,
  kHostPci,
  kIde,
  kIpConfig,
  kNet,
  kNuma,
  kParallel,
  kRng,
  kSata,
  kScsi,
  kSerial,
  kTpmState,
  kUnused,
  kUsb,
  kVirtio,
  kVirtiofs,
};

inline constexpr std::initializer_list<Bus> kDiskBuses = {Bus::kIde, Bus::kSata, Bus::kScsi, Bus::kVirtio};

// The bus's part of a slot's name: "scsi".
std::string_view BusName(Bus bus);
// How many slots Proxmox 9.2 has there, counted from 0.
int SlotCount(Bus bus);
// "scsi0 to scsi30", "efidisk0".
std::string SlotRange(Bus bus);
// Whether the slot holds a disk or CD-ROM that the guest sees as a drive.
bool IsDiskBus(Bus bus);

// A place in a VM's configuration: "scsi0", "net12". Ordered by bus, then by number, so that net2 is before
// net10.
struct Slot {
  Bus bus;
  int index = 0;

  // None for an unknown bus, a number beyond the last and one with leading zeros.
  static std::optional<Slot> Find(std::string_view name);
  // The same where only slots of `buses` will do; otherwise InvalidArgument with the slots there are.
  static absl::StatusOr<Slot> Parse(std::string_view name, std::initializer_list<Bus> buses);

  std::string Name() const;

  friend auto operator<=>(const Slot&, const Slot&) = default;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SLOT_H_
