#include "provider/cli/import_dns.h"

#include "absl/time/clock.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::cli {

absl::StatusOr<std::vector<Found>> FindRecordSets(const Options& options, const Surroundings& surroundings) {
  std::string const zone = options.Get("zone").value_or("");
  ASSIGN_OR_RETURN(auto const store, surroundings.backends.dns.Get());
  ASSIGN_OR_RETURN(dns::Name const origin, dns::Name::ParseAbsolute(zone));
  ASSIGN_OR_RETURN(auto const sets, store->ListZone(origin, {.cancel = surroundings.cancel,
                                                             .deadline = absl::Now() + absl::Minutes(5)}));
  std::vector<Found> found;
  for (const dns::RecordSet& set : sets) {
    if (!dns::CheckManageable(set.key.type).ok()) continue;
    std::string const name = set.key.name.ToTextWithin(origin);
    std::string const type = dns::RecordTypeName(set.key.type);
    wire::Value identity = wire::Value::Map({{"zone", wire::Value::String(origin.ToPlainText())},
                                             {"name", wire::Value::String(name)},
                                             {"type", wire::Value::String(type)}});
    found.push_back({.type_name = "fediversity_dns_record_set",
                     .name = Cat({name == "@" ? "apex" : name, "_", type}),
                     .title = Cat({type, " records of ", set.key.name.ToPlainText()}),
                     .identity = std::move(identity)});
  }
  return found;
}

}  // namespace fediversity::cli
