#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_SET_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_SET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/dns/name.h"
#include "provider/backends/dns/rdata.h"
#include "provider/backends/dns/record_type.h"

namespace fediversity::dns {

// Which record set: the RRset of `type` that `name` owns in `zone`.
struct RecordSetKey {
  Name zone;
  Name name;
  RecordType type = RecordType::kA;

  friend bool operator==(const RecordSetKey&, const RecordSetKey&) = default;
};

// All records of one type at one name (RFC 2181, 5). `records` is not empty, sorted and without duplicates;
// MakeRecordSet sees to that.
struct RecordSet {
  RecordSetKey key;
  std::uint32_t ttl = 0;  // seconds
  std::vector<Rdata> records;

  friend bool operator==(const RecordSet&, const RecordSet&) = default;
};

// Sorts and checks: at least one record, all of the key's type, no duplicate, TTL at most 2^31-1 (RFC 2181,
// 8), the name within the zone, one record for CNAME and DNAME, a type that CheckManageable accepts.
// InvalidArgument with the rule broken.
absl::StatusOr<RecordSet> MakeRecordSet(RecordSetKey key, std::uint32_t ttl, std::vector<Rdata> records);

// The set that a server showed: sorted, duplicates dropped, not checked.
RecordSet CollectRecordSet(RecordSetKey key, std::uint32_t ttl, std::vector<Rdata> records);

// The checks of MakeRecordSet that concern the key, and what can never be: CNAME or DS at the apex.
absl::Status CheckKey(const RecordSetKey& key);

// "www.example.org A", for messages.
std::string Describe(const RecordSetKey& key);
// "300 IN A 203.0.113.9; 203.0.113.10", cut short where it is long, for messages.
std::string Describe(const RecordSet& set);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_SET_H_
