#include "provider/schema/diagnostics.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/cord.h"
#include "nlohmann/json.hpp"
#include "provider/base/text.h"

namespace fediversity::schema {
namespace {

// Key of the status payload that holds a path: a JSON list with {"a":name}, {"k":key} or {"i":index} for
// each step.
constexpr absl::string_view kPathPayload = "fediversity/attribute";

nlohmann::json StepToJson(const wire::Path::Step& step) {
  if (const auto* attribute = std::get_if<wire::Path::Attribute>(&step)) return {{"a", attribute->name}};
  if (const auto* key = std::get_if<wire::Path::Key>(&step)) return {{"k", key->key}};
  if (const auto* index = std::get_if<wire::Path::Index>(&step)) return {{"i", index->index}};
  return {};
}

}  // namespace

void Diagnostics::AddError(std::string_view summary, std::string_view detail, wire::Path path) {
  list_.push_back({Diagnostic::Severity::kError, std::string(summary), std::string(detail), std::move(path)});
}

void Diagnostics::AddWarning(std::string_view summary, std::string_view detail, wire::Path path) {
  list_.push_back(
      {Diagnostic::Severity::kWarning, std::string(summary), std::string(detail), std::move(path)});
}

void Diagnostics::AddStatus(const absl::Status& status, Diagnostic::Severity severity) {
  if (status.ok()) return;
  std::string_view const message = ToStd(status.message());
  std::size_t const line_end = message.find('\n');
  std::string_view const summary = message.substr(0, line_end);
  std::string_view const detail =
      line_end == std::string_view::npos ? std::string_view() : message.substr(line_end + 1);
  list_.push_back({severity, summary.empty() ? absl::StatusCodeToString(status.code()) : std::string(summary),
                   std::string(detail), AttributeOf(status)});
}

bool Diagnostics::has_errors() const {
  return std::ranges::any_of(
      list_, [](const Diagnostic& entry) { return entry.severity == Diagnostic::Severity::kError; });
}

absl::Status OnAttribute(absl::Status status, const wire::Path& path) {
  if (status.ok() || path.empty() || status.GetPayload(kPathPayload).has_value()) return status;
  nlohmann::json steps = nlohmann::json::array();
  for (const wire::Path::Step& step : path.steps()) {
    nlohmann::json encoded = StepToJson(step);
    if (encoded.is_null()) break;
    steps.push_back(std::move(encoded));
  }
  status.SetPayload(kPathPayload,
                    absl::Cord(steps.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
  return status;
}

absl::Status OnAttribute(absl::Status status, std::string_view attribute) {
  return OnAttribute(std::move(status), wire::Path(attribute));
}

wire::Path AttributeOf(const absl::Status& status) {
  wire::Path path;
  auto const payload = status.GetPayload(kPathPayload);
  if (!payload.has_value()) return path;
  auto const steps = nlohmann::json::parse(std::string(*payload), nullptr, /*allow_exceptions=*/false);
  if (!steps.is_array()) return path;
  for (const auto& step : steps) {
    if (auto it = step.find("a"); it != step.end()) path = path.Child(it->get_ref<const std::string&>());
    if (auto it = step.find("k"); it != step.end()) path = path.AtKey(it->get_ref<const std::string&>());
    if (auto it = step.find("i"); it != step.end()) path = path.AtIndex(it->get<std::int64_t>());
  }
  return path;
}

}  // namespace fediversity::schema
