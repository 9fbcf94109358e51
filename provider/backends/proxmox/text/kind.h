#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_KIND_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_KIND_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace fediversity::proxmox {

// What the text of an option means, which decides when two texts say the same.
enum class Form : std::uint8_t {
  kText,
  kBool,         // 0 or 1; the server takes on, off, yes, no, true and false as well
  kInteger,      // decimal digits
  kNumber,       // with a decimal fraction
  kSize,         // "40G", see ParseServerSize
  kMac,          // any case
  kUuid,         // any case
  kList,         // between ';', in an order that matters
  kSet,          // between ';', in any order
  kUrlEncoded,   // %XX
  kMaybeBase64,  // base64 where the string's kBase64Flag is on
  kBase64Flag,   // says how the string's kMaybeBase64 options are written
};

struct OptionRule {
  std::string_view name;
  Form form = Form::kText;
  bool required = false;  // the server prints these before the others
  // An old name of the option that this names.
  std::string_view alias_of = {};
};

// What one kind of property string looks like: the options that Proxmox 8.4 and 9.2 know. A string may hold
// others.
struct Kind {
  std::string_view name;
  // The option whose value may stand without "key="; empty where there is none.
  std::string_view default_key;
  std::span<const OptionRule> options;
  // Networks only: the model is written as the key, and the MAC address as its value
  // ("virtio=BC:24:11:00:00:01").
  bool model_is_key = false;
  // Whether a new value of `default_key` is written without its key, as the server does.
  bool bare_default = true;

  // The rule for an option or an old name of it; null where the kind does not list it.
  const OptionRule* Find(std::string_view option) const;
  // The current name of `option`: itself unless it is an old name.
  std::string_view CurrentName(std::string_view option) const;
};

// ide, sata, scsi and virtio: disks, CD-ROMs and cloud-init drives alike.
extern const Kind kDriveKind;
extern const Kind kEfiDiskKind;
extern const Kind kTpmStateKind;
extern const Kind kUnusedKind;
extern const Kind kNetKind;
extern const Kind kIpConfigKind;
extern const Kind kCiCustomKind;
extern const Kind kCpuKind;
extern const Kind kNumaNodeKind;
extern const Kind kMemoryKind;
extern const Kind kMachineKind;
extern const Kind kSevKind;
extern const Kind kTdxKind;
extern const Kind kAgentKind;
extern const Kind kHostPciKind;
extern const Kind kUsbKind;
extern const Kind kVgaKind;
extern const Kind kAudioKind;
extern const Kind kRngKind;
extern const Kind kWatchdogKind;
extern const Kind kVirtiofsKind;
extern const Kind kIvshmemKind;
extern const Kind kSpiceKind;
extern const Kind kSmbiosKind;
extern const Kind kMetaKind;
extern const Kind kStartupKind;
extern const Kind kBootKind;

// The kind of the value of a configuration key: "scsi0" is a drive, "numa0" a NUMA node. Null for plain
// values such as those of "numa", "cores" or "serial0", and for keys that are not known.
const Kind* KindOf(std::string_view config_key);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_KIND_H_
