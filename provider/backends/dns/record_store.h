#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_STORE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/dns/record_set.h"
#include "provider/base/call_limits.h"

namespace fediversity::dns {

// What one credential may do, for people who set a provider up.
struct AccessFinding {
  std::string right;    // "query", "transfer" or "update"
  bool needed = true;   // false where there is another way (reading without a transfer)
  absl::Status status;  // OK, or why not, with the way out
};

// Record sets in zones, whatever carries them: RFC 2136 update, an HTTP API. Sets are addressed and compared
// as DNS does; nothing here knows how a tool stores or shows them.
//
// Safe for concurrent use. No method connects before it is called, and Read, ListZone and CheckAccess change
// nothing on the server. A call ends soon after `limits` are reached; a write that is cut short may have
// happened.
//
// Status codes:
//   NotFound            the set is definitely absent. Never answered for a refusal, a time-out or a doubt.
//   AlreadyExists       Create: the set is there; the message says with what.
//   Aborted             Replace, Delete: it is no longer what was expected; the message says what it is now.
//   FailedPrecondition  the zone cannot hold it: CNAME beside data, DS without delegation, occluded name,
//   last NS. InvalidArgument     never possible: name outside the zone, SOA, CNAME at the apex, too large a
//   message. Unauthenticated     key, secret or clock: the two sides do not agree on a signature.
//   PermissionDenied    the key is good but may not do this.
//   Unavailable         not reachable, connection lost, server failure; for a write: whether it happened is
//   unknown. DeadlineExceeded, Cancelled    by `limits`.
// The first line of a message is a summary; the lines after it name server, zone, response code, cause and
// remedy.
class RecordStore {
 public:
  virtual ~RecordStore() = default;

  // The server and the key, by which notes (provider/base/journal.h) tell stores apart: one server may show each key
  // another zone of the same name.
  virtual const std::string& service() const = 0;

  // The set as the zone holds it, wildcards and delegations not applied.
  virtual absl::StatusOr<RecordSet> Read(const RecordSetKey& key, const CallLimits& limits) = 0;

  // Every set of the zone without the signing types (IsSigningType), in name order.
  virtual absl::StatusOr<std::vector<RecordSet>> ListZone(const Name& zone, const CallLimits& limits) = 0;

  // Each write answers what the server holds afterwards, read back.
  // Creates a set that must not exist yet.
  virtual absl::StatusOr<RecordSet> Create(const RecordSet& wish, const CallLimits& limits) = 0;
  // Changes the set in one step, values and TTL, if its values still are those of `expected` (its TTL is not
  // compared). `expected` and `wish` have the same key.
  virtual absl::StatusOr<RecordSet> Replace(const RecordSet& expected, const RecordSet& wish,
                                            const CallLimits& limits) = 0;
  // Deletes the set if its values still are those of `expected`.
  virtual absl::Status Delete(const RecordSet& expected, const CallLimits& limits) = 0;

  // Tries what is needed to manage the zone, one finding for each right, without changing anything.
  virtual std::vector<AccessFinding> CheckAccess(const Name& zone, const CallLimits& limits) = 0;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_STORE_H_
