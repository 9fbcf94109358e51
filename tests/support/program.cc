#include "tests/support/program.h"

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <system_error>

#include "provider/base/environment.h"

namespace fediversity::testing {
namespace {

bool IsProgram(const std::filesystem::path& path) {
  return std::filesystem::is_regular_file(path) && access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> FindInPath(const std::string& name, const std::string& path) {
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::filesystem::path const program = std::filesystem::path(folder) / name;
    if (IsProgram(program)) return program.string();
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

std::optional<std::string> FindProgram(const std::string& name, const std::string& named) {
  Environment const environment = ProcessEnvironment();
  if (auto const given = environment(named)) return given;
  if (auto found = FindInPath(name, environment("PATH").value_or(""))) return found;
  std::error_code no_cache;
  for (const auto& entry : std::filesystem::directory_iterator(Cache(environment), no_cache)) {
    if (!entry.path().filename().string().starts_with(name + "-")) continue;
    for (const auto& program : {entry.path() / name, entry.path() / "bin" / name}) {
      if (IsProgram(program)) return program;
    }
  }
  return std::nullopt;
}

}  // namespace fediversity::testing
