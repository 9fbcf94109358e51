#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_SECONDARY_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_SECONDARY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "provider/backends/dns/dns_server.h"

namespace fediversity::dns {

// Waits until the server that zones are transferred from has what the primary has, by SOA serial: a zone that
// lags behind would look as if our own last changes were undone. OK at once where the primary does not tell
// its serial. Unavailable after `patience`.
absl::Status AwaitSecondary(DnsServer& primary, DnsServer& secondary, const Name& zone,
                            absl::Duration patience, const CallLimits& limits);

// Serial number arithmetic (RFC 1982): whether `a` comes before `b`.
bool SerialBefore(std::uint32_t a, std::uint32_t b);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_SECONDARY_H_
