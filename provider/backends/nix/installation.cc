#include "provider/backends/nix/installation.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/subprocess.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

// What Debian and the installer of Nix leave when PATH is not set at all.
constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin:/nix/var/nix/profiles/default/bin";

bool IsProgram(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> FindOnPath(std::string_view path, std::string_view program) {
  while (true) {
    std::size_t const colon = path.find(':');
    std::string_view const folder = path.substr(0, colon);
    // An empty entry means the working directory to shells; a program is not taken from there.
    if (folder.starts_with('/')) {
      std::string candidate = Cat({folder, "/", program});
      if (IsProgram(candidate)) return candidate;
    }
    if (colon == std::string_view::npos) return std::nullopt;
    path.remove_prefix(colon + 1);
  }
}

absl::StatusOr<std::string> Identify(const std::string& program) {
  std::error_code error;
  std::filesystem::path const resolved = std::filesystem::canonical(program, error);
  struct stat found {};
  if (error || stat(resolved.c_str(), &found) != 0) {
    return absl::FailedPreconditionError(
        ToAbsl(Cat({"Cannot look at the program ", program, "\n", error.message()})));
  }
  return Cat({resolved.native(), " ", std::to_string(found.st_size), " ",
              std::to_string(found.st_mtim.tv_sec), ".", std::to_string(found.st_mtim.tv_nsec)});
}

absl::Status Missing(std::string_view program) {
  return absl::FailedPreconditionError(ToAbsl(Cat(
      {"Nix was not found\nThere is no program `", program,
       "` in PATH. Configurations are checked against rules written in Nix, so it is needed to plan. Install it "
       "(on Debian and Ubuntu `apt install nix-bin`, elsewhere see https://nixos.org/download), or do without "
       "those rules: set `nix = { enabled = false }` in the provider block."})));
}

}  // namespace

absl::StatusOr<Installation> FindNix(const Environment& environment) {
  std::string const path = environment("PATH").value_or(std::string(kDefaultPath));
  auto nix = FindOnPath(path, "nix");
  if (!nix.has_value()) return Missing("nix");
  auto nix_instantiate = FindOnPath(path, "nix-instantiate");
  if (!nix_instantiate.has_value()) return Missing("nix-instantiate");
  ASSIGN_OR_RETURN(std::string identity, Identify(*nix));
  return Installation{*std::move(nix), *std::move(nix_instantiate), std::move(identity)};
}

absl::StatusOr<std::string> AskVersion(const Installation& installation, const CallLimits& limits) {
  ASSIGN_OR_RETURN(CommandResult const asked, RunCommand({.arguments = {installation.nix, "--version"}}, "",
                                                         limits.cancel, limits.deadline));
  // "nix (Nix) 2.8.0"
  std::string_view line = asked.output;
  line = line.substr(0, line.find('\n'));
  std::size_t const blank = line.rfind(' ');
  if (!asked.status.ok() || blank == std::string_view::npos || blank + 1 == line.size()) {
    return absl::FailedPreconditionError(
        ToAbsl(ValidUtf8(Cat({"Nix does not tell its version\n`", installation.nix, " --version` ended with ",
                              asked.status.ToString(), " and said \"", line, "\" and \"",
                              std::string_view(asked.error).substr(0, 500), "\"."}))));
  }
  return std::string(line.substr(blank + 1));
}

}  // namespace fediversity::nix
