#include "provider/backends/proxmox/text/kind.h"

// What makes up the guest itself: processors, memory, firmware's data, networks and cloud-init.

namespace fediversity::proxmox {
namespace {

// The models stand in no table: whatever is a key for a MAC address is one, so that new models need no new
// release.
constexpr OptionRule kNetOptions[] = {
    {.name = "model", .required = true},        {.name = "bridge"},
    {.name = "firewall", .form = Form::kBool},  {.name = "host-tunnel", .form = Form::kBool},
    {.name = "link_down", .form = Form::kBool}, {.name = "macaddr", .form = Form::kMac},
    {.name = "mtu", .form = Form::kInteger},    {.name = "queues", .form = Form::kInteger},
    {.name = "rate", .form = Form::kNumber},    {.name = "tag", .form = Form::kInteger},
    {.name = "trunks", .form = Form::kSet},
};

constexpr OptionRule kIpConfigOptions[] = {
    {.name = "gw"},
    {.name = "gw6"},
    {.name = "ip"},
    {.name = "ip6"},
};

constexpr OptionRule kCiCustomOptions[] = {
    {.name = "meta"},
    {.name = "network"},
    {.name = "user"},
    {.name = "vendor"},
};

constexpr OptionRule kCpuOptions[] = {
    {.name = "cputype"},
    {.name = "flags", .form = Form::kSet},
    {.name = "guest-phys-bits", .form = Form::kInteger},
    {.name = "hidden", .form = Form::kBool},
    {.name = "hv-vendor-id"},
    {.name = "phys-bits"},
    {.name = "reported-model"},
};

constexpr OptionRule kNumaNodeOptions[] = {
    {.name = "cpus", .form = Form::kSet, .required = true},
    {.name = "hostnodes", .form = Form::kSet},
    {.name = "memory", .form = Form::kNumber},
    {.name = "policy"},
};

constexpr OptionRule kMemoryOptions[] = {{.name = "current", .form = Form::kInteger, .required = true}};

constexpr OptionRule kMachineOptions[] = {
    {.name = "type"},
    {.name = "aw-bits", .form = Form::kNumber},
    {.name = "enable-s3", .form = Form::kBool},
    {.name = "enable-s4", .form = Form::kBool},
    {.name = "viommu"},
};

constexpr OptionRule kSevOptions[] = {
    {.name = "type", .required = true},
    {.name = "allow-smt", .form = Form::kBool},
    {.name = "kernel-hashes", .form = Form::kBool},
    {.name = "no-debug", .form = Form::kBool},
    {.name = "no-key-sharing", .form = Form::kBool},
};

constexpr OptionRule kTdxOptions[] = {
    {.name = "type", .required = true},
    {.name = "attestation", .form = Form::kBool, .required = true},
    {.name = "vsock-cid", .form = Form::kInteger},
    {.name = "vsock-port", .form = Form::kInteger},
};

constexpr OptionRule kSmbiosOptions[] = {
    {.name = "base64", .form = Form::kBase64Flag},
    {.name = "family", .form = Form::kMaybeBase64},
    {.name = "manufacturer", .form = Form::kMaybeBase64},
    {.name = "product", .form = Form::kMaybeBase64},
    {.name = "serial", .form = Form::kMaybeBase64},
    {.name = "sku", .form = Form::kMaybeBase64},
    {.name = "uuid", .form = Form::kUuid},
    {.name = "version", .form = Form::kMaybeBase64},
};

constexpr OptionRule kMetaOptions[] = {
    {.name = "creation-qemu"},
    {.name = "ctime", .form = Form::kInteger},
};

constexpr OptionRule kStartupOptions[] = {
    {.name = "order", .form = Form::kInteger},
    {.name = "down", .form = Form::kInteger},
    {.name = "up", .form = Form::kInteger},
};

constexpr OptionRule kBootOptions[] = {
    {.name = "legacy"},
    {.name = "order", .form = Form::kList},
};

}  // namespace

constinit const Kind kNetKind = {
    .name = "network", .default_key = "model", .options = kNetOptions, .model_is_key = true};
constinit const Kind kIpConfigKind = {.name = "IP configuration", .options = kIpConfigOptions};
constinit const Kind kCiCustomKind = {.name = "cloud-init snippet list", .options = kCiCustomOptions};
constinit const Kind kCpuKind = {.name = "CPU", .default_key = "cputype", .options = kCpuOptions};
constinit const Kind kNumaNodeKind = {.name = "NUMA node", .options = kNumaNodeOptions};
constinit const Kind kMemoryKind = {.name = "memory", .default_key = "current", .options = kMemoryOptions};
constinit const Kind kMachineKind = {.name = "machine", .default_key = "type", .options = kMachineOptions};
constinit const Kind kSevKind = {.name = "AMD SEV", .default_key = "type", .options = kSevOptions};
constinit const Kind kTdxKind = {.name = "Intel TDX", .default_key = "type", .options = kTdxOptions};
constinit const Kind kSmbiosKind = {.name = "SMBIOS", .options = kSmbiosOptions};
constinit const Kind kMetaKind = {.name = "metadata", .options = kMetaOptions};
constinit const Kind kStartupKind = {
    .name = "startup order", .default_key = "order", .options = kStartupOptions, .bare_default = false};
constinit const Kind kBootKind = {.name = "boot order", .default_key = "legacy", .options = kBootOptions};

}  // namespace fediversity::proxmox
