#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_STORE_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_STORE_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fediversity::emulators::garage {

using Json = nlohmann::json;

// The versions that differ for a client: 1.x knows nothing of the API v2; 2.0 to 2.2 drop the rules of a bucket; 2.5
// lists buckets and keys with all that is known of them.
enum class Version { kOneThree, kTwoOne, kTwoFive };

struct Permissions {
  bool read = false;
  bool write = false;
  bool owner = false;

  bool Any() const { return read || write || owner; }
};

struct Website {
  std::string index;
  std::optional<std::string> error;
  Json rules = Json::array();
};

// An upload in parts that has not ended.
struct Upload {
  std::string key;
  std::int64_t started = 0;
  std::map<int, std::string> parts;
};

struct Bucket {
  std::string id;
  std::int64_t created = 0;  // milliseconds since 1970, as all times here
  // What the bucket itself says. After a race between two nodes this may name an alias that leads to another bucket.
  std::set<std::string> aliases;
  std::optional<Website> website;
  Json cors_rules = Json::array();
  Json lifecycle_rules = Json::array();
  std::optional<std::uint64_t> max_size;
  std::optional<std::uint64_t> max_objects;
  std::map<std::string, Permissions> grants;  // by id of the key
  std::map<std::string, std::string> objects;
  std::map<std::string, Upload> uploads;

  std::uint64_t Bytes() const;
};

struct Key {
  std::string id;
  std::string secret;
  std::int64_t created = 0;
  std::string name;
  std::optional<std::int64_t> expiration = {};
  bool create_bucket = false;
  // Ids of buckets by the key's own names for them; "" where a name was taken away, which CreateBucket minds.
  std::map<std::string, std::string> aliases = {};

  // The names that lead to a bucket.
  std::vector<std::string> AliasesOf(const std::string& bucket) const;
};

struct Token {
  std::string id;
  std::string secret;  // with the id before it: "id.secret"
  std::int64_t created = 0;
  std::string name;
  std::optional<std::int64_t> expiration = {};
  std::vector<std::string> scope = {"*"};
};

// What a cluster of one node holds. Not thread-safe.
class Store {
 public:
  struct Settings {
    Version version = Version::kTwoFive;
    std::string region = "garage";
    std::uint64_t seed = 1;  // of everything that is made up, and of the order of lists without one
  };

  explicit Store(Settings chosen);

  Bucket& MakeBucket();
  // With its aliases and all that keys had on it.
  void DropBucket(const std::string& id);
  Key& MakeKey(std::string id, std::string secret, std::string name);
  void DropKey(const std::string& id);

  Bucket* FindBucket(const std::string& id);
  // By a name that leads there for everybody.
  Bucket* FindByAlias(const std::string& alias);
  Key* FindKey(const std::string& id);
  // Whether the bucket has a name besides this one, which belongs to `key` or, where that is "", to everybody.
  bool HasOtherAlias(const Bucket& bucket, const std::string& alias, const std::string& key) const;
  // The keys that may do something with the bucket or have a name for it; in another order with each call.
  std::vector<const Key*> KeysOf(const Bucket& bucket);
  // The same, seen from the key.
  std::vector<const Bucket*> BucketsOf(const Key& key);
  // As two nodes that did not hear of each other leave it: both buckets claim the alias, and it leads to `winner`.
  void GiveAlias(const std::string& alias, const std::string& winner);

  std::string Hex(std::size_t bytes);
  std::int64_t Now() const;
  void Advance(std::int64_t milliseconds) { advanced_ += milliseconds; }
  // A time before 1970 never comes: it is taken as one after all others.
  bool IsOver(const std::optional<std::int64_t>& expiration) const;

  // Whether a key that only has a name for the bucket stands in its list.
  bool shows_names_without_grants() const { return settings.version == Version::kTwoFive; }
  bool keeps_rules() const { return settings.version == Version::kTwoFive; }

  Settings settings;
  std::string node_id;
  std::map<std::string, Bucket> buckets;
  std::map<std::string, std::string> aliases;  // ids of buckets
  std::map<std::string, Key> keys;
  std::set<std::string> dropped_keys;  // their ids are never given again
  std::map<std::string, Token> tokens;
  std::string config_token;
  bool has_quorum = true;

 private:
  std::mt19937_64 random_;
  std::int64_t advanced_ = 0;
};

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_STORE_H_
