#ifndef FEDIVERSITY_RESOURCES_DNS_HASHICORP_STATE_H_
#define FEDIVERSITY_RESOURCES_DNS_HASHICORP_STATE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "provider/schema/resource.h"
#include "resources/dns/record_set_model.h"

namespace fediversity::resources {

// Takes over the state of a record set or record resource of hashicorp/dns 3.x: dns_a_record_set,
// dns_aaaa_record_set, dns_cname_record, dns_mx_record_set, dns_ns_record_set, dns_ptr_record, dns_srv_record_set and
// dns_txt_record_set. nullopt for any other type or provider; InvalidArgument for a state without a zone or
// without records, or with one that cannot be read.
absl::StatusOr<std::optional<DnsRecordSet>> FromHashicorpDns(const schema::ForeignState& source);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_DNS_HASHICORP_STATE_H_
