#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_DNS_SERVER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_DNS_SERVER_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/dns/connection.h"
#include "provider/backends/dns/message.h"
#include "provider/backends/dns/record_set.h"
#include "provider/backends/dns/update_message.h"

namespace fediversity::dns {

// How a server answered an update or a check of requirements; only codes that RFC 2136 gives a meaning get
// here: NOERROR, YXDOMAIN, YXRRSET, NXRRSET.
struct UpdateAnswer {
  Rcode rcode = Rcode::kNoError;
  bool repeated = false;  // sent twice, so that a failed requirement may be our own doing
};

// What a query shows of one record set. Wildcards, aliases and delegations bend it, so that it is a clue that
// a requirement has to confirm.
struct Sighting {
  std::optional<RecordSet> set;     // records of this very name and type, from any section
  std::optional<Name> delegation;   // the zone cut at or above the name that the server refers to
  std::optional<Name> redirection;  // owner of a DNAME above the name
  std::optional<Name> alias;        // target, where the name is a CNAME
};

struct SightingAndCheck {
  absl::StatusOr<Sighting> sighting;
  absl::StatusOr<UpdateAnswer> check;
};

// The requests of this backend to one authoritative server, each in one round trip. `what` opens the error
// texts: "creating www.example.org A". Safe for concurrent use.
class DnsServer {
 public:
  // `connection` outlives this.
  explicit DnsServer(Connection& connection) : connection_(connection) {}

  Connection& connection() { return connection_; }

  absl::StatusOr<Message> Query(const Name& zone, const Name& name, RecordType type, const std::string& what,
                                const CallLimits& limits);
  absl::StatusOr<Sighting> Look(const RecordSetKey& key, const std::string& what, const CallLimits& limits);

  // Sends an update, or with requirements alone a check that changes nothing.
  absl::StatusOr<UpdateAnswer> Update(const Name& zone, const UpdateMessage& update, const std::string& what,
                                      const CallLimits& limits);

  // Both at once.
  SightingAndCheck LookAndCheck(const RecordSetKey& key, const UpdateMessage& check, const std::string& what,
                                const CallLimits& limits);

 private:
  Connection& connection_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_DNS_SERVER_H_
