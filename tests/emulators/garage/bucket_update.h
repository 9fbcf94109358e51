#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_BUCKET_UPDATE_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_BUCKET_UPDATE_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/emulators/garage/fields.h"

namespace fediversity::emulators::garage {

struct WebsiteChange {
  bool enabled = false;
  std::optional<std::string> index;
  std::optional<std::string> error;
  std::optional<std::vector<Json>> rules;
};

struct Quotas {
  std::optional<std::uint64_t> max_size;
  std::optional<std::uint64_t> max_objects;
};

// The body of UpdateBucket. What is left out stays as it is.
struct BucketChange {
  std::optional<WebsiteChange> website;
  std::optional<Quotas> quotas;
  std::optional<std::vector<Json>> cors_rules;
  std::optional<std::vector<Json>> lifecycle_rules;
};

// The rules are reduced to what Garage knows of them.
BucketChange ReadBucketChange(Fields& fields, std::string& error);

// Makes the change, without what the version does not know, or answers why not.
std::string ChangeBucket(Version version, const BucketChange& change, Bucket& bucket);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_BUCKET_UPDATE_H_
