#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_VALUE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_VALUE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/nix/resource_rules.h"
#include "provider/base/call_limits.h"
#include "provider/base/log.h"

namespace fediversity::nix {

struct ValueRequest {
  // A file, or a folder with a default.nix; else a reference to a flake, whose outputs are meant.
  std::string file;
  std::string flake;
  std::vector<std::string> attribute = {};  // names of attributes, one within the other; empty: all of it
  std::string arguments = {};               // a JSON object; empty: none
};

// The value that is written there, as JSON, evaluated under the limits of `rules` and with the lib that these have. What
// the code does wrong is FailedPrecondition with what Nix says; so is a value that is no data. InvalidArgument for
// arguments that Nix cannot hold. Results without arguments are kept on disk; arguments may be secret.
absl::StatusOr<std::string> ReadValue(ResourceRules& rules, const ValueRequest& request, const Logger& log,
                                      const CallLimits& limits);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_VALUE_H_
