#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_OPTION_VALUE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_OPTION_VALUE_H_

#include <optional>
#include <string>
#include <string_view>

#include "provider/backends/proxmox/text/kind.h"

namespace fediversity::proxmox {

// 1, on, yes and true, 0, off, no and false in any case, as the server reads booleans; else no value.
std::optional<bool> ParseBool(std::string_view text);

// A text that is equal for exactly those values of the form that mean the same. What is none of the form is
// itself. `base64` says how a kMaybeBase64 value is written.
std::string ComparableValue(Form form, std::string_view value, bool base64);

// The value as the server prints it where it prints the string anew.
std::string PrintedValue(Form form, std::string_view value);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_OPTION_VALUE_H_
