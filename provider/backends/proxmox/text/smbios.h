#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SMBIOS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SMBIOS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/text/property_string.h"

namespace fediversity::proxmox {

// The texts in `smbios1` (manufacturer, product, version, serial, sku, family), which are base64 where
// `base64=1`. Both take a string of kSmbiosKind.

// No value where the option is not there; InvalidArgument where it should be base64 and is not.
absl::StatusOr<std::optional<std::string>> SmbiosText(const PropertyString& smbios, std::string_view option);
// Writes the text as base64, and with it every text that was plain, as the server wants all of them alike.
absl::Status SetSmbiosText(PropertyString& smbios, std::string_view option, std::string_view text);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SMBIOS_H_
