#include "provider/backends/nix/value.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "provider/backends/nix/code_source.h"
#include "provider/backends/nix/library.h"
#include "provider/backends/nix/nix_json.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

using nlohmann::json;

absl::StatusOr<std::string> ArgumentOf(const ValueRequest& request) {
  if (request.arguments.empty()) return std::string("{}");
  ASSIGN_OR_RETURN(std::string const arguments, ToNixJson(request.arguments));
  if (arguments.find(Cat({"\"", kMark, "\""})) != std::string::npos) {
    return absl::InvalidArgumentError(ToAbsl(Cat(
        {"Nix cannot hold these arguments\nThey have a number beyond 64 bits or with more than 15 digits, a "
         "text with U+0000, or a key `",
         kMark, "`, which is reserved."})));
  }
  return Cat({R"({"arguments":)", arguments, "}"});
}

}  // namespace

absl::StatusOr<std::string> ReadValue(ResourceRules& rules, const ValueRequest& request, const Logger& log,
                                      const CallLimits& limits) {
  EvaluationRequest evaluation;
  ASSIGN_OR_RETURN(evaluation.argument, ArgumentOf(request));
  Evaluator& evaluator = rules.evaluator();
  ASSIGN_OR_RETURN(Workspace * workspace, evaluator.workspace());
  std::vector<Snapshot> sources;
  ASSIGN_OR_RETURN(Snapshot library, UnpackLibrary(*workspace));
  evaluation.file = library.entry + "/value.nix";
  sources.push_back(std::move(library));
  json setup = {{"attribute", request.attribute}};
  if (const std::string& nixpkgs = rules.settings().nixpkgs; !nixpkgs.empty()) {
    ASSIGN_OR_RETURN(CodeSource lib, FindCode(evaluator, nixpkgs, "nix.nixpkgs", log, limits));
    setup["lib"] = lib.snapshots.front().entry;
    std::ranges::move(lib.snapshots, std::back_inserter(sources));
  }
  bool const is_flake = request.file.empty();
  ASSIGN_OR_RETURN(CodeSource code, FindCode(evaluator, is_flake ? request.flake : request.file,
                                             is_flake ? "flake" : "file", log, limits));
  if (is_flake) {
    setup["flake"] =
        code.flake.empty()
            ? json{{"locks", {{"root", "root"}, {"nodes", {{"root", json::object()}}}}},
                   {"tree", {{"path", code.snapshots.front().entry}, {"inputs", json::object()}}}}
            : json::parse(code.flake);
  } else {
    RETURN_IF_ERROR(CheckImportable(code, "file"));
    setup["file"] = code.snapshots.front().entry;
  }
  std::ranges::move(code.snapshots, std::back_inserter(sources));

  std::string identity = HashOf({"value", Join(request.attribute, "\n")});
  for (const Snapshot& source : sources) {
    identity = HashOf({identity, source.hash});
    evaluation.roots.push_back(source.root);
  }
  evaluation.setup = setup.dump();
  if (request.arguments.empty()) evaluation.identity = std::move(identity);
  ASSIGN_OR_RETURN(Evaluation result, evaluator.Evaluate(evaluation, limits));
  if (!result.error.has_value()) return std::move(result.json);
  return absl::FailedPreconditionError(ToAbsl(Cat(
      {"Nix gives no value (", ToWord(result.error->kind), ")\n", Named(sources, ToText(*result.error))})));
}

}  // namespace fediversity::nix
