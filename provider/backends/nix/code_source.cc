#include "provider/backends/nix/code_source.h"

#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "provider/backends/nix/flake_source.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

void AddNotices(const FlakeSource& flake, std::string_view setting, std::vector<std::string>& notices) {
  std::string_view const name = setting.substr(setting.rfind('.') + 1);
  if (!flake.pinned) {
    notices.push_back(
        Cat({"`", setting,
             "` is a reference that may name something else tomorrow\nPlans are made "
             "with what it names now. For the same plan at any time and on any machine write:\n",
             name, " = \"", flake.locked, "\""}));
  }
  if (flake.loose) {
    notices.push_back(
        Cat({"The flake of `", setting,
             "` does not lock its inputs\nPlans are made with what they name now. For the same plan at "
             "any time and on any machine, add the flake.lock that `nix flake lock` writes."}));
  }
}

void Replace(std::string_view what, std::string_view with, std::string& text) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

}  // namespace

absl::StatusOr<CodeSource> FindCode(Evaluator& evaluator, std::string_view reference,
                                    std::string_view setting, const Logger& log, const CallLimits& limits) {
  ASSIGN_OR_RETURN(Workspace * workspace, evaluator.workspace());
  CodeSource source;
  std::string path(reference);
  std::vector<std::string> inputs;
  bool const is_flake = IsFlakeReference(reference);
  if (is_flake) {
    log.Info("fetching a flake and its inputs", {{"setting", setting}, {"reference", reference}});
    ASSIGN_OR_RETURN(Installation const installation, evaluator.FindInstallation());
    ASSIGN_OR_RETURN(FlakeSource flake, FetchFlake(installation, reference, limits));
    log.Info("a flake was fetched", {{"path", flake.path}, {"locked", flake.locked}});
    AddNotices(flake, setting, source.notices);
    path = flake.path;
    source.flake = std::move(flake.inputs);
    inputs = std::move(flake.input_paths);
  }
  std::error_code ignored;
  if (setting == "nix.nixpkgs" && std::filesystem::exists(path + "/lib/default.nix", ignored)) path += "/lib";
  ASSIGN_OR_RETURN(Snapshot snapshot, TakeSnapshot(path, *workspace, limits));
  // People know a flake by its reference, not by where it lies in the store.
  if (is_flake) snapshot.named = Cat({reference, "/"});
  source.snapshots.push_back(std::move(snapshot));
  for (const std::string& input : inputs) {
    ASSIGN_OR_RETURN(Snapshot taken, TakeSnapshot(input, *workspace, limits));
    source.snapshots.push_back(std::move(taken));
  }
  // Evaluators read them where they were copied to, if they were.
  inputs.insert(inputs.begin(), path);
  for (std::size_t i = 0; !source.flake.empty() && i < inputs.size(); ++i) {
    Replace(Cat({"\"", inputs[i], "\""}), Cat({"\"", source.snapshots[i].entry, "\""}), source.flake);
  }
  return source;
}

absl::Status CheckImportable(const CodeSource& source, std::string_view setting) {
  std::error_code ignored;
  const Snapshot& code = source.snapshots.front();
  if (!std::filesystem::is_directory(code.entry, ignored) ||
      std::filesystem::exists(code.entry + "/default.nix", ignored)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(ToAbsl(Cat(
      {"There is no default.nix in ", code.named, "\n`", setting,
       "` names a folder, and without a file of that name it cannot be evaluated. Name the file itself."})));
}

std::string Named(const std::vector<Snapshot>& sources, std::string_view text) {
  std::string named(text);
  for (const Snapshot& source : sources) {
    Replace(Cat({source.root, "/"}), source.named, named);
  }
  return named;
}

}  // namespace fediversity::nix
