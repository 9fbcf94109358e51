#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ENCODE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ENCODE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "provider/backends/garage/bucket.h"
#include "provider/backends/garage/key.h"
#include "provider/backends/garage/permissions.h"

namespace fediversity::garage {

// Bodies of requests, as the admin API takes them: absent is "unchanged", but within quotas it is "none".
nlohmann::json Encode(const BucketChange& change);
nlohmann::json Encode(const KeyChange& change);
// Only what is true acts.
nlohmann::json Encode(const Permissions& permissions);
// RFC 3339 in UTC, with milliseconds as the service keeps them.
std::string Encode(absl::Time time);

// What of a change the answer does not hold, by the names of the service: {"corsRules"}. Servers pass over fields that
// they do not know.
std::vector<std::string> Missing(const BucketChange& change, const Bucket& answered);
std::vector<std::string> Missing(const KeyChange& change, const Key& answered);

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ENCODE_H_
