#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/backends/proxmox/text/boot_order.h"
#include "provider/backends/proxmox/text/mac.h"
#include "provider/backends/proxmox/text/property_string.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/slot.h"
#include "provider/backends/proxmox/text/smbios.h"
#include "provider/backends/proxmox/text/ssh_keys.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/backends/proxmox/text/url_encoding.h"
#include "provider/backends/proxmox/text/volume_id.h"

namespace {

using namespace fediversity::proxmox;

void Check(bool holds) {
  if (!holds) std::abort();
}

// What is read is printed as it was, and every edit leaves a string that can be read again and says the same.
void PropertyStrings(const Kind& kind, std::string_view text) {
  absl::StatusOr<PropertyString> const parsed = PropertyString::Parse(kind, text);
  if (!parsed.ok()) return;
  Check(parsed->Format() == text);
  Check(parsed->Equivalent(*parsed));
  absl::StatusOr<PropertyString> const printed = PropertyString::Parse(kind, parsed->Canonical());
  Check(printed.ok() && printed->Canonical() == parsed->Canonical() && printed->Equivalent(*parsed));

  PropertyString edited = *parsed;
  for (const std::string& name : parsed->Names()) {
    Check(parsed->Has(name));
    (void)parsed->GetBool(name).ok();
    (void)parsed->GetInteger(name).ok();
    (void)parsed->GetSize(name).ok();
    std::string const value(*parsed->Get(name));
    if (edited.Set(name, value).ok()) Check(edited.Format() == text);
    Check(edited.Remove(name) && !edited.Has(name));
    Check(PropertyString::Parse(kind, edited.Format()).ok());
    if (edited.Set(name, value).ok()) {
      absl::StatusOr<PropertyString> const again = PropertyString::Parse(kind, edited.Format());
      Check(again.ok() && again->Get(name) == value && again->Equivalent(*parsed));
    }
    edited = *parsed;
  }
  for (const OptionRule& rule : kSmbiosKind.options) (void)SmbiosText(edited, rule.name).ok();
}

void Sizes(std::string_view text) {
  for (absl::StatusOr<std::int64_t> const& bytes :
       {ParseSize(text), ParseServerSize(text), ParseAllocation(text)}) {
    if (!bytes.ok()) continue;
    Check(*bytes >= 0 && *ParseSize(FormatSize(*bytes)) == *bytes &&
          *ParseServerSize(FormatSize(*bytes)) == *bytes);
    absl::StatusOr<std::int64_t> const allocated = ParseAllocation(FormatAllocation(*bytes));
    Check(!allocated.ok() || (*allocated >= *bytes && *allocated - *bytes < kKibibyte));
  }
}

void Others(std::string_view text) {
  if (std::optional<Slot> const slot = Slot::Find(text); slot.has_value()) Check(slot->Name() == text);
  if (absl::StatusOr<VolumeId> const volume = VolumeId::Parse(text); volume.ok()) {
    Check(volume->ToText() == text && *VolumeId::Parse(volume->ToText()) == *volume);
    Check(volume->format().size() <= text.size());
  }
  if (absl::StatusOr<Mac> const mac = Mac::Parse(text); mac.ok()) Check(*Mac::Parse(mac->ToText()) == *mac);
  if (absl::StatusOr<BootOrder> const order = BootOrder::Parse(text); order.ok()) {
    BootOrder const printed = *BootOrder::Parse(order->Format());
    Check(printed.devices == order->devices && (!printed.devices.empty() || printed.legacy == order->legacy));
  }
  Check(*UrlDecode(UrlEncode(text)) == text);
  (void)UrlDecode(text).ok();
  if (absl::StatusOr<std::vector<std::string>> const keys = ParseSshKeys(text); keys.ok()) {
    Check(*ParseSshKeys(FormatSshKeys(*keys)) == *keys);
  }
  Check(ParseTags(FormatTags(ParseTags(text))) == ParseTags(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<const char*>(data), size);
  for (const Kind* const kind : {&kDriveKind, &kNetKind, &kAgentKind, &kSmbiosKind, &kStartupKind, &kBootKind,
                                 &kNumaNodeKind, &kMachineKind}) {
    PropertyStrings(*kind, text);
  }
  Sizes(text);
  Others(text);
  return 0;
}
