#ifndef FEDIVERSITY_PROVIDER_CLI_CHECK_FINDING_H_
#define FEDIVERSITY_PROVIDER_CLI_CHECK_FINDING_H_

#include <ostream>
#include <string_view>

#include "absl/time/time.h"

namespace fediversity::cli {

// How long `check` may take for one service.
inline constexpr absl::Duration kLongestCheck = absl::Minutes(1);

// What `check` says of one right.
enum class Verdict {
  kOk,
  kAbsent,  // can be done without
  kFailed,
};

// One line, and `detail` indented below it where there is one.
inline void PrintFinding(std::ostream& out, Verdict verdict, std::string_view right,
                         std::string_view detail = {}) {
  out << "    "
      << (verdict == Verdict::kOk       ? "ok     "
          : verdict == Verdict::kAbsent ? "absent "
                                        : "FAILED ")
      << right << "\n";
  if (detail.empty()) return;
  out << "        ";
  for (char const c : detail) {
    out << c;
    if (c == '\n') out << "        ";
  }
  out << "\n";
}

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_CHECK_FINDING_H_
