#include "provider/cli/import_garage.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::cli {
namespace {

using garage::Bucket;
using garage::Key;
using wire::Value;

// As much of an id as tells buckets apart.
constexpr std::size_t kShort = 16;

std::string NameOf(const Bucket& bucket) {
  if (!bucket.global_aliases.empty()) return *bucket.global_aliases.begin();
  for (const auto& [unused, key] : bucket.keys) {
    if (!key.local_aliases.empty()) return *key.local_aliases.begin();
  }
  return Cat({"bucket_", bucket.id.substr(0, kShort)});
}

std::string NameOf(const std::string& access_key_id, const std::string& name) {
  return name.empty() ? access_key_id : name;
}

bool IsWanted(const Bucket& bucket, const std::vector<std::string>& globs) {
  return globs.empty() || std::ranges::any_of(bucket.global_aliases, [&globs](const std::string& alias) {
           return FitsOneOf(alias, globs);
         });
}

Found Describe(const Bucket& bucket) {
  std::string const name = NameOf(bucket);
  return {.type_name = "fediversity_garage_bucket",
          .name = name,
          .title = Cat({"Bucket ", bucket.id, " (", name, ")"}),
          .id = bucket.id};
}

Found Describe(const Key& key) {
  return {.type_name = "fediversity_garage_key",
          .name = NameOf(key.access_key_id, key.name),
          .title = Cat({"Key ", key.access_key_id, " (", key.name, ")"}),
          .id = key.access_key_id,
          .known = {{"store_secret", Value::Bool(false)}}};
}

// What a key may do with a bucket, and the names that it knows it by.
void AddBetween(const Bucket& bucket, const std::string& access_key_id, const garage::KeyBucket& access,
                const std::string& key_name, std::vector<Found>& found) {
  std::string const key = NameOf(access_key_id, key_name);
  if (access.permissions.any()) {
    found.push_back({.type_name = "fediversity_garage_bucket_access",
                     .name = Cat({NameOf(bucket), "_", key}),
                     .title = Cat({"Access of key ", access_key_id, " to bucket ", bucket.id}),
                     .id = Cat({bucket.id, "/", access_key_id})});
  }
  for (const std::string& alias : access.local_aliases) {
    found.push_back({.type_name = "fediversity_garage_local_alias",
                     .name = Cat({key, "_", alias}),
                     .title = Cat({"Name ", alias, " of key ", access_key_id, " for bucket ", bucket.id}),
                     .id = Cat({bucket.id, "/", access_key_id, "/", alias})});
  }
}

// Sets an attribute that says nothing to null.
void Drop(Value& object, std::string_view name, bool (*says_nothing)(const Value&)) {
  const Value* const value = object.Find(name);
  if (value != nullptr && says_nothing(*value)) object.Set(name, Value::Null());
}

bool HasNoElements(const Value& value) {
  return (value.kind() == Value::Kind::kList || value.kind() == Value::Kind::kSet) &&
         value.elements().empty();
}
bool HasNoAttributes(const Value& value) {
  return value.kind() == Value::Kind::kMap &&
         std::ranges::all_of(value.entries(), [](const auto& entry) { return entry.second.is_null(); });
}
bool IsDisabled(const Value& value) {
  const Value* const enabled = value.kind() == Value::Kind::kMap ? value.Find("enabled") : nullptr;
  return enabled != nullptr && *enabled == Value::Bool(false);
}
bool IsFalse(const Value& value) { return value == Value::Bool(false); }
bool IsNever(const Value& value) { return value == Value::String("never"); }
bool Always(const Value&) { return true; }

}  // namespace

absl::StatusOr<std::vector<Found>> FindGarage(const Options& options, const Surroundings& surroundings) {
  ASSIGN_OR_RETURN(auto const api, surroundings.backends.garage.Get());
  CallLimits const limits{.cancel = surroundings.cancel, .deadline = absl::Now() + kLongestListing};
  ASSIGN_OR_RETURN(auto const buckets, api->ListBuckets(limits));
  ASSIGN_OR_RETURN(auto const keys, api->ListKeys(limits));
  std::vector<std::string> const globs = options.All("alias");
  std::vector<Found> found_buckets, found_keys, between;
  for (const auto& [unused, bucket] : *buckets) {
    if (IsWanted(bucket, globs)) found_buckets.push_back(Describe(bucket));
  }
  for (const auto& [access_key_id, key] : *keys) {
    std::size_t const before = between.size();
    for (const auto& [id, access] : key.buckets) {
      auto const bucket = buckets->find(id);
      if (bucket == buckets->end() || !IsWanted(bucket->second, globs)) continue;
      AddBetween(bucket->second, access_key_id, access, key.name, between);
    }
    if (globs.empty() || between.size() > before) found_keys.push_back(Describe(key));
  }
  std::vector<Found> found = std::move(found_buckets);
  found.insert(found.end(), std::make_move_iterator(found_keys.begin()),
               std::make_move_iterator(found_keys.end()));
  found.insert(found.end(), std::make_move_iterator(between.begin()), std::make_move_iterator(between.end()));
  if (!found.empty()) return found;
  return absl::NotFoundError(
      Cat({"Nothing is left to import: the cluster has ", std::to_string(buckets->size()), " buckets and ",
           std::to_string(keys->size()), " keys, and the options leave none of them."}));
}

void LoosenGarage(Value& object) {
  Drop(object, "aliases", &HasNoElements);
  Drop(object, "website", &IsDisabled);
  Drop(object, "quotas", &HasNoAttributes);
  Drop(object, "cors_rules", &HasNoElements);
  Drop(object, "lifecycle_rules", &HasNoElements);
  Drop(object, "expiration", &IsNever);
  Drop(object, "create_bucket", &IsFalse);
  if (object.Find("store_secret") != nullptr) {  // a key
    Drop(object, "store_secret", &Always);
    Drop(object, "access_key_id", &Always);
  }
}

}  // namespace fediversity::cli
