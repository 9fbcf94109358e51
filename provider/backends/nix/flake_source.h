#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_FLAKE_SOURCE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_FLAKE_SOURCE_H_

#include <string>
#include <string_view>

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
};

// Fetches a flake into the Nix store, with the network, the settings and the credentials of the user: the one
// step that may. FailedPrecondition where it cannot be had, with what Nix says.
absl::StatusOr<FlakeSource> FetchFlake(const Installation& installation, std::string_view reference,
                                       const CallLimits& limits);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_FLAKE_SOURCE_H_
