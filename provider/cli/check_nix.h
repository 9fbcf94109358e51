#ifndef FEDIVERSITY_PROVIDER_CLI_CHECK_NIX_H_
#define FEDIVERSITY_PROVIDER_CLI_CHECK_NIX_H_

#include "provider/backends/nix/resource_rules.h"
#include "provider/cli/command.h"

namespace fediversity::cli {

// Prints whether the hosting provider's rules can be evaluated, and what is wrong with them; answers whether nothing
// is.
bool CheckNix(nix::ResourceRules& rules, const Surroundings& surroundings);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_CHECK_NIX_H_
