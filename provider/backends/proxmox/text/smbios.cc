#include "provider/backends/proxmox/text/smbios.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr std::string_view kFlag = "base64";

}  // namespace

absl::StatusOr<std::optional<std::string>> SmbiosText(const PropertyString& smbios, std::string_view option) {
  std::optional<std::string_view> const value = smbios.Get(option);
  if (!value.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(std::optional<bool> const encoded, smbios.GetBool(kFlag));
  if (!encoded.value_or(false)) return std::string(*value);
  std::string text;
  if (!absl::Base64Unescape(ToAbsl(*value), &text)) {
    return absl::InvalidArgumentError(
        ToAbsl(Cat({"Unreadable SMBIOS string\nThe \"", option, "\" of \"", ValidUtf8(smbios.Format()),
                    "\" is not the base64 that \"base64=1\" "
                    "says it is."})));
  }
  return text;
}

absl::Status SetSmbiosText(PropertyString& smbios, std::string_view option, std::string_view text) {
  ASSIGN_OR_RETURN(std::optional<bool> const encoded, smbios.GetBool(kFlag));
  if (!encoded.value_or(false)) {
    for (const OptionRule& rule : kSmbiosKind.options) {
      if (rule.form != Form::kMaybeBase64) continue;
      std::optional<std::string_view> const plain = smbios.Get(rule.name);
      if (plain.has_value()) RETURN_IF_ERROR(smbios.Set(rule.name, absl::Base64Escape(ToAbsl(*plain))));
    }
    RETURN_IF_ERROR(smbios.SetBool(kFlag, true));
  }
  return smbios.Set(option, absl::Base64Escape(ToAbsl(text)));
}

}  // namespace fediversity::proxmox
