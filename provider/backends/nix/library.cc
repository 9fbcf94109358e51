#include "provider/backends/nix/library.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "provider/backends/nix/result_cache.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::nix {

bool HasRules(std::string_view type) {
  std::string const path = Cat({"resources/", type, ".nix"});
  auto const files = LibraryFiles();
  return std::any_of(files.begin(), files.end(),
                     [&path](const LibraryFile& file) { return file.path == path; });
}

std::string LibraryHash() {
  std::string hash = HashOf({"library"});
  for (const LibraryFile& file : LibraryFiles()) hash = HashOf({hash, file.path, file.text});
  return hash;
}

absl::StatusOr<Snapshot> UnpackLibrary(Workspace& workspace) {
  ASSIGN_OR_RETURN(std::string const root, workspace.MakeFolder("library"));
  for (const LibraryFile& file : LibraryFiles()) {
    std::filesystem::path const path = std::filesystem::path(root) / file.path;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    std::ofstream stream(path, std::ios::binary);
    stream << file.text;
    stream.close();
    if (error || !stream) return absl::UnavailableError(ToAbsl(Cat({"cannot write ", path.native()})));
  }
  return Snapshot{root, root, LibraryHash(), std::string(kLibraryName)};
}

}  // namespace fediversity::nix
