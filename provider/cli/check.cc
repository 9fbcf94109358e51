#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "provider/cli/commands.h"
#include "provider/cli/configure.h"
#include "provider/cli/options.h"

namespace fediversity::cli {
namespace {

constexpr absl::Duration kLongest = absl::Minutes(1);

// A status message as indented lines below a finding.
std::string Indented(std::string_view message) {
  std::string text = "        ";
  for (char const c : message) {
    text += c;
    if (c == '\n') text += "        ";
  }
  return text + "\n";
}

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
       store.CheckAccess(*name, {.cancel = surroundings.cancel, .deadline = absl::Now() + kLongest})) {
    std::string_view const verdict = finding.status.ok() ? "ok     " : finding.needed ? "FAILED " : "absent ";
    surroundings.out << "    " << verdict << finding.right << "\n";
    if (!finding.status.ok()) surroundings.out << Indented(ToStd(finding.status.message()));
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
  auto const store = surroundings.backends.dns.Get();
  if (!store.ok()) {
    surroundings.err << store.status().message() << "\n";
    return 1;
  }
  std::vector<std::string> const zones = options->All("zone");
  if (zones.empty()) {
    return Misused(
        absl::InvalidArgumentError("Rights on a name server are those on a zone, so --zone is needed"),
        surroundings.err);
  }
  bool good = true;
  for (const std::string& zone : zones) good = CheckZone(**store, zone, surroundings) && good;
  return good ? 0 : 1;
}

}  // namespace fediversity::cli
