#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_DIRECT_READ_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_DIRECT_READ_H_

#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/dns/dns_server.h"
#include "provider/backends/dns/record_set.h"

namespace fediversity::dns {

// Reads one record set without a transfer, in two round trips: a query shows values and TTL, requirements of
// updates without changes tell whether these are what the zone holds. So a wildcard is not taken for the set,
// nor a referral or an alias for its absence. Needs the right to send updates. NotFound: definitely absent.
// FailedPrecondition: it exists, but no query shows its values.
absl::StatusOr<RecordSet> ReadDirectly(DnsServer& server, const RecordSetKey& key, const std::string& what,
                                       const CallLimits& limits);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_DIRECT_READ_H_
