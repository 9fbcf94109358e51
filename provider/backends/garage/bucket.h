#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_BUCKET_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_BUCKET_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/garage/bucket_rules.h"
#include "provider/backends/garage/permissions.h"

namespace fediversity::garage {

// Most that a bucket may hold; nullopt for no limit. 0 lets nothing in.
struct Quotas {
  std::optional<std::uint64_t> max_size = {};  // bytes
  std::optional<std::uint64_t> max_objects = {};

  friend bool operator==(const Quotas&, const Quotas&) = default;
};

// A key that has permissions on a bucket, or names of its own for it.
struct BucketKey {
  std::string name;
  Permissions permissions;
  std::set<std::string> local_aliases;

  friend bool operator==(const BucketKey&, const BucketKey&) = default;
};

// Counters that follow what happens some time later: to be shown, never compared.
struct BucketUsage {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unfinished_uploads = 0;
  std::uint64_t unfinished_multipart_uploads = 0;
  std::uint64_t unfinished_multipart_upload_parts = 0;
  std::uint64_t unfinished_multipart_upload_bytes = 0;
};

struct Bucket {
  std::string id;  // 64 hexadecimal digits, lower case
  std::optional<absl::Time> created = {};
  // The names that it claims. After a race of two clients on two nodes, two buckets may claim one name, which leads
  // to one of them: only FindBucket() knows.
  std::set<std::string> global_aliases = {};
  std::optional<Website> website = {};  // nullopt: none is served
  Quotas quotas = {};
  std::vector<CorsRule> cors_rules = {};
  std::vector<LifecycleRule> lifecycle_rules = {};
  // By access key id. Servers 2.1 to 2.3 leave out keys that have local aliases and no permission.
  std::map<std::string, BucketKey, std::less<>> keys = {};
  BucketUsage usage = {};
};

// A global alias for a bucket in the making, "unfinished-" and 24 hexadecimal digits: nobody else has one like it.
// Internal where the system has no random numbers.
absl::StatusOr<std::string> DrawProvisionalAlias();

// By id.
using Buckets = std::map<std::string, Bucket, std::less<>>;

// What is to be different; a member that is nullopt leaves things as they are.
struct BucketChange {
  std::optional<std::optional<Website>> website = {};  // the inner nullopt ends the website
  std::optional<Quotas> quotas = {};                   // both of them
  std::optional<std::vector<CorsRule>> cors_rules = {};
  std::optional<std::vector<LifecycleRule>> lifecycle_rules = {};
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_BUCKET_H_
