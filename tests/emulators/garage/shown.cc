#include "tests/emulators/garage/shown.h"

#include "tests/emulators/garage/timestamp.h"

namespace fediversity::emulators::garage {
namespace {

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value.has_value() ? Json(*value) : Json();
}

Permissions GrantOf(const Bucket& bucket, const std::string& key) {
  auto const found = bucket.grants.find(key);
  return found == bucket.grants.end() ? Permissions{} : found->second;
}

}  // namespace

Json ShowTime(const std::optional<std::int64_t>& time) {
  return time.has_value() ? Json(FormatTime(*time)) : Json();
}

Json ShowPermissions(const Permissions& permissions) {
  return {{"read", permissions.read}, {"write", permissions.write}, {"owner", permissions.owner}};
}

Json ShowBucket(Store& store, const Bucket& bucket) {
  Json keys = Json::array();
  for (const Key* const key : store.KeysOf(bucket)) {
    keys.push_back({{"accessKeyId", key->id},
                    {"name", key->name},
                    {"permissions", ShowPermissions(GrantOf(bucket, key->id))},
                    {"bucketLocalAliases", key->AliasesOf(bucket.id)}});
  }
  std::size_t parts = 0;
  std::size_t bytes = 0;
  for (const auto& [id, upload] : bucket.uploads) {
    parts += upload.parts.size();
    for (const auto& [number, content] : upload.parts) bytes += content.size();
  }
  Json shown = {
      {"id", bucket.id},
      {"created", FormatTime(bucket.created)},
      {"globalAliases", bucket.aliases},
      {"websiteAccess", bucket.website.has_value()},
      {"keys", std::move(keys)},
      {"objects", bucket.objects.size()},
      {"bytes", bucket.Bytes()},
      {"unfinishedUploads", bucket.uploads.size()},
      {"unfinishedMultipartUploads", bucket.uploads.size()},
      {"unfinishedMultipartUploadParts", parts},
      {"unfinishedMultipartUploadBytes", bytes},
      {"quotas", {{"maxSize", OrNull(bucket.max_size)}, {"maxObjects", OrNull(bucket.max_objects)}}}};
  if (bucket.website.has_value()) {
    shown["websiteConfig"] = {{"indexDocument", bucket.website->index},
                              {"errorDocument", OrNull(bucket.website->error)}};
    if (store.keeps_rules()) shown["websiteConfig"]["routingRules"] = bucket.website->rules;
  }
  if (!bucket.cors_rules.empty()) shown["corsRules"] = bucket.cors_rules;
  if (!bucket.lifecycle_rules.empty()) shown["lifecycleRules"] = bucket.lifecycle_rules;
  return shown;
}

Json ShowKey(Store& store, const Key& key, bool with_secret) {
  Json buckets = Json::array();
  for (const Bucket* const bucket : store.BucketsOf(key)) {
    buckets.push_back({{"id", bucket->id},
                       {"globalAliases", bucket->aliases},
                       {"localAliases", key.AliasesOf(bucket->id)},
                       {"permissions", ShowPermissions(GrantOf(*bucket, key.id))}});
  }
  Json shown = {{"accessKeyId", key.id},
                {"created", FormatTime(key.created)},
                {"name", key.name},
                {"expiration", ShowTime(key.expiration)},
                {"expired", store.IsOver(key.expiration)},
                {"permissions", {{"createBucket", key.create_bucket}}},
                {"buckets", std::move(buckets)}};
  if (with_secret) shown["secretAccessKey"] = key.secret;
  return shown;
}

}  // namespace fediversity::emulators::garage
