#include "provider/backends/garage/decode.h"

namespace fediversity::garage {
namespace {

Key KeyOf(const JsonFields& fields) {
  Key key{.access_key_id = fields.Text("accessKeyId"),
          .name = fields.MaybeText("name").value_or(""),
          .created = fields.MaybeTime("created"),
          .expiration = fields.MaybeTime("expiration"),
          .expired = fields.Flag("expired")};
  if (auto const permissions = fields.Object("permissions"))
    key.create_bucket = permissions->Flag("createBucket");
  for (const JsonFields& entry : fields.Objects("buckets")) {
    KeyBucket bucket{.global_aliases = entry.TextSet("globalAliases"),
                     .local_aliases = entry.TextSet("localAliases")};
    if (auto const permissions = entry.Object("permissions"))
      bucket.permissions = PermissionsOf(*permissions);
    if (!bucket.permissions.any() && bucket.local_aliases.empty()) continue;
    key.buckets[entry.Text("id")] = std::move(bucket);
  }
  return key;
}

ListedEntry ListedEntryOf(const JsonFields& fields) {
  ListedEntry listed{.id = fields.Text("id"), .local_aliases = {}};
  for (const JsonFields& alias : fields.Objects("localAliases"))
    listed.local_aliases.emplace_back(alias.Text("accessKeyId"), alias.Text("alias"));
  return listed;
}

}  // namespace

Permissions PermissionsOf(const JsonFields& fields) {
  return {.read = fields.Flag("read"), .write = fields.Flag("write"), .owner = fields.Flag("owner")};
}

absl::StatusOr<Key> DecodeKey(const nlohmann::json& answer, std::string_view what) {
  return DecodeObject<Key>(answer, what, &KeyOf);
}

absl::StatusOr<std::vector<Key>> DecodeKeys(const nlohmann::json& answer, std::string_view what) {
  return DecodeObjects<Key>(answer, what, &KeyOf);
}

absl::StatusOr<Secret> DecodeSecret(const nlohmann::json& answer, std::string_view what) {
  return DecodeObject<Secret>(
      answer, what, [](const JsonFields& fields) { return Secret(fields.Text("secretAccessKey")); });
}

absl::StatusOr<std::vector<ListedEntry>> DecodeList(const nlohmann::json& answer, std::string_view what) {
  return DecodeObjects<ListedEntry>(answer, what, &ListedEntryOf);
}

}  // namespace fediversity::garage
