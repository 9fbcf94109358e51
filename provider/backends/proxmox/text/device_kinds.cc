#include "provider/backends/proxmox/text/kind.h"

// Devices other than disks and networks.

namespace fediversity::proxmox {
namespace {

constexpr OptionRule kAgentOptions[] = {
    {.name = "enabled", .form = Form::kBool, .required = true},
    {.name = "freeze-fs", .form = Form::kBool},
    // The option's only name up to Proxmox 8, which later versions still take.
    {.name = "freeze-fs-on-backup", .alias_of = "freeze-fs"},
    {.name = "fstrim_cloned_disks", .form = Form::kBool},
    {.name = "guest-fsfreeze", .alias_of = "freeze-fs"},
    {.name = "type"},
};

constexpr OptionRule kHostPciOptions[] = {
    {.name = "host", .form = Form::kSet},
    {.name = "device-id"},
    {.name = "legacy-igd", .form = Form::kBool},
    {.name = "mapping"},
    {.name = "mdev"},
    {.name = "pcie", .form = Form::kBool},
    {.name = "rombar", .form = Form::kBool},
    {.name = "romfile"},
    {.name = "sub-device-id"},
    {.name = "sub-vendor-id"},
    {.name = "vendor-id"},
    {.name = "x-vga", .form = Form::kBool},
};

constexpr OptionRule kUsbOptions[] = {
    {.name = "host"},
    {.name = "mapping"},
    {.name = "usb3", .form = Form::kBool},
};

constexpr OptionRule kVgaOptions[] = {
    {.name = "type"},
    {.name = "clipboard"},
    {.name = "memory", .form = Form::kInteger},
};

constexpr OptionRule kAudioOptions[] = {
    {.name = "device", .required = true},
    {.name = "driver"},
};

constexpr OptionRule kRngOptions[] = {
    {.name = "source", .required = true},
    {.name = "max_bytes", .form = Form::kInteger},
    {.name = "period", .form = Form::kInteger},
};

constexpr OptionRule kWatchdogOptions[] = {
    {.name = "model"},
    {.name = "action"},
};

constexpr OptionRule kVirtiofsOptions[] = {
    {.name = "dirid", .required = true},           {.name = "cache"},
    {.name = "direct-io", .form = Form::kBool},    {.name = "expose-acl", .form = Form::kBool},
    {.name = "expose-xattr", .form = Form::kBool},
};

constexpr OptionRule kIvshmemOptions[] = {
    {.name = "size", .form = Form::kInteger, .required = true},
    {.name = "name"},
};

constexpr OptionRule kSpiceOptions[] = {
    {.name = "foldersharing", .form = Form::kBool},
    {.name = "videostreaming"},
};

}  // namespace

constinit const Kind kAgentKind = {.name = "guest agent", .default_key = "enabled", .options = kAgentOptions};
constinit const Kind kHostPciKind = {.name = "PCI device", .default_key = "host", .options = kHostPciOptions};
constinit const Kind kUsbKind = {.name = "USB device", .default_key = "host", .options = kUsbOptions};
constinit const Kind kVgaKind = {.name = "display", .default_key = "type", .options = kVgaOptions};
constinit const Kind kAudioKind = {.name = "audio device", .options = kAudioOptions};
constinit const Kind kRngKind = {
    .name = "random number generator", .default_key = "source", .options = kRngOptions};
constinit const Kind kWatchdogKind = {
    .name = "watchdog", .default_key = "model", .options = kWatchdogOptions};
constinit const Kind kVirtiofsKind = {
    .name = "shared directory", .default_key = "dirid", .options = kVirtiofsOptions};
constinit const Kind kIvshmemKind = {.name = "shared memory", .options = kIvshmemOptions};
constinit const Kind kSpiceKind = {.name = "SPICE enhancement", .options = kSpiceOptions};

}  // namespace fediversity::proxmox
