#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_WORKSPACE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_WORKSPACE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/nix/installation.h"
#include "provider/base/environment.h"
#include "provider/base/subprocess.h"
#include "provider/base/unique_fd.h"

namespace fediversity::nix {

// A file that is removed at the end of its owner.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A private folder (mode 0700) under TMPDIR for what evaluators read, and the way in which they are run: cut
// off from the settings, channels, history and store of the user, without network and without builds. The
// folder and what is in it vanish with the object; what a killed process left behind is removed by the next
// one. Thread-safe.
class Workspace {
 public:
  static absl::StatusOr<std::unique_ptr<Workspace>> Create(const Environment& environment);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // The folder, absolute and without symbolic links: free of characters that mean something to Nix.
  const std::string& path() const { return path_; }
  // Writes `text` into a new file of mode 0600 that evaluators may read. Its path was never used before, as
  // evaluators may remember what they read.
  absl::StatusOr<TemporaryFile> WriteInput(std::string_view text);
  // A new folder within, for copies of what evaluators read. `name`: letters, digits and hyphens.
  absl::StatusOr<std::string> MakeFolder(std::string_view name);

  // A persistent evaluator that may read `roots` and the inputs, with `memory` bytes of address space.
  Command ReplCommand(const Installation& installation, const std::vector<std::string>& roots,
                      std::uint64_t memory) const;
  // A program that evaluates `file` once, prints the value as JSON and errors as data.
  Command OnceCommand(const Installation& installation, const std::vector<std::string>& roots,
                      std::uint64_t memory, const std::string& file) const;

 private:
  explicit Workspace(std::string path) : path_(std::move(path)) {}
  Command Restricted(std::vector<std::string> arguments, const std::vector<std::string>& roots,
                     std::uint64_t memory) const;

  const std::string path_;
  UniqueFd lock_;
  std::atomic<std::uint64_t> inputs_ = 0;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_WORKSPACE_H_
