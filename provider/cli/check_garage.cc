#include "provider/cli/check_garage.h"

#include "absl/time/clock.h"
#include "provider/backends/garage/access_check.h"
#include "provider/base/text.h"
#include "provider/cli/check_finding.h"

namespace fediversity::cli {
namespace {

// The version, where the token may ask for it.
std::string Login(garage::Api& api, const CallLimits& limits) {
  auto const version = api.ReadVersion(limits);
  return version.ok() ? Cat({"log in (Garage ", *version, ")"}) : std::string("log in");
}

std::string Lacking(const garage::AccessFinding& finding) {
  return Cat({"The token's scope lacks ", Join(finding.missing, ", "), ".",
              finding.without.empty() ? "" : "\n", finding.without});
}

}  // namespace

bool CheckGarage(garage::Api& api, const Surroundings& surroundings) {
  CallLimits const limits{surroundings.cancel, absl::Now() + kLongestCheck};
  std::ostream& out = surroundings.out;
  out << "garage\n";
  auto const token = api.ReadToken(limits);
  if (absl::IsUnimplemented(token.status())) {
    // Garage 2.0 does not tell, and 1.x knows no such calls at all.
    auto const health = api.ReadHealth(limits);
    PrintFinding(out, health.ok() ? Verdict::kOk : Verdict::kFailed, Login(api, limits),
                 health.ok() ? "Garage before 2.1 does not tell what a token may do."
                             : ToStd(health.status().message()));
    return health.ok();
  }
  if (!token.ok()) {
    PrintFinding(out, Verdict::kFailed, "log in", ToStd(token.status().message()));
    return false;
  }
  PrintFinding(out, Verdict::kOk, Login(api, limits));
  bool good = true;
  for (const garage::AccessFinding& finding : garage::CheckAccess(*token)) {
    if (finding.ok()) {
      PrintFinding(out, Verdict::kOk, finding.work);
      continue;
    }
    PrintFinding(out, finding.needed ? Verdict::kFailed : Verdict::kAbsent, finding.work, Lacking(finding));
    good = good && !finding.needed;
  }
  return good;
}

}  // namespace fediversity::cli
