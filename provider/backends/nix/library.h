#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_LIBRARY_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_LIBRARY_H_

// The Nix library (the folder nix/ of this project) as it is built into the provider.

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/backends/nix/snapshot.h"
#include "provider/backends/nix/workspace.h"

namespace fediversity::nix {

struct LibraryFile {
  std::string_view path;  // relative to the library, such as "resources/dns_record_set.nix"
  std::string_view text;
};

// All files but the library's tests, sorted by path.
std::span<const LibraryFile> LibraryFiles();

// Whether there are rules for resources of this type, such as "dns_record_set".
bool HasRules(std::string_view type);

// Messages name its files as "<fediversity>/...".
inline constexpr std::string_view kLibraryName = "<fediversity>/";

// Stands for the names and contents of all of them.
std::string LibraryHash();

// Writes the files into the workspace.
absl::StatusOr<Snapshot> UnpackLibrary(Workspace& workspace);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_LIBRARY_H_
