#include "provider/backends/dns/direct_read.h"

#include "provider/backends/dns/diagnosis.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

std::string WhyHidden(const Sighting& sighting) {
  if (sighting.delegation.has_value()) {
    return Cat({"The server refers queries for it to the servers of the delegation ",
                sighting.delegation->ToPlainText(), "."});
  }
  if (sighting.redirection.has_value()) {
    return Cat(
        {"The DNAME record at ", sighting.redirection->ToPlainText(), " stands for every name below it."});
  }
  return "The server answers queries for it with something else.";
}

}  // namespace

absl::StatusOr<RecordSet> ReadDirectly(DnsServer& server, const RecordSetKey& key, const std::string& what,
                                       const CallLimits& limits) {
  constexpr int kTries = 3;  // the set may change between the two looks at it
  Attempted const attempted{Purpose::kQuery, what, key.zone, server.connection()};
  for (int i = 0; i < kTries; ++i) {
    UpdateMessage absent(key.zone);
    absent.RequireAbsent(key.name, key.type);
    SightingAndCheck const first = server.LookAndCheck(key, absent, what, limits);
    RETURN_IF_ERROR(first.check.status());
    if (first.check->rcode == Rcode::kNoError) {
      return Failure(absl::StatusCode::kNotFound, attempted,
                     Cat({"record set ", Describe(key), " does not exist"}),
                     "The server confirms that the zone has none.");
    }
    RETURN_IF_ERROR(first.sighting.status());
    if (!first.sighting->set.has_value()) {
      return Failure(
          absl::StatusCode::kFailedPrecondition, attempted,
          Cat({what, ": it exists, but its values are hidden"}),
          Cat({WhyHidden(*first.sighting), " Allow this key to transfer the zone, which shows all of it."}));
    }
    UpdateMessage exact(key.zone);
    exact.RequireExact(*first.sighting->set);
    ASSIGN_OR_RETURN(UpdateAnswer const confirmed, server.Update(key.zone, exact, what, limits));
    if (confirmed.rcode == Rcode::kNoError) return *first.sighting->set;
  }
  return Failure(
      absl::StatusCode::kUnavailable, attempted, Cat({what, ": the values do not stand still"}),
      "What queries show is not what the zone holds: it is changing all the time, or the server shows "
      "queriers another view of the zone. Try again, or allow this key to transfer the zone.");
}

}  // namespace fediversity::dns
