#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "provider/cli/check_finding.h"
#include "provider/cli/check_garage.h"
#include "provider/cli/check_nix.h"
#include "provider/cli/check_proxmox.h"
#include "provider/cli/commands.h"
#include "provider/cli/configure.h"
#include "provider/cli/options.h"

namespace fediversity::cli {
namespace {

// Prints what `zone` allows; answers whether everything needed is there.
bool CheckZone(dns::RecordStore& store, const std::string& zone, const Surroundings& surroundings) {
  auto const name = dns::Name::ParseAbsolute(zone);
  if (!name.ok()) {
    surroundings.err << zone << ": " << name.status().message() << "\n";
    return false;
  }
  bool good = true;
  surroundings.out << "dns " << name->ToText() << "\n";
  for (const dns::AccessFinding& finding :
       store.CheckAccess(*name, {.cancel = surroundings.cancel, .deadline = absl::Now() + kLongestCheck})) {
    Verdict const verdict = finding.status.ok() ? Verdict::kOk
                            : finding.needed    ? Verdict::kFailed
                                                : Verdict::kAbsent;
    PrintFinding(surroundings.out, verdict, finding.right, ToStd(finding.status.message()));
    good = good && (finding.status.ok() || !finding.needed);
  }
  return good;
}

}  // namespace

int Check(const Arguments& arguments, const Surroundings& surroundings) {
  auto const options = Options::Parse(arguments, {"config", "zone"});
  if (!options.ok()) return Misused(options.status(), surroundings.err);
  if (absl::Status const words = options->ExpectNoWords(); !words.ok())
    return Misused(words, surroundings.err);
  if (absl::Status const ready = Configure(options->Get("config"), surroundings); !ready.ok()) {
    surroundings.err << ready.message() << "\n";
    return 1;
  }
  std::vector<std::string> const zones = options->All("zone");
  auto const proxmox = surroundings.backends.proxmox.Get();
  auto const garage = surroundings.backends.garage.Get();
  auto const store = surroundings.backends.dns.Get();
  bool const others = proxmox.ok() || garage.ok();
  if (!store.ok() && (!others || !zones.empty())) {
    if (!others) surroundings.err << proxmox.status().message() << "\n" << garage.status().message() << "\n";
    surroundings.err << store.status().message() << "\n";
    return 1;
  }
  if (store.ok() && zones.empty() && !others) {
    return Misused(
        absl::InvalidArgumentError("Rights on a name server are those on a zone, so --zone is needed"),
        surroundings.err);
  }
  bool good = !proxmox.ok() || CheckProxmox(**proxmox, surroundings);
  if (garage.ok()) good = CheckGarage(**garage, surroundings) && good;
  for (const std::string& zone : zones) good = CheckZone(**store, zone, surroundings) && good;
  if (store.ok() && zones.empty()) {
    surroundings.out
        << "dns\n    not checked: rights on a name server are those on a zone, which --zone names\n";
  }
  if (auto const rules = surroundings.backends.nix.Get(); rules.ok()) {
    good = CheckNix(**rules, surroundings) && good;
  }
  return good ? 0 : 1;
}

}  // namespace fediversity::cli
