#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_KEY_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_KEY_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/garage/permissions.h"
#include "provider/base/secret.h"

namespace fediversity::garage {

// A bucket on which a key has permissions, or for which it has names of its own.
struct KeyBucket {
  std::set<std::string> global_aliases;
  std::set<std::string> local_aliases;
  Permissions permissions;

  friend bool operator==(const KeyBucket&, const KeyBucket&) = default;
};

struct Key {
  std::string access_key_id;
  std::string name;  // need not be unique
  std::optional<absl::Time> created = {};
  std::optional<absl::Time> expiration = {};  // whole milliseconds; nullopt: never
  bool expired = false;
  bool create_bucket = false;                               // may create buckets by S3
  std::map<std::string, KeyBucket, std::less<>> buckets{};  // by id
};

// By access key id.
using Keys = std::map<std::string, Key, std::less<>>;

struct KeyCredentials {
  // GK and 24 hexadecimal digits; 2.3 and later take any 8 characters or more out of letters, digits, "-", "_", ".".
  std::string access_key_id;
  // 64 hexadecimal digits; 2.3 and later take any 16 graphic ASCII characters or more.
  Secret secret_access_key;

  friend bool operator==(const KeyCredentials&, const KeyCredentials&) = default;
};

// New ones, in the form that every version takes. Internal where the system has no random numbers.
absl::StatusOr<KeyCredentials> DrawKeyCredentials();

// What is to be different; a member that is nullopt leaves things as they are.
struct KeyChange {
  std::optional<std::string> name = {};
  std::optional<std::optional<absl::Time>> expiration = {};  // the inner nullopt: never. Cut to milliseconds
  std::optional<bool> create_bucket = {};
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_KEY_H_
