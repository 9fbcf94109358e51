#ifndef FEDIVERSITY_PROVIDER_SCHEMA_TEMPLATE_ID_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_TEMPLATE_ID_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace fediversity::schema {

// The form of an import id, such as "{zone}/{name}/{type}": attribute names in braces, and text between them.
class TemplateId {
 public:
  // Answers InvalidArgument for an unclosed brace, an empty name or two names with nothing between.
  static absl::StatusOr<TemplateId> Parse(std::string_view text);

  // The attribute names, in order.
  const std::vector<std::string>& names() const { return names_; }

  // Splits `id` into name and value pairs. Answers InvalidArgument where a part is missing or empty, and where
  // a separator stands in it more often than in the template, so that nobody imports something else than meant.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Split(std::string_view id) const;

 private:
  // Whether one of the texts between two names occurs in `part`.
  bool HasSeparator(std::string_view part) const;

  std::string text_;
  std::vector<std::string> names_;
  std::vector<std::string> literals_;  // one before each name, and one after the last
};

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_TEMPLATE_ID_H_
