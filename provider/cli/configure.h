#ifndef FEDIVERSITY_PROVIDER_CLI_CONFIGURE_H_
#define FEDIVERSITY_PROVIDER_CLI_CONFIGURE_H_

#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "provider/cli/command.h"
#include "provider/schema/diagnostics.h"

namespace fediversity::cli {

// Configures the provider from `file`, JSON of the provider block, and from the environment. Warnings go to
// the error stream; errors are the status.
absl::Status Configure(const std::optional<std::string>& file, const Surroundings& surroundings);

// Prints messages as a person reads them on a terminal.
void Print(const schema::Diagnostics& diagnostics, std::ostream& err);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_CONFIGURE_H_
