#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_DIAGNOSIS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_DIAGNOSIS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "provider/backends/dns/connection.h"
#include "provider/backends/dns/message.h"
#include "provider/backends/dns/name.h"

// Turns what went wrong between us and a server into a status that a person can act on. REFUSED and NOTAUTH
// mean different things per server, so the texts tell what is known and what is likely.
namespace fediversity::dns {

// A check is an update with requirements alone, which changes nothing.
enum class Purpose { kQuery, kTransfer, kCheck, kUpdate };

// What was being done, for the texts.
struct Attempted {
  Purpose purpose = Purpose::kQuery;
  std::string what;  // "reading www.example.org A"
  Name zone;
  const Connection& connection;
};

// "Server ns1.example.org:53, zone example.org, key tofu (hmac-sha256)."
std::string Whereabouts(const Attempted& attempted);

// A status with `summary` as its first line, then where it happened, then `detail`.
absl::Status Failure(absl::StatusCode code, const Attempted& attempted, std::string_view summary,
                     std::string_view detail);

// For an outcome that is not OK: no connection, no answer, or a signature that does not hold.
absl::Status ExplainOutcome(const Attempted& attempted, const Connection::Outcome& outcome);

// For a verified answer with a response code that is not NOERROR and has no meaning of its own to the caller.
absl::Status ExplainRcode(const Attempted& attempted, Rcode rcode);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_DIAGNOSIS_H_
