#include "resources/proxmox/vm/option_name.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "provider/backends/proxmox/text/kind.h"
#include "provider/backends/proxmox/text/option_names.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

using proxmox::Kind;
using proxmox::OptionRule;

// Options that no unset takes away.
struct Vital {
  std::string_view prefix;
  std::string_view why;
};

constexpr Vital kVital[] = {
    {"template", "A template cannot become a VM again."},
    {"unused", "It is a volume, and would be deleted."},
    {"cdrom", "It is another name of `ide2`."},
};

// Parts without which the rest means nothing, or that Proxmox only reports or makes once.
struct VitalParts {
  const Kind* kind;
  std::array<std::string_view, 8> options;
};

constexpr VitalParts kVitalParts[] = {
    {&proxmox::kDriveKind, {"file", "format", "import-from", "media", "size"}},
    {&proxmox::kEfiDiskKind,
     {"file", "format", "import-from", "efitype", "pre-enrolled-keys", "ms-cert", "size"}},
    {&proxmox::kTpmStateKind, {"file", "format", "import-from", "version", "size"}},
    {&proxmox::kNetKind, {"model", "macaddr"}},
    {&proxmox::kHostPciKind, {"host", "mapping"}},
    {&proxmox::kUsbKind, {"host", "mapping"}},
    {&proxmox::kSmbiosKind, {"uuid", "base64"}},
};

bool IsVitalPart(const Kind& kind, const OptionRule& rule) {
  if (rule.required) return true;
  return std::ranges::any_of(kVitalParts, [&](const VitalParts& vital) {
    return vital.kind == &kind && std::ranges::find(vital.options, rule.name) != vital.options.end();
  });
}

// The parts of an option that can be taken away.
std::vector<std::string_view> Parts(const Kind& kind) {
  std::vector<std::string_view> names;
  for (const OptionRule& rule : kind.options) {
    if (rule.alias_of.empty() && !IsVitalPart(kind, rule)) names.push_back(rule.name);
  }
  return names;
}

// Empty where it can be taken away.
std::string WhyNot(std::string_view text) {
  OptionName const name = OptionName::Split(text);
  if (!proxmox::IsVmOption(name.key)) return Cat({"Proxmox has no option `", name.key, "` of a VM."});
  for (const Vital& vital : kVital) {
    if (name.key.starts_with(vital.prefix)) return std::string(vital.why);
  }
  if (text.find('.') == std::string_view::npos) return {};
  const Kind* const kind = proxmox::KindOf(name.key);
  if (kind == nullptr) return Cat({"`", name.key, "` has no parts."});
  auto const parts = Parts(*kind);
  if (std::ranges::find(parts, name.option) != parts.end()) return {};
  return parts.empty() ? Cat({"No part of `", name.key, "` can be removed alone."})
                       : Cat({"Parts of `", name.key, "` that can be removed: ", Join(parts, ", "), "."});
}

}  // namespace

OptionName OptionName::Split(std::string_view text) {
  std::size_t const point = text.find('.');
  if (point == std::string_view::npos) return {.key = text};
  return {.key = text.substr(0, point), .option = text.substr(point + 1)};
}

bool IsUnsettable(const wire::Value& value) { return WhyNot(value.string()).empty(); }

std::string AdviseUnset(const wire::Value& value) { return WhyNot(value.string()); }

}  // namespace fediversity::resources
