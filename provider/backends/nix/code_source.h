#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_CODE_SOURCE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_CODE_SOURCE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/nix/evaluator.h"
#include "provider/backends/nix/snapshot.h"
#include "provider/base/call_limits.h"
#include "provider/base/log.h"

namespace fediversity::nix {

// Code that a setting names, where evaluators may read it.
struct CodeSource {
  std::vector<Snapshot> snapshots;  // the code itself, then the inputs of its flake
  std::string flake;  // what nix/flake.nix takes; empty where it is no flake, or one without inputs
  std::vector<std::string> notices;  // worth a warning: a summary, and a detail from the second line on
};

// `reference`: a file, a folder, or a reference to a flake, which is fetched first. `setting`: its name in HCL, such as
// "nix.environment". For "nix.nixpkgs", the folder lib of it is taken, if there is one. NotFound where there is
// nothing; FailedPrecondition for what cannot be fetched or read.
absl::StatusOr<CodeSource> FindCode(Evaluator& evaluator, std::string_view reference,
                                    std::string_view setting, const Logger& log, const CallLimits& limits);

// FailedPrecondition where a folder has nothing that `import` would take.
absl::Status CheckImportable(const CodeSource& source, std::string_view setting);

// `text` with the files in it called by the names that people know.
std::string Named(const std::vector<Snapshot>& sources, std::string_view text);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_CODE_SOURCE_H_
