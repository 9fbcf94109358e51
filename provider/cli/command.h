#ifndef FEDIVERSITY_PROVIDER_CLI_COMMAND_H_
#define FEDIVERSITY_PROVIDER_CLI_COMMAND_H_

#include <ostream>
#include <string>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/base/cancel.h"
#include "provider/base/environment.h"
#include "provider/schema/provider.h"

namespace fediversity::cli {

// What a command for people works with. Everything outlives the command.
struct Surroundings {
  const schema::Provider& provider;
  Backends& backends;
  const Environment& environment;
  const CancelToken& cancel;
  std::ostream& out;
  std::ostream& err;
};

// Arguments after the command's name. Answers the exit code: 0 done, 1 it failed, 2 it was called wrongly.
using Arguments = std::vector<std::string>;

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_COMMAND_H_
