#include "provider/backends/nix/verdict.h"

#include <utility>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

using nlohmann::json;

absl::Status Unexpected(std::string_view what) {
  return absl::InternalError(ToAbsl(Cat({"The Nix library gave an unexpected answer\nIn it, ", what, "."})));
}

absl::StatusOr<std::vector<PathStep>> ReadPath(const json& object) {
  auto const found = object.find("path");
  if (found == object.end() || !found->is_array()) return Unexpected("a path is missing");
  std::vector<PathStep> path;
  for (const json& step : *found) {
    if (step.is_string()) {
      path.emplace_back(step.get<std::string>());
    } else if (step.is_number_integer()) {
      path.emplace_back(step.get<std::int64_t>());
    } else {
      return Unexpected("a step of a path is neither a name nor a number");
    }
  }
  return path;
}

std::string TextAt(const json& object, const char* key) {
  auto const found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

absl::StatusOr<Finding> ReadFinding(const json& object) {
  if (!object.is_object()) return Unexpected("a finding is no set");
  Finding finding;
  ASSIGN_OR_RETURN(finding.path, ReadPath(object));
  finding.message = TextAt(object, "message");
  if (finding.message.empty()) return Unexpected("a finding has no message");
  finding.file = TextAt(object, "file");
  if (auto const line = object.find("line"); line != object.end() && line->is_number_integer()) {
    auto const number = line->get<std::int64_t>();
    if (number > 0 && number <= INT32_MAX) finding.line = static_cast<int>(number);
  }
  if (auto const thrown = object.find("thrown"); thrown != object.end() && *thrown == json(true)) {
    finding.failed_rule = TextAt(object, "rule");
    if (finding.failed_rule.empty()) {
      for (const PathStep& step : finding.path) {
        if (const auto* name = std::get_if<std::string>(&step)) finding.failed_option.push_back(*name);
      }
    }
  }
  return finding;
}

absl::Status ReadFindings(const json& answer, const char* key, std::vector<Finding>& findings) {
  auto const found = answer.find(key);
  if (found == answer.end() || !found->is_array()) return Unexpected(Cat({"`", key, "` is no list"}));
  for (const json& object : *found) {
    ASSIGN_OR_RETURN(Finding finding, ReadFinding(object));
    findings.push_back(std::move(finding));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Verdict> ReadVerdict(std::string_view json_text) {
  json const answer = json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object()) return Unexpected("no set was found");
  Verdict verdict;
  RETURN_IF_ERROR(ReadFindings(answer, "errors", verdict.errors));
  RETURN_IF_ERROR(ReadFindings(answer, "warnings", verdict.warnings));
  RETURN_IF_ERROR(ReadFindings(answer, "environment", verdict.environment_errors));
  auto const defaults = answer.find("defaults");
  if (defaults == answer.end() || !defaults->is_array()) return Unexpected("`defaults` is no list");
  for (const json& object : *defaults) {
    if (!object.is_object() || !object.contains("value")) return Unexpected("a default has no value");
    ASSIGN_OR_RETURN(std::vector<PathStep> path, ReadPath(object));
    verdict.defaults.push_back(
        {std::move(path), object["value"].dump(-1, ' ', false, json::error_handler_t::replace)});
  }
  return verdict;
}

std::string PlaceOf(const Finding& finding) {
  if (finding.file.empty() || finding.line == 0) return finding.file;
  return Cat({finding.file, ":", std::to_string(finding.line)});
}

}  // namespace fediversity::nix
