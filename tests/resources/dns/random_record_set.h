#ifndef FEDIVERSITY_TESTS_RESOURCES_DNS_RANDOM_RECORD_SET_H_
#define FEDIVERSITY_TESTS_RESOURCES_DNS_RANDOM_RECORD_SET_H_

#include <string>
#include <string_view>

#include "tests/resources/dns/record_set_config.h"
#include "tests/support/plan_oracle/random.h"

namespace fediversity::resources {

// Delegations that the zone of a test has to hold, as zone file text: DS records cannot be anywhere else.
std::string Delegations();

// A record set of `type` that BIND takes in the zone example.test, each part in one of the spellings that users
// have for it.
RecordSetHcl RandomRecordSet(oracle::Random& random, std::string_view type);

// Other records and another TTL, perhaps, for the same set; now and then it is spelled differently.
RecordSetHcl Changed(oracle::Random& random, RecordSetHcl hcl);

// One record of `type` in presentation form.
std::string RandomRecord(oracle::Random& random, std::string_view type);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_DNS_RANDOM_RECORD_SET_H_
