#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_SNAPSHOT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_SNAPSHOT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/backends/nix/workspace.h"
#include "provider/base/call_limits.h"

namespace fediversity::nix {

// Files as they were at one moment, where evaluators may read them. What is edited meanwhile is not seen, so
// that everything in one plan is judged by the same rules, and by those that the hash stands for.
struct Snapshot {
  std::string
      root;  // what may be read: a copy in a workspace, or a path in the Nix store, which never changes
  std::string entry;  // the file or folder that was asked for, within `root`
  std::string hash;   // of names and contents below `root`
  std::string named;  // what stands for "root/" in front of a file's name in messages: how the user wrote it
};

// `path` is a folder, or a file in one: then the .nix, .json and .toml files of its folder are taken too,
// since it may import them. Hidden files and folders are left out, and symbolic links that lead elsewhere.
// NotFound where there is nothing; FailedPrecondition for a folder that is too big to be a set of rules.
absl::StatusOr<Snapshot> TakeSnapshot(std::string_view path, Workspace& workspace, const CallLimits& limits);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_SNAPSHOT_H_
