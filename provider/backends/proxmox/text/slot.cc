#include "provider/backends/proxmox/text/slot.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

struct BusRule {
  Bus bus;
  std::string_view name;
  int count;
};

// By the enumerators' values.
constexpr BusRule kBuses[] = {
    {Bus::kAudio, "audio", 1},       {Bus::kEfiDisk, "efidisk", 1},    {Bus::kHostPci, "hostpci", 16},
    {Bus::kIde, "ide", 4},           {Bus::kIpConfig, "ipconfig", 32}, {Bus::kNet, "net", 32},
    {Bus::kNuma, "numa", 8},         {Bus::kParallel, "parallel", 3},  {Bus::kRng, "rng", 1},
    {Bus::kSata, "sata", 6},         {Bus::kScsi, "scsi", 31},         {Bus::kSerial, "serial", 4},
    {Bus::kTpmState, "tpmstate", 1}, {Bus::kUnused, "unused", 256},    {Bus::kUsb, "usb", 14},
    {Bus::kVirtio, "virtio", 16},    {Bus::kVirtiofs, "virtiofs", 10},
};

constexpr bool IndexedByBus() {
  for (std::size_t i = 0; i < std::size(kBuses); ++i) {
    if (static_cast<std::size_t>(kBuses[i].bus) != i) return false;
  }
  return true;
}
static_assert(IndexedByBus());

const BusRule& RuleOf(Bus bus) { return kBuses[static_cast<std::size_t>(bus)]; }

// "ide0 to ide3, sata0 to sata5 and scsi0 to scsi30".
std::string Ranges(std::span<const Bus> buses) {
  std::string text;
  for (std::size_t i = 0; i < buses.size(); ++i) {
    if (i > 0) text += i + 1 == buses.size() ? " and " : ", ";
    text += SlotRange(buses[i]);
  }
  return text;
}

absl::StatusOr<Slot> ParseAmong(std::string_view name, std::span<const Bus> buses) {
  std::size_t const digits = name.find_last_not_of("0123456789") + 1;
  std::string_view const number = name.substr(digits);
  for (Bus const bus : buses) {
    if (name.substr(0, digits) != BusName(bus)) continue;
    Slot slot = {.bus = bus};
    auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), slot.index);
    bool const plain = number == "0" || !number.starts_with('0');
    if (error == std::errc() && plain && slot.index < SlotCount(bus)) return slot;
    return absl::InvalidArgumentError(ToAbsl(
        Cat({"No such slot\n\"", ValidUtf8(name), "\" does not exist; there are ", SlotRange(bus), "."})));
  }
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"No such slot\n\"", ValidUtf8(name), "\" does not exist or is not for this; there are ",
                  Ranges(buses), "."})));
}

}  // namespace

std::string_view BusName(Bus bus) { return RuleOf(bus).name; }

int SlotCount(Bus bus) { return RuleOf(bus).count; }

std::string SlotRange(Bus bus) {
  std::string const first = Slot{.bus = bus}.Name();
  return SlotCount(bus) == 1 ? first
                             : Cat({first, " to ", Slot{.bus = bus, .index = SlotCount(bus) - 1}.Name()});
}

bool IsDiskBus(Bus bus) { return std::ranges::find(kDiskBuses, bus) != kDiskBuses.end(); }

absl::StatusOr<Slot> Slot::Parse(std::string_view name) {
  std::vector<Bus> buses;
  for (const BusRule& rule : kBuses) buses.push_back(rule.bus);
  return ParseAmong(name, buses);
}

absl::StatusOr<Slot> Slot::Parse(std::string_view name, std::initializer_list<Bus> buses) {
  return ParseAmong(name, {buses.begin(), buses.size()});
}

std::string Slot::Name() const { return Cat({BusName(bus), std::to_string(index)}); }

}  // namespace fediversity::proxmox
