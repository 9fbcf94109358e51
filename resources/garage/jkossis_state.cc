#include "resources/garage/jkossis_state.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "provider/base/size.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

bool IsFrom(const schema::ForeignState& source, std::string_view type_name) {
  return source.provider_address.ends_with("/jkossis/garage") && source.type_name == type_name &&
         source.state.kind() == wire::Value::Kind::kMap;
}

schema::Value<std::string> Text(const schema::ForeignState& source, std::string_view name) {
  const wire::Value* const value = source.state.Find(name);
  if (value == nullptr || value->kind() != wire::Value::Kind::kString || value->string().empty()) return {};
  return value->string();
}

schema::Value<bool> Flag(const schema::ForeignState& source, std::string_view name) {
  const wire::Value* const value = source.state.Find(name);
  return value != nullptr && value->kind() == wire::Value::Kind::kBool && value->bool_value();
}

schema::Value<std::int64_t> Number(const schema::ForeignState& source, std::string_view name) {
  const wire::Value* const value = source.state.Find(name);
  if (value == nullptr || value->kind() != wire::Value::Kind::kNumber) return {};
  auto const number = value->number().ToInt64();
  return number.has_value() && *number >= 0 ? schema::Value<std::int64_t>(*number)
                                            : schema::Value<std::int64_t>();
}

// What no object can be found without.
absl::StatusOr<std::string> Needed(const schema::ForeignState& source, std::string_view name,
                                   bool (*accepts)(const wire::Value&)) {
  schema::Value<std::string> const text = Text(source, name);
  if (text.has_value() && accepts(wire::Value::String(*text))) return *text;
  return absl::InvalidArgumentError(
      Cat({"State of ", source.type_name, " cannot be taken over\nIts `", name,
           "` is missing, or nothing that Garage would give. Import the object instead."}));
}

}  // namespace

absl::StatusOr<std::optional<GarageBucket>> BucketFromJkossis(const schema::ForeignState& source) {
  if (!IsFrom(source, "garage_bucket")) return std::nullopt;
  GarageBucket bucket;
  ASSIGN_OR_RETURN(bucket.id, Needed(source, "id", &IsBucketId));
  // Of a bucket with several aliases that provider knows one; the others are seen when the bucket is read.
  schema::Set<std::string> aliases;
  if (auto const alias = Text(source, "global_alias"); alias.has_value()) aliases.items.push_back(alias);
  bucket.aliases = std::move(aliases);
  bool const is_served = *Flag(source, "website_enabled");
  bucket.website = GarageWebsite{.enabled = is_served};
  if (is_served) {
    bucket.website->index_document = Text(source, "website_index_document");
    bucket.website->error_document = Text(source, "website_error_document");
  }
  schema::Value<std::int64_t> const max_size = Number(source, "max_size");
  bucket.quotas = GarageQuotas{.max_objects = Number(source, "max_objects")};
  if (max_size.has_value()) bucket.quotas->max_size = FormatSize(*max_size);
  bucket.force_destroy = false;
  return bucket;
}

absl::StatusOr<std::optional<GarageKey>> KeyFromJkossis(const schema::ForeignState& source) {
  if (!IsFrom(source, "garage_key")) return std::nullopt;
  GarageKey key;
  ASSIGN_OR_RETURN(key.access_key_id, Needed(source, "id", &IsAccessKeyId));
  key.name = Text(source, "name").value_or("");
  // Null for a key that was imported; then it is asked for.
  key.secret = Text(source, "secret_access_key");
  key.store_secret = true;
  return key;
}

absl::StatusOr<std::optional<GarageBucketAccess>> BucketAccessFromJkossis(
    const schema::ForeignState& source) {
  if (!IsFrom(source, "garage_bucket_permission")) return std::nullopt;
  GarageBucketAccess access;
  ASSIGN_OR_RETURN(access.bucket_id, Needed(source, "bucket_id", &IsBucketId));
  ASSIGN_OR_RETURN(access.access_key_id, Needed(source, "access_key_id", &IsAccessKeyId));
  access.read = Flag(source, "read");
  access.write = Flag(source, "write");
  access.owner = Flag(source, "owner");
  return access;
}

}  // namespace fediversity::resources
