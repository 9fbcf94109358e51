#include "provider/backends/nix/workspace.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/base/whole_io.h"

namespace fediversity::nix {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "fediversity-nix-";
constexpr const char* kLockName = "lock";

absl::Status Failed(int error, std::string_view what, std::string_view path) {
  return absl::ErrnoToStatus(error, ToAbsl(Cat({what, " ", path})));
}

// The lock on a folder is held as long as its process lives. It has its name only once it is held, so that nobody who
// looks for leftovers can take it first.
UniqueFd MakeLock(const std::string& folder) {
  std::string const path = Cat({folder, "/", kLockName});
  std::string const fresh = Cat({path, ".new"});
  UniqueFd file(open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid() || flock(file.get(), LOCK_EX | LOCK_NB) != 0) return UniqueFd();
  return rename(fresh.c_str(), path.c_str()) == 0 ? std::move(file) : UniqueFd();
}

// The lock of a folder whose process is gone.
UniqueFd TakeLock(const std::string& folder) {
  UniqueFd file(open(Cat({folder, "/", kLockName}).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (file.valid() && flock(file.get(), LOCK_EX | LOCK_NB) != 0) return UniqueFd();
  return file;
}

// Removes folders of ours whose process is gone. Others may do the same at once, and nothing depends on it.
void RemoveLeftovers(const std::string& parent) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error)) {
    std::string const path = entry->path().native();
    struct stat found {};
    if (!entry->path().filename().native().starts_with(kPrefix) || lstat(path.c_str(), &found) != 0 ||
        !S_ISDIR(found.st_mode) || found.st_uid != geteuid()) {
      continue;
    }
    // A folder without a lock is being made at this moment.
    UniqueFd const lock = TakeLock(path);
    if (!lock.valid()) continue;
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
}

// Nix reads these paths in its own language, on its command line and in search paths.
bool IsPlain(std::string_view path) {
  return path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+") ==
         std::string_view::npos;
}

absl::StatusOr<std::string> TemporaryParent(const Environment& environment) {
  std::string const wanted = environment("TMPDIR").value_or("/tmp");
  std::error_code error;
  fs::path const resolved = fs::canonical(wanted.empty() ? "/tmp" : wanted, error);
  if (!error && IsPlain(resolved.native())) return resolved.native();
  fs::path const usual = fs::canonical("/tmp", error);
  if (!error && IsPlain(usual.native())) return usual.native();
  return absl::FailedPreconditionError(
      ToAbsl(Cat({"No folder for temporary files\nNeither ", wanted,
                  " (TMPDIR) nor /tmp can be used for what Nix is to read. Set TMPDIR to a folder whose path "
                  "has only letters, digits and the characters . _ - +"})));
}

}  // namespace

TemporaryFile::~TemporaryFile() {
  if (!path_.empty()) unlink(path_.c_str());
}

absl::StatusOr<std::unique_ptr<Workspace>> Workspace::Create(const Environment& environment) {
  ASSIGN_OR_RETURN(std::string const parent, TemporaryParent(environment));
  RemoveLeftovers(parent);
  std::string path = Cat({parent, "/", kPrefix, "XXXXXX"});
  if (mkdtemp(path.data()) == nullptr) return Failed(errno, "cannot make a temporary folder in", parent);
  std::unique_ptr<Workspace> workspace(new Workspace(path));
  for (const char* name : {"/home", "/conf", "/input"}) {
    if (mkdir((path + name).c_str(), 0700) != 0) return Failed(errno, "cannot make the folder", path + name);
  }
  workspace->lock_ = MakeLock(path);
  if (!workspace->lock_.valid()) return Failed(errno, "cannot lock the folder", path);
  return workspace;
}

Workspace::~Workspace() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

absl::StatusOr<TemporaryFile> Workspace::WriteInput(std::string_view text) {
  TemporaryFile file(Cat({path_, "/input/", std::to_string(++inputs_), ".json"}));
  UniqueFd const fd(open(file.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid()) return Failed(errno, "cannot make the file", file.path());
  if (!WriteWhole(fd.get(), text)) return Failed(errno, "cannot write", file.path());
  return file;
}

absl::StatusOr<std::string> Workspace::MakeFolder(std::string_view name) {
  std::string path = Cat({path_, "/", name, "-", std::to_string(++inputs_)});
  if (mkdir(path.c_str(), 0700) != 0) return Failed(errno, "cannot make the folder", path);
  return path;
}

Command Workspace::ReplCommand(const Installation& installation, const std::vector<std::string>& roots,
                               std::uint64_t memory) const {
  return Restricted({installation.nix, "repl"}, roots, memory);
}

Command Workspace::OnceCommand(const Installation& installation, const std::vector<std::string>& roots,
                               std::uint64_t memory, const std::string& file) const {
  return Restricted({installation.nix_instantiate, "--eval", "--strict", "--json", "--readonly-mode",
                     "--log-format", "internal-json", "--show-trace", file},
                    roots, memory);
}

Command Workspace::Restricted(std::vector<std::string> arguments, const std::vector<std::string>& roots,
                              std::uint64_t memory) const {
  // The shell sets the limits, so that they hold from the first moment, and is gone then.
  std::string const kibibytes = std::to_string(memory >> 10U);
  arguments.insert(arguments.begin(),
                   {"/bin/sh", "-c", R"(ulimit -v "$0" && ulimit -c 0 && exec "$@")", kibibytes});
  // A store that holds nothing and takes nothing: no daemon is asked, no derivation is made or built.
  arguments.insert(arguments.end(), {"--store", "dummy://", "-I", Cat({"input=", path_, "/input"})});
  for (const std::string& root : roots) arguments.insert(arguments.end(), {"-I", Cat({"root=", root})});
  return {.arguments = std::move(arguments),
          .environment = {{"NIX_CONFIG",
                           "experimental-features = nix-command flakes\n"
                           "restrict-eval = true\n"
                           "allowed-uris =\n"
                           "allow-import-from-derivation = false\n"
                           "substituters =\n"
                           "build-users-group =\n"},
                          {"NIX_CONF_DIR", Cat({path_, "/conf"})},
                          {"NIX_USER_CONF_FILES", Cat({path_, "/conf/none"})},
                          {"NIX_PATH", std::nullopt},
                          {"NIX_REMOTE", std::nullopt},
                          {"NIX_DEBUG", std::nullopt},
                          {"NIX_SHOW_STATS", std::nullopt},
                          {"NIX_COUNT_CALLS", std::nullopt},
                          {"HOME", Cat({path_, "/home"})},
                          {"XDG_CONFIG_HOME", Cat({path_, "/home"})},
                          {"XDG_CACHE_HOME", Cat({path_, "/home"})},
                          {"XDG_DATA_HOME", Cat({path_, "/home"})},
                          {"XDG_STATE_HOME", Cat({path_, "/home"})},
                          {"TERM", "dumb"},
                          {"PAGER", "cat"}},
          .directory = path_};
}

}  // namespace fediversity::nix
