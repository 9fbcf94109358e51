#ifndef FEDIVERSITY_RESOURCES_DNS_RECORD_SET_MODEL_H_
#define FEDIVERSITY_RESOURCES_DNS_RECORD_SET_MODEL_H_

// The table of fediversity_dns_record_set, and the way between its attributes, in the user's spelling, and
// the record sets of the DNS backend.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/dns/record_set.h"
#include "provider/schema/describe.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"

namespace fediversity::resources {

struct DnsRecordSet {
  schema::Value<std::string> zone;
  schema::Value<std::string> name;
  schema::Value<std::string> type;
  schema::Value<std::int64_t> ttl;
  schema::Value<schema::Set<std::string>> records;
  schema::Value<bool> adopt;
  schema::Value<std::string> fqdn;
  schema::Value<schema::Timeouts> timeouts;
};

constexpr schema::RuleSpec kTtl = {"must be 0 to 2147483647 seconds.", [](const wire::Value& value) {
                                     auto const ttl = value.number().ToInt64();
                                     return ttl.has_value() && *ttl >= 0 && *ttl <= 2147483647;
                                   }};
constexpr schema::RuleSpec kNotEmptySet = {
    "must have at least one record.", [](const wire::Value& value) { return !value.elements().empty(); }};

constexpr auto kDnsRecordSet = schema::Describe<DnsRecordSet>(
    {.name = "fediversity_dns_record_set",
     .doc =
         "All records of one type at one name of a DNS zone, changed by DNS UPDATE (RFC 2136). The set is changed as "
         "a whole and in one step, and only if the server still holds what was last read: what somebody else "
         "changed in the meantime is never overwritten.",
     .import_id = "{zone}/{name}/{type}",
     .identity = {"zone", "name", "type"}},
    schema::Attr<&DnsRecordSet::zone>("zone").Required().Replaces().Doc(
        "Zone that holds the set, such as `example.org`. International names may be written as such."),
    schema::Attr<&DnsRecordSet::name>("name").Required().Replaces().Doc(
        "Name of the records relative to the zone; `@` is the zone itself, and a trailing dot makes the name absolute."),
    schema::Attr<&DnsRecordSet::type>("type").Required().Replaces().Doc(
        "Type of the records, such as `A`, `MX`, `TXT`, `HTTPS`, or `TYPE65280` for any that has no name."),
    schema::Attr<&DnsRecordSet::ttl>("ttl").DefaultOnCreate(3600).Check(kTtl).Doc("Time to live in seconds."),
    schema::Attr<&DnsRecordSet::records>("records")
        .Required()
        .Check(kNotEmptySet)
        .Doc(
            "Data of each record as in a zone file, such as `203.0.113.9` or `10 mail`. Names without a trailing dot are "
            "relative to the zone. A `TXT` record may be written without quotes as one string. Spelling does not matter: "
            "what means the same to DNS is no change."),
    schema::Attr<&DnsRecordSet::adopt>("adopt").Default(false).Doc(
        "Whether creating may take over, and change, a set that exists already. Without it that is an error."),
    schema::Attr<&DnsRecordSet::fqdn>("fqdn").Computed().Doc(
        "Absolute name of the records, with the trailing dot and in ASCII."),
    schema::Attr<&DnsRecordSet::timeouts>("timeouts")
        .Optional()
        .Nested<schema::kTimeouts>()
        .Doc("How long each operation may take; two minutes where it is left out."));

// The key that the attributes name; they must be known. InvalidArgument on the attribute at fault.
absl::StatusOr<dns::RecordSetKey> KeyOf(const DnsRecordSet& model);

// The whole set; zone, name, type, ttl and records must be known. InvalidArgument on the attribute at fault.
absl::StatusOr<dns::RecordSet> RecordSetOf(const DnsRecordSet& model);

// `model` with TTL, records and fqdn as the server has them, in canonical spelling.
DnsRecordSet WithServerValues(DnsRecordSet model, const dns::RecordSet& set);

// Reports what is wrong with the attributes that are known already.
void ValidateRecordSet(const DnsRecordSet& config, schema::Diagnostics& diagnostics);

// Gives each attribute and record of `fresh` that means the same in `known` the spelling of `known`.
void KeepRecordSpelling(const DnsRecordSet& known, DnsRecordSet& fresh);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_DNS_RECORD_SET_MODEL_H_
