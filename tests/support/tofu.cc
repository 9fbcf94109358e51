#include "tests/support/tofu.h"

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <system_error>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/base/cancel.h"
#include "provider/base/environment.h"

namespace fediversity::testing {
namespace {

bool IsProgram(const std::filesystem::path& path) {
  return std::filesystem::is_regular_file(path) && access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> FindInPath(const std::string& path) {
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (IsProgram(folder + "/tofu")) return folder + "/tofu";
  }
  return std::nullopt;
}

// As scripts/lib/common.sh has it.
std::filesystem::path Cache(const Environment& environment) {
  if (auto const own = environment("FEDIVERSITY_CACHE")) return *own;
  if (auto const cache = environment("XDG_CACHE_HOME")) return *cache + "/fediversity";
  return environment("HOME").value_or("") + "/.cache/fediversity";
}

}  // namespace

std::optional<std::string> FindTofu() {
  Environment const environment = ProcessEnvironment();
  if (auto const named = environment("FEDIVERSITY_TOFU")) return named;
  if (auto found = FindInPath(environment("PATH").value_or(""))) return found;
  std::error_code no_cache;
  for (const auto& entry : std::filesystem::directory_iterator(Cache(environment), no_cache)) {
    if (entry.path().filename().string().starts_with("tofu-") && IsProgram(entry.path() / "tofu")) {
      return entry.path() / "tofu";
    }
  }
  return std::nullopt;
}

absl::StatusOr<CommandResult> RunTofu(const std::string& tofu, std::vector<std::string> arguments,
                                      const std::string& directory, std::string_view input) {
  arguments.insert(arguments.begin(), tofu);
  Command const command = {.arguments = std::move(arguments),
                           .environment = {{"TF_CLI_CONFIG_FILE", "/dev/null"}, {"TF_LOG", std::nullopt}},
                           .directory = directory};
  CancelToken const cancel;
  return RunCommand(command, input, cancel, absl::Now() + absl::Minutes(1));
}

}  // namespace fediversity::testing
