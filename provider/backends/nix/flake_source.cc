#include "provider/backends/nix/flake_source.h"

#include <cctype>

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

absl::StatusOr<FlakeSource> FetchFlake(const Installation& installation, std::string_view reference,
                                       const CallLimits& limits) {
  // The reference comes after an option that takes it, so that it is never read as an option itself.
  Command const command{.arguments = {installation.nix, "--extra-experimental-features", "nix-command flakes",
                                      "flake", "metadata", "--json", "--no-write-lock-file", "--",
                                      std::string(reference)}};
  ASSIGN_OR_RETURN(CommandResult const fetched, RunCommand(command, "", limits.cancel, limits.deadline));
  json const metadata = json::parse(fetched.output, nullptr, /*allow_exceptions=*/false);
  FlakeSource source;
  if (fetched.status.ok() && metadata.is_object()) {
    source.path = TextAt(metadata, "path");
    // The locked reference has had both names.
    source.locked = TextAt(metadata, "lockedUrl");
    if (source.locked.empty()) source.locked = TextAt(metadata, "url");
    source.pinned = source.locked == reference || TextAt(metadata, "originalUrl") == source.locked;
  }
  if (source.path.empty()) {
    std::string said = ValidUtf8(StripAnsi(fetched.error));
    if (said.size() > 2000) said.erase(0, said.size() - 2000);
    return absl::FailedPreconditionError(
        ToAbsl(Cat({"Cannot fetch the flake ", reference, "\n`nix flake metadata` ended with ",
                    fetched.status.ToString(), " and said:\n", said,
                    "\nCheck the reference and the network, or give the path of a local copy."})));
  }
  return source;
}

}  // namespace fediversity::nix
