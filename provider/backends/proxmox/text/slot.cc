#include "provider/backends/proxmox/text/slot.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

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
std::string Ranges(std::initializer_list<Bus> buses) {
  std::string text;
  for (const Bus& bus : buses) {
    if (&bus != buses.begin()) text += &bus + 1 == buses.end() ? " and " : ", ";
    text += SlotRange(bus);
  }
  return text;
}

// Where the number at the end of a slot's name begins.
std::size_t NumberAt(std::string_view name) { return name.find_last_not_of("0123456789") + 1; }

}  // namespace

std::string_view BusName(Bus bus) { return RuleOf(bus).name; }

int SlotCount(Bus bus) { return RuleOf(bus).count; }

std::string SlotRange(Bus bus) {
  std::string const first = Slot{.bus = bus}.Name();
  return SlotCount(bus) == 1 ? first
                             : Cat({first, " to ", Slot{.bus = bus, .index = SlotCount(bus) - 1}.Name()});
}

bool IsDiskBus(Bus bus) { return std::ranges::find(kDiskBuses, bus) != kDiskBuses.end(); }

std::optional<Slot> Slot::Find(std::string_view name) {
  std::size_t const digits = NumberAt(name);
  auto const rule = std::ranges::find(kBuses, name.substr(0, digits), &BusRule::name);
  std::string_view const number = name.substr(digits);
  if (rule == std::end(kBuses) || (number.starts_with('0') && number != "0")) return std::nullopt;
  Slot slot = {.bus = rule->bus};
  auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), slot.index);
  if (error != std::errc() || slot.index >= rule->count) return std::nullopt;
  return slot;
}

absl::StatusOr<Slot> Slot::Parse(std::string_view name, std::initializer_list<Bus> buses) {
  std::optional<Slot> const slot = Find(name);
  if (slot.has_value() && std::ranges::find(buses, slot->bus) != buses.end()) return *slot;
  std::string const shown = ValidUtf8(name);
  auto const near = std::ranges::find(buses, name.substr(0, NumberAt(name)), BusName);
  return absl::InvalidArgumentError(
      ToAbsl(near != buses.end()
                 ? Cat({"No such slot\n\"", shown, "\" does not exist; there are ", SlotRange(*near), "."})
                 : Cat({"No such slot\n\"", shown, "\" does not exist or is not for this; there are ",
                        Ranges(buses), "."})));
}

std::string Slot::Name() const { return Cat({BusName(bus), std::to_string(index)}); }

}  // namespace fediversity::proxmox
