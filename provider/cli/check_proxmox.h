#ifndef FEDIVERSITY_PROVIDER_CLI_CHECK_PROXMOX_H_
#define FEDIVERSITY_PROVIDER_CLI_CHECK_PROXMOX_H_

#include "provider/backends/proxmox/api.h"
#include "provider/cli/command.h"

namespace fediversity::cli {

// Prints whether the cluster can be reached and what the credentials lack for each kind of work; answers whether
// planning is possible. Changes nothing.
bool CheckProxmox(proxmox::Api& api, const Surroundings& surroundings);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_CHECK_PROXMOX_H_
