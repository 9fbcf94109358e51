#include <arpa/inet.h>

#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/nested_formats.h"
#include "tests/emulators/proxmox/parameters.h"

namespace fediversity::emulators {
namespace {

bool Matches(const std::string& value, const char* pattern) { return Pattern(pattern).Matches(value); }

bool IsAddress(int family, const std::string& value) {
  unsigned char bytes[16];
  return inet_pton(family, value.c_str(), bytes) == 1;
}

bool IsPrefix(int family, const std::string& value) {
  auto const slash = value.find('/');
  if (slash == std::string::npos || !IsAddress(family, value.substr(0, slash))) return false;
  auto const bits = ParseInteger(std::string_view(value).substr(slash + 1));
  return bits.has_value() && *bits >= 0 && *bits <= (family == AF_INET ? 32 : 128);
}

bool IsVolumeId(const std::string& value) {
  return Matches(value, "[A-Za-z][A-Za-z0-9\\-_.]*[A-Za-z0-9]:\\S+");
}

std::optional<std::string> CheckVolume(const std::string& value, bool path_allowed) {
  if (IsVolumeId(value)) return std::nullopt;
  if (path_allowed && (value == "none" || value == "cdrom" || value.starts_with('/'))) return std::nullopt;
  return "unable to parse volume ID '" + value + "'\n";
}

std::optional<std::string> CheckTags(const std::string& value) {
  for (const std::string& tag : SplitList(value)) {
    if (!Matches(tag, "[A-Za-z0-9_][A-Za-z0-9_+.-]*")) {
      return "value '" + tag + "' does not look like a valid tag\n";
    }
  }
  return std::nullopt;
}

std::optional<std::string> CheckContent(const std::string& value) {
  for (const std::string& type : SplitList(value)) {
    if (!Matches(type, "images|rootdir|vztmpl|iso|backup|snippets|import|none")) {
      return "invalid content type '" + type + "'\n";
    }
  }
  return std::nullopt;
}

std::optional<std::string> CheckCpu(const std::string& value) {
  static const char* const kTypes =
      "(cputype=)?(host|max|kvm32|kvm64|qemu32|qemu64|x86-64-v[1-4](-AES)?|EPYC.*|Opteron.*|phenom|athlon|486|pentium.*"
      "|core2duo|coreduo|Broadwell.*|Cascadelake.*|Conroe|Cooperlake.*|GraniteRapids.*|Haswell.*|Icelake.*|IvyBridge.*"
      "|KnightsMill|Nehalem.*|Penryn|SandyBridge.*|SapphireRapids.*|SierraForest.*|Skylake.*|Westmere.*|custom-.+)";
  std::string const type = value.substr(0, value.find(','));
  if (type.find('=') != std::string::npos && !type.starts_with("cputype="))
    return std::nullopt;  // flags only
  if (Matches(type, kTypes)) return std::nullopt;
  std::string const name = type.starts_with("cputype=") ? type.substr(8) : type;
  return "Built-in cputype '" + name + "' is not defined (missing 'custom-' prefix?)\n";
}

std::optional<std::string> CheckHotplug(const std::string& value) {
  if (value == "0" || value == "1") return std::nullopt;
  for (const std::string& feature : SplitList(value)) {
    if (!Matches(feature, "network|disk|cpu|memory|usb|cloudinit")) return "unable to parse hotplug option\n";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> CheckFormat(std::string_view format, const std::string& name,
                                       const std::string& value) {
  auto const require = [](bool fits, std::string_view what) -> std::optional<std::string> {
    if (fits) return std::nullopt;
    return Cat({"value does not look like a valid ", what, "\n"});
  };
  if (format == "pve-vmid") return require(Matches(value, "[1-9][0-9]{2,8}"), "VM ID");
  if (format == "dns-name") {
    return require(
        Matches(value, "([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)*[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"),
        "DNS name");
  }
  if (format == "pve-node")
    return require(Matches(value, "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"), "node name");
  if (format == "pve-poolid")
    return require(Matches(value, "[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){0,2}"), "pool name");
  if (format == "pve-configid" && !Matches(value, "[A-Za-z][A-Za-z0-9_-]+")) {
    return "invalid configuration ID '" + value + "'\n";
  }
  if (format == "pve-storage-id" && !Matches(value, "[A-Za-z][A-Za-z0-9\\-_.]*[A-Za-z0-9]")) {
    return "storage ID '" + value + "' contains illegal characters\n";
  }
  if (format == "pve-volume-id" || format == "pve-volume-id-or-absolute-path") {
    if (format != "pve-volume-id" && value.starts_with('/')) return std::nullopt;
    return CheckVolume(value, false);
  }
  if (format == "pve-volume-id-or-qm-path") return CheckVolume(value, true);
  if (format == "ipv4") return require(IsAddress(AF_INET, value), "ipv4 address");
  if (format == "ipv6") return require(IsAddress(AF_INET6, value), "ipv6 address");
  if (format == "pve-ipv4-config")
    return require(value == "dhcp" || value == "manual" || IsPrefix(AF_INET, value),
                   "ipv4 network configuration");
  if (format == "pve-ipv6-config") {
    return require(value == "dhcp" || value == "auto" || value == "manual" || IsPrefix(AF_INET6, value),
                   "ipv6 network configuration");
  }
  if (format == "address-list") {
    for (const std::string& address : SplitList(value)) {
      if (!IsAddress(AF_INET, address) && !IsAddress(AF_INET6, address) &&
          CheckFormat("dns-name", name, address)) {
        return require(false, "IP address or DNS name");
      }
    }
    return std::nullopt;
  }
  if (format == "mac-addr")
    return require(Matches(value, "[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}"), "unicast MAC address");
  if (format == "disk-size") return require(Matches(value, "\\d+(\\.\\d+)?[KMGT]?"), "disk size");
  if (format == "pve-tag-list") return CheckTags(value);
  if (format == "pve-storage-content-list" || format == "pve-storage-content") return CheckContent(value);
  if (format == "pve-vm-cpu-conf") {
    if (auto why = CheckCpu(value)) return why;
  }
  if (const Schema* const nested = NestedFormat(format)) return CheckNested(*nested, name, value);
  if (format == "pve-hotplug-features") return CheckHotplug(value);
  if (format == "pve-cpuset") return require(Matches(value, "\\d+(-\\d+)?(,\\d+(-\\d+)?)*"), "CPU set");
  if (format == "pve-bridge-id") return require(Matches(value, "[-_.\\w]+"), "bridge name");
  if (format == "urlencoded")
    return require(value.find_first_of(" \n\"<>") == std::string::npos, "URL-encoded text");
  if (format == "pve-qm-boot") {
    bool const fits =
        value == " " || value.empty() || Matches(value, "(order=[a-z0-9;]*|(legacy=)?[acdn]{1,4})");
    return require(fits, "boot order");
  }
  return std::nullopt;
}

}  // namespace fediversity::emulators
