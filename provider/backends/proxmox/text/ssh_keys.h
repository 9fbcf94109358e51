#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SSH_KEYS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SSH_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fediversity::proxmox {

// The value of `sshkeys` for these keys in OpenSSH's one-line form, one a line; blanks around a key are
// dropped, and so are empty ones. It is still to be encoded as a form's value, like every other parameter.
std::string FormatSshKeys(const std::vector<std::string>& keys);
// The keys in the `sshkeys` of a configuration, in their order. InvalidArgument where it is not URL-encoded.
absl::StatusOr<std::vector<std::string>> ParseSshKeys(std::string_view value);
// Whether both values hold the same keys in the same order. Values that cannot be decoded are compared as
// they are.
bool SameSshKeys(std::string_view a, std::string_view b);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_SSH_KEYS_H_
