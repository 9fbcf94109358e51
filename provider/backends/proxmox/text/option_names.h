#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_OPTION_NAMES_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_OPTION_NAMES_H_

#include <string_view>

namespace fediversity::proxmox {

// Whether a VM's configuration has an option of this name in Proxmox 8.4 or 9.2: what PUT .../config takes to set.
bool IsVmOption(std::string_view key);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_OPTION_NAMES_H_
