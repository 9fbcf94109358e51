#ifndef FEDIVERSITY_PROVIDER_SCHEMA_DIAGNOSTICS_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_DIAGNOSTICS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "provider/wire/path.h"

namespace fediversity::schema {

// One message for the user. With a path the host underlines that attribute's line; without one it blames the
// whole block.
struct Diagnostic {
  enum class Severity : std::uint8_t { kError, kWarning };

  Severity severity = Severity::kError;
  std::string summary;
  std::string detail;
  wire::Path path;
};

class Diagnostics {
 public:
  void AddError(std::string_view summary, std::string_view detail, wire::Path path = {});
  void AddWarning(std::string_view summary, std::string_view detail, wire::Path path = {});
  // The first line of the status's message is the summary, the rest the detail; the path is the one that
  // OnAttribute() put there. An OK status adds nothing.
  void AddStatus(const absl::Status& status, Diagnostic::Severity severity = Diagnostic::Severity::kError);

  bool has_errors() const;
  bool empty() const { return list_.empty(); }
  const std::vector<Diagnostic>& list() const { return list_; }

 private:
  std::vector<Diagnostic> list_;
};

// `status` with the attribute at fault attached; an OK status, or one that names an attribute already, stays
// as it is. The path must not cross a set.
absl::Status OnAttribute(absl::Status status, const wire::Path& path);
absl::Status OnAttribute(absl::Status status, std::string_view attribute);

// The path that OnAttribute() attached; empty where there is none.
wire::Path AttributeOf(const absl::Status& status);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_DIAGNOSTICS_H_
