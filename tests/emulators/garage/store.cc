#include "tests/emulators/garage/store.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

namespace fediversity::emulators::garage {
namespace {

constexpr std::size_t kBucketIdBytes = 32;

}  // namespace

std::uint64_t Bucket::Bytes() const {
  return std::accumulate(objects.begin(), objects.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& object) { return sum + object.second.size(); });
}

std::vector<std::string> Key::AliasesOf(const std::string& bucket) const {
  std::vector<std::string> names;
  for (const auto& [alias, target] : aliases) {
    if (target == bucket) names.push_back(alias);
  }
  return names;
}

Store::Store(Settings chosen) : settings(std::move(chosen)), random_(settings.seed) {
  constexpr std::size_t kTokenBytes = 32;
  node_id = Hex(kBucketIdBytes);
  config_token = Hex(kTokenBytes);
}

Bucket& Store::MakeBucket() {
  std::string const id = Hex(kBucketIdBytes);
  Bucket& bucket = buckets[id];
  bucket.id = id;
  bucket.created = Now();
  return bucket;
}

void Store::DropBucket(const std::string& id) {
  std::erase_if(aliases, [&](const auto& alias) { return alias.second == id; });
  for (auto& [key_id, key] : keys) {
    for (const std::string& name : key.AliasesOf(id)) key.aliases[name].clear();
  }
  buckets.erase(id);
}

Key& Store::MakeKey(std::string id, std::string secret, std::string name) {
  Key& key = keys[id];
  key = {.id = std::move(id), .secret = std::move(secret), .created = Now(), .name = std::move(name)};
  return key;
}

void Store::DropKey(const std::string& id) {
  for (auto& [bucket_id, bucket] : buckets) bucket.grants.erase(id);
  dropped_keys.insert(id);
  keys.erase(id);
}

Bucket* Store::FindBucket(const std::string& id) {
  auto const found = buckets.find(id);
  return found == buckets.end() ? nullptr : &found->second;
}

Bucket* Store::FindByAlias(const std::string& alias) {
  auto const found = aliases.find(alias);
  return found == aliases.end() ? nullptr : FindBucket(found->second);
}

Key* Store::FindKey(const std::string& id) {
  auto const found = keys.find(id);
  return found == keys.end() ? nullptr : &found->second;
}

bool Store::HasOtherAlias(const Bucket& bucket, const std::string& alias, const std::string& key) const {
  if (std::ranges::any_of(bucket.aliases,
                          [&](const std::string& other) { return !key.empty() || other != alias; })) {
    return true;
  }
  return std::ranges::any_of(keys, [&](const auto& holder) {
    auto const names = holder.second.AliasesOf(bucket.id);
    return std::ranges::any_of(
        names, [&](const std::string& other) { return holder.first != key || other != alias; });
  });
}

std::vector<const Key*> Store::KeysOf(const Bucket& bucket) {
  std::vector<const Key*> found;
  for (const auto& [id, key] : keys) {
    auto const grant = bucket.grants.find(id);
    bool const granted = grant != bucket.grants.end() && grant->second.Any();
    if (granted || (shows_names_without_grants() && !key.AliasesOf(bucket.id).empty())) found.push_back(&key);
  }
  std::ranges::shuffle(found, random_);
  return found;
}

std::vector<const Bucket*> Store::BucketsOf(const Key& key) {
  std::vector<const Bucket*> found;
  for (const auto& [id, bucket] : buckets) {
    auto const grant = bucket.grants.find(key.id);
    bool const granted = grant != bucket.grants.end() && grant->second.Any();
    if (granted || !key.AliasesOf(id).empty()) found.push_back(&bucket);
  }
  std::ranges::shuffle(found, random_);
  return found;
}

void Store::GiveAlias(const std::string& alias, const std::string& winner) {
  buckets.at(winner).aliases.insert(alias);
  aliases[alias] = winner;
}

std::string Store::Hex(std::size_t bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t at = 0; at < 2 * bytes; ++at) text += kDigits[random_() % kDigits.size()];
  return text;
}

std::int64_t Store::Now() const {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  auto const now = std::chrono::system_clock::now().time_since_epoch();
  return duration_cast<milliseconds>(now).count() + advanced_;
}

bool Store::IsOver(const std::optional<std::int64_t>& expiration) const {
  return expiration.has_value() && *expiration >= 0 && *expiration <= Now();
}

}  // namespace fediversity::emulators::garage
