#include "provider/backends/garage/decode.h"

namespace fediversity::garage {
namespace {

RoutingRule RoutingRuleOf(const JsonFields& fields) {
  RoutingRule rule;
  if (auto const condition = fields.Object("Condition")) {
    rule.condition = RoutingCondition{
        .key_prefix_equals = condition->MaybeText("KeyPrefixEquals"),
        .http_error_code_returned_equals = condition->MaybeInteger("HttpErrorCodeReturnedEquals")};
  }
  if (auto const redirect = fields.Object("Redirect")) {
    rule.redirect = {.host_name = redirect->MaybeText("HostName"),
                     .protocol = redirect->MaybeText("Protocol"),
                     .http_redirect_code = redirect->MaybeInteger("HttpRedirectCode"),
                     .replace_key_prefix_with = redirect->MaybeText("ReplaceKeyPrefixWith"),
                     .replace_key_with = redirect->MaybeText("ReplaceKeyWith")};
  }
  return rule;
}

Website WebsiteOf(const JsonFields& fields) {
  Website website{.index_document = fields.Text("indexDocument"),
                  .error_document = fields.MaybeText("errorDocument")};
  if (fields.Has("routingRules")) {
    website.routing_rules.emplace();
    for (const JsonFields& rule : fields.Objects("routingRules"))
      website.routing_rules->push_back(RoutingRuleOf(rule));
  }
  return website;
}

CorsRule CorsRuleOf(const JsonFields& fields) {
  return {.id = fields.MaybeText("ID"),
          .allowed_origins = fields.Texts("AllowedOrigin"),
          .allowed_methods = fields.Texts("AllowedMethod"),
          .allowed_headers = fields.Texts("AllowedHeader"),
          .expose_headers = fields.Texts("ExposeHeader"),
          .max_age_seconds = fields.MaybeInteger("MaxAgeSeconds")};
}

// Several conditions are wrapped, and one alone is not; here it makes no difference.
LifecycleFilter FilterOf(const JsonFields& fields) {
  auto const wrapped = fields.Object("And");
  const JsonFields& conditions = wrapped.has_value() ? *wrapped : fields;
  return {.prefix = conditions.MaybeText("Prefix"),
          .object_size_greater_than = conditions.MaybeInteger("ObjectSizeGreaterThan"),
          .object_size_less_than = conditions.MaybeInteger("ObjectSizeLessThan")};
}

LifecycleRule LifecycleRuleOf(const JsonFields& fields) {
  LifecycleRule rule{.id = fields.MaybeText("ID"), .enabled = fields.Text("Status") == "Enabled"};
  if (auto const filter = fields.Object("Filter")) rule.filter = FilterOf(*filter);
  if (auto const expiration = fields.Object("Expiration")) {
    rule.expiration_days = expiration->MaybeInteger("Days");
    rule.expiration_date = expiration->MaybeText("Date");
  }
  if (auto const abort = fields.Object("AbortIncompleteMultipartUpload")) {
    rule.abort_incomplete_multipart_upload_days = abort->MaybeInteger("DaysAfterInitiation");
  }
  return rule;
}

Bucket BucketOf(const JsonFields& fields) {
  Bucket bucket{.id = fields.Text("id"),
                .created = fields.MaybeTime("created"),
                .global_aliases = fields.TextSet("globalAliases")};
  if (fields.Flag("websiteAccess")) {
    auto const website = fields.Object("websiteConfig");
    bucket.website = website.has_value() ? WebsiteOf(*website) : Website{};
  }
  if (auto const quotas = fields.Object("quotas")) {
    bucket.quotas = {.max_size = quotas->MaybeCount("maxSize"),
                     .max_objects = quotas->MaybeCount("maxObjects")};
  }
  for (const JsonFields& rule : fields.Objects("corsRules")) bucket.cors_rules.push_back(CorsRuleOf(rule));
  for (const JsonFields& rule : fields.Objects("lifecycleRules"))
    bucket.lifecycle_rules.push_back(LifecycleRuleOf(rule));
  for (const JsonFields& entry : fields.Objects("keys")) {
    BucketKey key{.name = entry.MaybeText("name").value_or(""),
                  .local_aliases = entry.TextSet("bucketLocalAliases")};
    if (auto const permissions = entry.Object("permissions")) key.permissions = PermissionsOf(*permissions);
    // 2.0 keeps keys whose last permission was taken.
    if (!key.permissions.any() && key.local_aliases.empty()) continue;
    bucket.keys[entry.Text("accessKeyId")] = std::move(key);
  }
  bucket.usage = {.objects = fields.Count("objects"),
                  .bytes = fields.Count("bytes"),
                  .unfinished_uploads = fields.Count("unfinishedUploads"),
                  .unfinished_multipart_uploads = fields.Count("unfinishedMultipartUploads"),
                  .unfinished_multipart_upload_parts = fields.Count("unfinishedMultipartUploadParts"),
                  .unfinished_multipart_upload_bytes = fields.Count("unfinishedMultipartUploadBytes")};
  return bucket;
}

}  // namespace

absl::StatusOr<Bucket> DecodeBucket(const nlohmann::json& answer, std::string_view what) {
  return DecodeObject<Bucket>(answer, what, &BucketOf);
}

absl::StatusOr<std::vector<Bucket>> DecodeBuckets(const nlohmann::json& answer, std::string_view what) {
  return DecodeObjects<Bucket>(answer, what, &BucketOf);
}

}  // namespace fediversity::garage
