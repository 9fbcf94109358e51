#include "provider/backends/nix/snapshot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/backends/nix/result_cache.h"
#include "provider/base/poll_limits.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/base/unique_fd.h"
#include "provider/base/whole_io.h"

namespace fediversity::nix {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStore = "/nix/store/";
constexpr std::size_t kMostEntries = 20'000;  // looked at
constexpr std::size_t kMostFiles = 4'000;     // taken
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20U;

absl::Status TooBig(const fs::path& folder) {
  return absl::FailedPreconditionError(ToAbsl(Cat(
      {"Too many files to evaluate\nThe folder ", folder.native(), " has more than ",
       std::to_string(kMostEntries), " entries, ", std::to_string(kMostFiles),
       " files of Nix, JSON and TOML or ", std::to_string(kMostBytes >> 20U),
       " MiB. All that an environment may import is read before it is evaluated: keep it in a folder of its own."})));
}

absl::Status Unreadable(const fs::path& path, int error) {
  return absl::ErrnoToStatus(error, ToAbsl(Cat({"cannot read ", path.native()})));
}

// Copies one file and answers its contents' hash.
absl::StatusOr<std::string> CopyFile(const fs::path& from, const std::string& to, std::uint64_t& bytes) {
  UniqueFd const source(open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!source.valid()) return Unreadable(from, errno);
  auto const text = ReadWhole(source.get(), kMostBytes - bytes);
  if (!text.has_value()) return errno == EFBIG ? TooBig(from.parent_path()) : Unreadable(from, errno);
  bytes += text->size();
  UniqueFd const copy(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!copy.valid()) return absl::ErrnoToStatus(errno, ToAbsl(Cat({"cannot make the file ", to})));
  if (!WriteWhole(copy.get(), *text)) return absl::ErrnoToStatus(errno, ToAbsl(Cat({"cannot write ", to})));
  return HashOf({*text});
}

bool IsData(const fs::path& path) {
  fs::path const extension = path.extension();
  return extension == ".nix" || extension == ".json" || extension == ".toml";
}

bool IsWithin(const fs::path& folder, const fs::path& path) {
  auto const [end, at] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

struct Found {
  std::vector<fs::path> folders;  // relative to the top, outer ones first
  std::vector<fs::path> files;
};

absl::StatusOr<Found> List(const fs::path& top, bool all_files, const CallLimits& limits) {
  Found found;
  std::size_t entries = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(top, fs::directory_options::none, error);
  if (error) return Unreadable(top, error.value());
  for (fs::recursive_directory_iterator end; entry != end; entry.increment(error)) {
    if (error) return Unreadable(top, error.value());
    if (limits.cancel.cancelled()) return Interrupted("reading the environment");
    if (++entries > kMostEntries) return TooBig(top);
    fs::path const& path = entry->path();
    fs::path const relative = path.lexically_relative(top);
    std::error_code ignored;
    if (path.filename().native().starts_with('.')) {
      if (!all_files || path.filename() != ".version") {
        entry.disable_recursion_pending();
        continue;
      }
    }
    if (entry->is_directory(ignored)) {
      if (entry->is_symlink(ignored)) continue;
      found.folders.push_back(relative);
      continue;
    }
    if (!all_files && !IsData(path)) continue;
    if (entry->is_symlink(ignored)) {
      fs::path const target = fs::canonical(path, ignored);
      if (ignored || !IsWithin(top, target)) continue;
    }
    if (!entry->is_regular_file(ignored)) continue;
    if (found.files.size() >= kMostFiles) return TooBig(top);
    found.files.push_back(relative);
  }
  if (error) return Unreadable(top, error.value());
  std::sort(found.folders.begin(), found.folders.end());
  std::sort(found.files.begin(), found.files.end());
  return found;
}

// The path in the store that holds `path`: one name below /nix/store.
std::string StoreRoot(const std::string& path) { return path.substr(0, path.find('/', kStore.size())); }

std::string FolderAsWritten(std::string_view path, bool is_folder) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (is_folder) return Cat({path, "/"});
  std::size_t const slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash + 1));
}

}  // namespace

absl::StatusOr<Snapshot> TakeSnapshot(std::string_view path, Workspace& workspace, const CallLimits& limits) {
  std::error_code error;
  fs::path const resolved = fs::canonical(fs::path(path), error);
  if (error) {
    return absl::NotFoundError(
        ToAbsl(Cat({"There is no file ", path, "\nIt cannot be opened: ", error.message(), "."})));
  }
  bool const is_folder = fs::is_directory(resolved, error);
  if (resolved.native().starts_with(kStore)) {
    std::string root = StoreRoot(resolved.native());
    std::string hash = HashOf({"store", resolved.native()});
    return Snapshot{root, resolved.native(), std::move(hash), Cat({root, "/"})};
  }
  fs::path const top = is_folder ? resolved : resolved.parent_path();
  ASSIGN_OR_RETURN(Found found, List(top, is_folder, limits));
  fs::path const entry = is_folder ? fs::path() : resolved.filename();
  if (!is_folder && std::find(found.files.begin(), found.files.end(), entry) == found.files.end()) {
    found.files.push_back(entry);  // whatever it is called
  }
  ASSIGN_OR_RETURN(std::string const root, workspace.MakeFolder("copy"));
  for (const fs::path& folder : found.folders) {
    std::string const made = Cat({root, "/", folder.native()});
    if (mkdir(made.c_str(), 0700) != 0)
      return absl::ErrnoToStatus(errno, ToAbsl(Cat({"cannot make ", made})));
  }
  std::uint64_t bytes = 0;
  std::string hash = HashOf({"copy", entry.native()});
  for (const fs::path& file : found.files) {
    if (limits.cancel.cancelled()) return Interrupted("reading the environment");
    ASSIGN_OR_RETURN(std::string const content, CopyFile(top / file, Cat({root, "/", file.native()}), bytes));
    hash = HashOf({hash, file.native(), content});
  }
  return Snapshot{root, entry.empty() ? root : Cat({root, "/", entry.native()}), std::move(hash),
                  FolderAsWritten(path, is_folder)};
}

}  // namespace fediversity::nix
