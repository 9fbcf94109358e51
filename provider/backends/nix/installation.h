#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_INSTALLATION_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_INSTALLATION_H_

#include <string>

#include "absl/status/statusor.h"
#include "provider/base/call_limits.h"
#include "provider/base/environment.h"

namespace fediversity::nix {

// Nix as it was found on this machine.
struct Installation {
  std::string nix;              // absolute
  std::string nix_instantiate;  // absolute
  // Changes when another Nix is installed in its place: the resolved path, size and time of change.
  std::string identity;
};

// Looks along PATH. FailedPrecondition where a program is missing, with how to install Nix or do without it.
absl::StatusOr<Installation> FindNix(const Environment& environment);

// Asks it for its version, such as "2.8.0". Takes some 20 ms.
absl::StatusOr<std::string> AskVersion(const Installation& installation, const CallLimits& limits);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_INSTALLATION_H_
