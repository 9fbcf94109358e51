#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_FLAKE_SOURCE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_FLAKE_SOURCE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/nix/installation.h"
#include "provider/base/call_limits.h"

namespace fediversity::nix {

// Whether `reference` is one of a flake ("github:NixOS/nixpkgs/nixos-25.11", "git+https://...",
// "path:/srv/x") and not the path of a file or folder.
bool IsFlakeReference(std::string_view reference);

struct FlakeSource {
  std::string path;     // its source in the Nix store
  std::string locked;   // the reference that names exactly this source, now and on other machines
  bool pinned = false;  // whether the reference that was asked for does so itself
  // Its inputs, and theirs, which are in the store then: what nix/flake.nix takes. Empty: it has none.
  std::string inputs;
  std::vector<std::string> input_paths = {};
  // Whether the inputs are not the same tomorrow, as the flake has no lock file that says so.
  bool loose = false;
};

// Fetches a flake and all its inputs into the Nix store, with the network, the settings and the credentials of the user: the one
// step that may. FailedPrecondition where it cannot be had, with what Nix says.
absl::StatusOr<FlakeSource> FetchFlake(const Installation& installation, std::string_view reference,
                                       const CallLimits& limits);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_FLAKE_SOURCE_H_
