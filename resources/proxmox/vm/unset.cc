#include "resources/proxmox/vm/unset.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "provider/backends/proxmox/text/kind.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/option_name.h"
#include "resources/proxmox/vm/vm_parts.h"

namespace fediversity::resources {
namespace {

constexpr const char* kUnsetAttribute = "unset";

bool HoldsVolume(std::string_view key) {
  const proxmox::Kind* const kind = proxmox::KindOf(key);
  return kind == &proxmox::kDriveKind || kind == &proxmox::kEfiDiskKind || kind == &proxmox::kTpmStateKind;
}

bool IsUnknown(const schema::Value<std::string>& name) { return name.is_unknown(); }

absl::Status RefuseHiddenDrive(std::string_view key, const VmOptions& options) {
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"`unset` names a drive that the plan did not know of\n`", key, "` holds \"",
           options.Value(key).value_or(""),
           "\", and is none of this configuration's drives. Nothing was changed. Take it out of `unset`; or manage "
           "the drive first, a disk by its `volume`, apply, and take it out of the configuration then."})),
      kUnsetAttribute);
}

}  // namespace

bool IsUnset(const ProxmoxVm& plan, std::string_view key) {
  if (!plan.unset.has_value()) return false;
  return std::ranges::any_of(plan.unset->items, [&](const auto& name) { return name.value_or("") == key; });
}

void PlanUnset(const ProxmoxVm& config, ProxmoxVm& planned, schema::Diagnostics& diagnostics) {
  if (planned.unset.is_null()) return;
  if (!planned.unset.has_value() || std::ranges::any_of(planned.unset->items, IsUnknown)) {
    diagnostics.AddError(
        "What is unset has to be known",
        "A plan says what becomes of each option, so `unset` cannot depend on what is known only when "
        "it is applied. Write the names out.",
        wire::Path().Child(kUnsetAttribute));
    return;
  }
  for (const auto& text : planned.unset->items) {
    if (!text.has_value()) continue;
    OptionName const name = OptionName::Split(*text);
    // What is configured is what it is to be, so it cannot be unset as well.
    ProxmoxVm without = config;
    if (!ClearVmOption(name, without)) {
      ClearVmOption(name, planned);
      continue;
    }
    diagnostics.AddError(Cat({"`", *text, "` is both set and unset"}),
                         Cat({"The configuration gives `", *text,
                              "` a value, and `unset` asks for it to be removed. Take it out of one."}),
                         wire::Path().Child(kUnsetAttribute));
  }
}

absl::Status RemoveUnset(const ProxmoxVm* prior, const ProxmoxVm& plan, VmOptions& options) {
  if (!plan.unset.has_value()) return absl::OkStatus();
  for (const auto& text : plan.unset->items) {
    if (!text.has_value()) continue;
    OptionName const name = OptionName::Split(*text);
    if (!name.option.empty()) {
      RETURN_IF_ERROR(options.Remove(name.key, name.option));
    } else if (prior != nullptr && HoldsVolume(name.key)) {
      if (options.Has(name.key)) return RefuseHiddenDrive(name.key, options);
    } else if (proxmox::KindOf(name.key) != &proxmox::kSmbiosKind) {  // its UUID is the VM's identity
      options.RemoveKey(name.key);
    }
  }
  return absl::OkStatus();
}

}  // namespace fediversity::resources
