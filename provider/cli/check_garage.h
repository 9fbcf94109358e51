#ifndef FEDIVERSITY_PROVIDER_CLI_CHECK_GARAGE_H_
#define FEDIVERSITY_PROVIDER_CLI_CHECK_GARAGE_H_

#include "provider/backends/garage/api.h"
#include "provider/cli/command.h"

namespace fediversity::cli {

// Prints what the admin token may do; answers whether everything needed is there.
bool CheckGarage(garage::Api& api, const Surroundings& surroundings);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_CHECK_GARAGE_H_
