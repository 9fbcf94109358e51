#include "provider/schema/template_id.h"

#include <cstddef>

#include "absl/status/status.h"
#include "provider/base/text.h"

namespace fediversity::schema {

absl::StatusOr<TemplateId> TemplateId::Parse(std::string_view text) {
  TemplateId id;
  id.text_ = text;
  while (true) {
    std::size_t const open = text.find('{');
    id.literals_.emplace_back(text.substr(0, open));
    if (open == std::string_view::npos) return id;
    std::size_t const close = text.find('}', open);
    if (close == std::string_view::npos || close == open + 1) {
      return absl::InvalidArgumentError(
          Cat({"Import id template \"", id.text_, "\" has an unclosed or empty name"}));
    }
    if (!id.names_.empty() && id.literals_.back().empty()) {
      return absl::InvalidArgumentError(
          Cat({"Import id template \"", id.text_, "\" has nothing between two names"}));
    }
    id.names_.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> TemplateId::Split(
    std::string_view id) const {
  auto misfit = [this, id] {
    constexpr std::string_view kWayOut =
        "Where a part itself contains the separator, import by identity instead: an import block with "
        "`identity = { ... }`.";
    return absl::InvalidArgumentError(
        Cat({"Import id not understood\n\"", id, "\" does not have the form \"", text_, "\". ", kWayOut}));
  };
  std::vector<std::pair<std::string, std::string>> parts;
  std::string_view rest = id;
  if (rest.substr(0, literals_.front().size()) != literals_.front()) return misfit();
  rest.remove_prefix(literals_.front().size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string& separator = literals_[i + 1];
    std::size_t const end = separator.empty() ? rest.size() : rest.find(separator);
    if (end == std::string_view::npos || end == 0 || HasSeparator(rest.substr(0, end))) return misfit();
    parts.emplace_back(names_[i], rest.substr(0, end));
    rest.remove_prefix(end + separator.size());
  }
  if (!rest.empty()) return misfit();
  return parts;
}

bool TemplateId::HasSeparator(std::string_view part) const {
  for (std::size_t i = 1; i < names_.size(); ++i) {
    if (part.find(literals_[i]) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace fediversity::schema
