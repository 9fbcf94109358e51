#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_ACCESS_CHECK_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_ACCESS_CHECK_H_

#include "absl/status/status.h"
#include "provider/backends/dns/dns_server.h"

// Whether a server and a key fit a zone, each right by itself. Nothing is changed.
namespace fediversity::dns {

// The zone answers a (signed) query for its SOA record.
absl::Status CheckQuery(DnsServer& server, const Name& zone, const CallLimits& limits);

// Updates are allowed. First a check without changes; then, since BIND's update-policy lets that pass for
// everybody, the deletion of a record set that is not there, which leaves zone and serial as they are.
absl::Status CheckUpdate(DnsServer& server, const Name& zone, const CallLimits& limits);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_ACCESS_CHECK_H_
