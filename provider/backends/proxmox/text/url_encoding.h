#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_URL_ENCODING_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_URL_ENCODING_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::proxmox {

// The encoding inside values that Proxmox calls "urlencoded" (sshkeys, a disk's serial), on top of which the
// form that carries the value is encoded once more. Kept are letters, digits and -_.~!*'(), as in
// JavaScript's encodeURIComponent, which Proxmox's own interface uses; everything else is %XX in upper case,
// a blank too.
std::string UrlEncode(std::string_view text);
// InvalidArgument for a '%' that two hexadecimal digits do not follow. A '+' is a plus.
absl::StatusOr<std::string> UrlDecode(std::string_view text);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_URL_ENCODING_H_
