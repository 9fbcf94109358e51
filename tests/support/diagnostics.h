#ifndef FEDIVERSITY_TESTS_SUPPORT_DIAGNOSTICS_H_
#define FEDIVERSITY_TESTS_SUPPORT_DIAGNOSTICS_H_

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "provider/schema/diagnostics.h"

namespace fediversity::schema {

inline void PrintTo(const Diagnostic& diagnostic, std::ostream* out) {
  *out << (diagnostic.severity == Diagnostic::Severity::kError ? "error" : "warning") << " ["
       << diagnostic.path.ToString() << "] " << diagnostic.summary << "\n"
       << diagnostic.detail;
}

}  // namespace fediversity::schema

namespace fediversity::testing {

// An error on the attribute `path` ("" for none) whose summary and detail hold the texts given.
MATCHER_P3(ErrorOn, path, summary, detail, "") {
  return arg.severity == schema::Diagnostic::Severity::kError && arg.path.ToString() == path &&
         arg.summary.find(summary) != std::string::npos && arg.detail.find(detail) != std::string::npos;
}

// The same for a warning.
MATCHER_P3(WarningOn, path, summary, detail, "") {
  return arg.severity == schema::Diagnostic::Severity::kWarning && arg.path.ToString() == path &&
         arg.summary.find(summary) != std::string::npos && arg.detail.find(detail) != std::string::npos;
}

// Whether `text` occurs in any of the messages.
inline bool Mentions(const std::vector<schema::Diagnostic>& diagnostics, std::string_view text) {
  for (const schema::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.summary.find(text) != std::string::npos) return true;
    if (diagnostic.detail.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_DIAGNOSTICS_H_
