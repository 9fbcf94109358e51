#include "tests/emulators/proxmox/nested_formats.h"

#include <map>

namespace fediversity::emulators {
namespace {

// No capture shows these options, but for those that were set there; values that nothing restricts are taken.
constexpr std::pair<std::string_view, std::string_view> kNestedFormats[] = {
    {"pve-qm-ipconfig", "ip fmt:pve-ipv4-config gw fmt:ipv4 ip6 fmt:pve-ipv6-config gw6 fmt:ipv6"},
    {"pve-startup-order", "order* int:0.. up int:0.. down int:0.."},
    {"pve-qm-rng", "source*! enum:/dev/urandom|/dev/random|/dev/hwrng max_bytes int period int"},
    {"pve-qm-watchdog", "model* enum:i6300esb|ib700 action enum:reset|shutdown|poweroff|pause|debug|none"},
    {"pve-qm-cicustom",
     "meta fmt:pve-volume-id network fmt:pve-volume-id user fmt:pve-volume-id vendor fmt:pve-volume-id"},
    {"pve-qm-hostpci",
     "host* "
     R"(re:([0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}(\.[0-9a-f])?(;([0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}(\.[0-9a-f])?)*)"
     " mapping fmt:pve-configid device-id re:0x[0-9a-fA-F]{4} legacy-igd bool mdev str pcie bool rombar bool romfile str "
     "sub-device-id re:0x[0-9a-fA-F]{4} sub-vendor-id re:0x[0-9a-fA-F]{4} vendor-id re:0x[0-9a-fA-F]{4} x-vga bool"},
    {"pve-qemu-sev-fmt",
     "type*! enum:std|es|snp allow-smt bool kernel-hashes bool no-debug bool no-key-sharing bool"},
    {"pve-qemu-tdx-fmt", "type*! enum:tdx attestation! bool vsock-cid int:2.. vsock-port int:0.."},
    {"pve-qm-smbios1",
     "base64 bool family re:[A-Za-z0-9+/]+={0,2} manufacturer re:[A-Za-z0-9+/]+={0,2} product re:[A-Za-z0-9+/]+={0,2} "
     "serial re:[A-Za-z0-9+/]+={0,2} sku re:[A-Za-z0-9+/]+={0,2} version re:[A-Za-z0-9+/]+={0,2} "
     "uuid re:[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}"},
    {"pve-vm-cpu-conf",
     "cputype* str flags re:[+-][a-zA-Z0-9._-]+(;[+-][a-zA-Z0-9._-]+)* guest-phys-bits int:32..64 hidden bool "
     "hv-vendor-id re:[a-zA-Z0-9]{1,12} phys-bits re:host|\\d{1,2} reported-model str"},
};

}  // namespace

const Schema* NestedFormat(std::string_view format) {
  static const auto kSchemas = [] {
    std::map<std::string_view, Schema> schemas;
    for (const auto& [name, options] : kNestedFormats) schemas[name] = ParseSchema(options);
    return schemas;
  }();
  auto const found = kSchemas.find(format);
  return found == kSchemas.end() ? nullptr : &found->second;
}

std::optional<std::string> CheckNested(const Schema& schema, const std::string& name,
                                       const std::string& value) {
  Property wrapper;
  wrapper.name = name;
  wrapper.kind = Property::Kind::kObject;
  wrapper.options = std::make_shared<const Schema>(schema);
  Json const errors = Verify(Schema{{wrapper}}, Params{{name, value}});
  if (errors.empty()) return std::nullopt;
  return errors.begin().value().get<std::string>().substr(std::string_view("invalid format - ").size());
}

}  // namespace fediversity::emulators
