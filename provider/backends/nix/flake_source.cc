#include "provider/backends/nix/flake_source.h"

#include <cctype>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "provider/backends/nix/repl_text.h"
#include "provider/base/status_macros.h"
#include "provider/base/subprocess.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

using nlohmann::json;

std::string TextAt(const json& object, const char* key) {
  if (!object.is_object()) return {};
  auto const found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool IsFlakeReference(std::string_view reference) {
  // A URL scheme of RFC 3986, section 3.1, and the colon after it.
  std::size_t const colon = reference.find(':');
  if (colon == std::string_view::npos || colon == 0 ||
      std::isalpha(static_cast<unsigned char>(reference[0])) == 0) {
    return false;
  }
  for (char const c : reference.substr(0, colon)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

namespace {

// `nix flake COMMAND REFERENCE`, as JSON.
absl::StatusOr<json> AskFlake(const Installation& installation, const char* command,
                              std::string_view reference, const CallLimits& limits) {
  // The reference comes after an option that takes it, so that it is never read as an option itself.
  Command const call{.arguments = {installation.nix, "--extra-experimental-features", "nix-command flakes",
                                   "flake", command, "--json", "--no-write-lock-file", "--",
                                   std::string(reference)}};
  ASSIGN_OR_RETURN(CommandResult const fetched, RunCommand(call, "", limits.cancel, limits.deadline));
  json answer = json::parse(fetched.output, nullptr, /*allow_exceptions=*/false);
  if (fetched.status.ok() && !TextAt(answer, "path").empty()) return answer;
  std::string said = ValidUtf8(StripAnsi(fetched.error));
  if (said.size() > 2000) said.erase(0, said.size() - 2000);
  return absl::FailedPreconditionError(
      ToAbsl(Cat({"Cannot fetch the flake ", reference, "\n`nix flake ", command, "` ended with ",
                  fetched.status.ToString(), " and said:\n", said,
                  "\nCheck the reference and the network, or give the path of a local copy."})));
}

// The paths of all inputs, at any depth; each has been looked at to be an object with `path` and `inputs`.
void CollectPaths(const json& tree, std::vector<std::string>& paths) {
  auto const inputs = tree.find("inputs");
  if (inputs == tree.end() || !inputs->is_object()) return;
  for (const json& input : *inputs) {
    if (std::string path = TextAt(input, "path"); !path.empty()) paths.push_back(std::move(path));
    if (input.is_object()) CollectPaths(input, paths);
  }
}

}  // namespace

absl::StatusOr<FlakeSource> FetchFlake(const Installation& installation, std::string_view reference,
                                       const CallLimits& limits) {
  ASSIGN_OR_RETURN(json const metadata, AskFlake(installation, "metadata", reference, limits));
  FlakeSource source;
  source.path = TextAt(metadata, "path");
  // The locked reference has had both names.
  source.locked = TextAt(metadata, "lockedUrl");
  if (source.locked.empty()) source.locked = TextAt(metadata, "url");
  source.pinned = source.locked == reference || TextAt(metadata, "originalUrl") == source.locked;
  auto const locks = metadata.find("locks");
  if (locks == metadata.end() || !locks->is_object()) return source;
  auto const nodes = locks->find("nodes");
  if (nodes == locks->end() || !nodes->is_object() || nodes->size() < 2) return source;
  ASSIGN_OR_RETURN(json const tree, AskFlake(installation, "archive", source.locked, limits));
  CollectPaths(tree, source.input_paths);
  source.inputs =
      json{{"locks", *locks}, {"tree", tree}}.dump(-1, ' ', false, json::error_handler_t::replace);
  std::error_code ignored;
  source.loose = !std::filesystem::exists(source.path + "/flake.lock", ignored);
  return source;
}

}  // namespace fediversity::nix
