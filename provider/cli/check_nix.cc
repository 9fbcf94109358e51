#include "provider/cli/check_nix.h"

#include <string>

#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "provider/cli/check_finding.h"

namespace fediversity::cli {
namespace {

// Flakes may have to be fetched.
constexpr absl::Duration kLongestEvaluation = absl::Minutes(5);

std::string TextOf(const nix::Finding& mistake) {
  std::string const place = nix::PlaceOf(mistake);
  return place.empty() ? mistake.message : Cat({place, ": ", mistake.message});
}

}  // namespace

bool CheckNix(nix::ResourceRules& rules, const Surroundings& surroundings) {
  CallLimits const limits{surroundings.cancel, absl::Now() + kLongestEvaluation};
  std::ostream& out = surroundings.out;
  out << "nix\n";
  auto const version = rules.evaluator().Version(limits);
  if (!version.ok()) {
    PrintFinding(out, Verdict::kFailed, "evaluate", ToStd(version.status().message()));
    return false;
  }
  PrintFinding(out, Verdict::kOk, Cat({"evaluate (Nix ", *version, ")"}));
  auto const mistakes = rules.CheckEnvironment(limits);
  if (!mistakes.ok()) {
    PrintFinding(out, Verdict::kFailed, "read the environment", ToStd(mistakes.status().message()));
    return false;
  }
  for (const nix::Finding& mistake : *mistakes) {
    PrintFinding(out, Verdict::kFailed, "use the environment", TextOf(mistake));
  }
  if (mistakes->empty()) PrintFinding(out, Verdict::kOk, "use the environment");
  auto const notices = rules.Notices(limits);
  if (!notices.ok()) {
    PrintFinding(out, Verdict::kFailed, "read the environment", ToStd(notices.status().message()));
    return false;
  }
  for (const std::string& notice : *notices) {
    PrintFinding(out, Verdict::kAbsent, "the same plan on every machine", notice);
  }
  return mistakes->empty();
}

}  // namespace fediversity::cli
