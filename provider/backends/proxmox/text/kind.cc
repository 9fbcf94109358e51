#include "provider/backends/proxmox/text/kind.h"

#include <algorithm>

namespace fediversity::proxmox {
namespace {

struct KeyKind {
  std::string_view key;
  bool numbered;  // a number follows
  const Kind* kind;
};

constexpr KeyKind kKeyKinds[] = {
    {.key = "agent", .numbered = false, .kind = &kAgentKind},
    {.key = "amd-sev", .numbered = false, .kind = &kSevKind},
    {.key = "audio", .numbered = true, .kind = &kAudioKind},
    {.key = "boot", .numbered = false, .kind = &kBootKind},
    {.key = "cdrom", .numbered = false, .kind = &kDriveKind},
    {.key = "cicustom", .numbered = false, .kind = &kCiCustomKind},
    {.key = "cpu", .numbered = false, .kind = &kCpuKind},
    {.key = "efidisk", .numbered = true, .kind = &kEfiDiskKind},
    {.key = "hostpci", .numbered = true, .kind = &kHostPciKind},
    {.key = "ide", .numbered = true, .kind = &kDriveKind},
    {.key = "intel-tdx", .numbered = false, .kind = &kTdxKind},
    {.key = "ipconfig", .numbered = true, .kind = &kIpConfigKind},
    {.key = "ivshmem", .numbered = false, .kind = &kIvshmemKind},
    {.key = "machine", .numbered = false, .kind = &kMachineKind},
    {.key = "memory", .numbered = false, .kind = &kMemoryKind},
    {.key = "meta", .numbered = false, .kind = &kMetaKind},
    {.key = "net", .numbered = true, .kind = &kNetKind},
    {.key = "numa", .numbered = true, .kind = &kNumaNodeKind},
    {.key = "rng", .numbered = true, .kind = &kRngKind},
    {.key = "runningmachine", .numbered = false, .kind = &kMachineKind},
    {.key = "sata", .numbered = true, .kind = &kDriveKind},
    {.key = "scsi", .numbered = true, .kind = &kDriveKind},
    {.key = "smbios1", .numbered = false, .kind = &kSmbiosKind},
    {.key = "spice_enhancements", .numbered = false, .kind = &kSpiceKind},
    {.key = "startup", .numbered = false, .kind = &kStartupKind},
    {.key = "tpmstate", .numbered = true, .kind = &kTpmStateKind},
    {.key = "unused", .numbered = true, .kind = &kUnusedKind},
    {.key = "usb", .numbered = true, .kind = &kUsbKind},
    {.key = "vga", .numbered = false, .kind = &kVgaKind},
    {.key = "virtio", .numbered = true, .kind = &kDriveKind},
    {.key = "virtiofs", .numbered = true, .kind = &kVirtiofsKind},
    {.key = "watchdog", .numbered = false, .kind = &kWatchdogKind},
};

bool Matches(const KeyKind& rule, std::string_view key) {
  if (!rule.numbered) return key == rule.key;
  if (!key.starts_with(rule.key)) return false;
  std::string_view const number = key.substr(rule.key.size());
  return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

const OptionRule* Kind::Find(std::string_view option) const {
  auto const found = std::ranges::find(options, option, &OptionRule::name);
  return found == options.end() ? nullptr : &*found;
}

std::string_view Kind::CurrentName(std::string_view option) const {
  const OptionRule* const rule = Find(option);
  return rule != nullptr && !rule->alias_of.empty() ? rule->alias_of : option;
}

const Kind* KindOf(std::string_view config_key) {
  for (const KeyKind& rule : kKeyKinds) {
    if (Matches(rule, config_key)) return rule.kind;
  }
  return nullptr;
}

}  // namespace fediversity::proxmox
