#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_VERDICT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace fediversity::nix {

// A name of an attribute or key, or the index of a list element.
using PathStep = std::variant<std::string, std::int64_t>;

struct Finding {
  std::vector<PathStep> path;  // in the configuration; empty: all of it
  std::string message;         // whole sentences
  std::string file;            // where the rule stands, as its author knows the file; empty where not known
  int line = 0;
  // The rule that could not be evaluated at all, such as "rules.dns_record_set.naming"; else empty.
  std::string failed_rule;
  // The option of the environment that could not be evaluated; else empty.
  std::vector<std::string> failed_option;
};

struct DefaultValue {
  std::vector<PathStep> path;
  std::string json;
};

// What the rules say of one configuration.
struct Verdict {
  std::vector<DefaultValue> defaults;  // what the environment adds where nothing was said
  std::vector<Finding> errors;
  std::vector<Finding> warnings;
  // Mistakes in the environment itself: then nothing was judged. The paths are those of its options.
  std::vector<Finding> environment_errors;

  bool ok() const { return errors.empty() && environment_errors.empty(); }
};

// Reads what nix/evaluate.nix gives. Internal for anything else.
absl::StatusOr<Verdict> ReadVerdict(std::string_view json);

// "environment.nix:12", "environment.nix", or nothing.
std::string PlaceOf(const Finding& finding);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_VERDICT_H_
