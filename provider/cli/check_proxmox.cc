#include "provider/cli/check_proxmox.h"

#include "absl/time/clock.h"
#include "provider/backends/proxmox/access_check.h"
#include "provider/base/text.h"
#include "provider/cli/check_finding.h"

namespace fediversity::cli {
namespace {

// Where a right holds only for a part: "read VMs (on /pool/tenants)".
std::string Named(const proxmox::AccessFinding& finding) {
  if (finding.only_on.empty()) return finding.work;
  return Cat({finding.work, " (on ", Join(finding.only_on, ", "), ")"});
}

}  // namespace

bool CheckProxmox(proxmox::Api& api, const Surroundings& surroundings) {
  CallLimits const limits{surroundings.cancel, absl::Now() + kLongestCheck};
  std::ostream& out = surroundings.out;
  out << "proxmox\n";
  auto const version = api.ReadVersion(limits);
  if (!version.ok()) {
    PrintFinding(out, Verdict::kFailed, "log in", ToStd(version.status().message()));
    return false;
  }
  PrintFinding(out, Verdict::kOk, Cat({"log in (Proxmox VE ", version->version, ")"}));
  auto const permissions = api.ReadPermissions(limits);
  if (!permissions.ok()) {
    PrintFinding(out, Verdict::kFailed, "read privileges", ToStd(permissions.status().message()));
    return false;
  }
  bool good = true;
  for (const proxmox::AccessFinding& finding : proxmox::CheckAccess(*permissions)) {
    if (finding.ok()) {
      PrintFinding(out, Verdict::kOk, Named(finding));
      continue;
    }
    PrintFinding(out, finding.needed ? Verdict::kFailed : Verdict::kAbsent, finding.work,
                 Cat({Join(finding.missing, ", "), " on ", finding.path,
                      finding.missing.size() == 1 ? " is" : " are", " missing"}));
    good = good && !finding.needed;
  }
  return good;
}

}  // namespace fediversity::cli
