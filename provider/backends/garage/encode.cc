#include "provider/backends/garage/encode.h"

#include <algorithm>
#include <utility>

#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

using nlohmann::json;

template <typename T>
void Put(json& object, const char* key, const std::optional<T>& value) {
  if (value.has_value()) object[key] = *value;
}

json EncodeRule(const RoutingRule& rule) {
  json redirect = json::object();
  Put(redirect, "HostName", rule.redirect.host_name);
  Put(redirect, "Protocol", rule.redirect.protocol);
  Put(redirect, "HttpRedirectCode", rule.redirect.http_redirect_code);
  Put(redirect, "ReplaceKeyPrefixWith", rule.redirect.replace_key_prefix_with);
  Put(redirect, "ReplaceKeyWith", rule.redirect.replace_key_with);
  json encoded{{"Redirect", std::move(redirect)}};
  if (rule.condition.has_value()) {
    json condition = json::object();
    Put(condition, "KeyPrefixEquals", rule.condition->key_prefix_equals);
    Put(condition, "HttpErrorCodeReturnedEquals", rule.condition->http_error_code_returned_equals);
    encoded["Condition"] = std::move(condition);
  }
  return encoded;
}

json EncodeRule(const CorsRule& rule) {
  json encoded{{"AllowedOrigin", rule.allowed_origins},
               {"AllowedMethod", rule.allowed_methods},
               {"AllowedHeader", rule.allowed_headers},
               {"ExposeHeader", rule.expose_headers}};
  Put(encoded, "ID", rule.id);
  Put(encoded, "MaxAgeSeconds", rule.max_age_seconds);
  return encoded;
}

json EncodeRule(const LifecycleRule& rule) {
  json encoded{{"Status", rule.enabled ? "Enabled" : "Disabled"}};
  Put(encoded, "ID", rule.id);
  json conditions = json::object();
  Put(conditions, "Prefix", rule.filter.prefix);
  Put(conditions, "ObjectSizeGreaterThan", rule.filter.object_size_greater_than);
  Put(conditions, "ObjectSizeLessThan", rule.filter.object_size_less_than);
  if (conditions.size() > 1) conditions = json{{"And", std::move(conditions)}};
  if (!conditions.empty()) encoded["Filter"] = std::move(conditions);
  json expiration = json::object();
  Put(expiration, "Days", rule.expiration_days);
  Put(expiration, "Date", rule.expiration_date);
  if (!expiration.empty()) encoded["Expiration"] = std::move(expiration);
  if (rule.abort_incomplete_multipart_upload_days.has_value()) {
    encoded["AbortIncompleteMultipartUpload"] = {
        {"DaysAfterInitiation", *rule.abort_incomplete_multipart_upload_days}};
  }
  return encoded;
}

template <typename Rule>
json EncodeRules(const std::vector<Rule>& rules) {
  json encoded = json::array();
  for (const Rule& rule : rules) encoded.push_back(EncodeRule(rule));
  return encoded;
}

json EncodeWebsite(const std::optional<Website>& website) {
  if (!website.has_value()) return {{"enabled", false}};
  json encoded{{"enabled", true}, {"indexDocument", website->index_document}};
  Put(encoded, "errorDocument", website->error_document);
  if (website->routing_rules.has_value()) encoded["routingRules"] = EncodeRules(*website->routing_rules);
  return encoded;
}

// Whether the answer is as the change wants it, but for what that leaves to the server.
bool Holds(const std::optional<Website>& wanted, std::optional<Website> answered) {
  if (!wanted.has_value() || !answered.has_value()) return wanted == answered;
  if (!wanted->routing_rules.has_value()) {
    answered->routing_rules.reset();
  } else if (!answered->routing_rules.has_value()) {
    // None is what a server has that knows none.
    if (wanted->routing_rules->empty()) answered->routing_rules.emplace();
  } else {
    std::size_t const common = std::min(wanted->routing_rules->size(), answered->routing_rules->size());
    for (std::size_t i = 0; i < common; ++i) {
      if (!(*wanted->routing_rules)[i].redirect.http_redirect_code.has_value())
        (*answered->routing_rules)[i].redirect.http_redirect_code.reset();
    }
  }
  return wanted == answered;
}

absl::Time Whole(absl::Time time) { return absl::FromUnixMillis(absl::ToUnixMillis(time)); }

}  // namespace

json Encode(const BucketChange& change) {
  json body = json::object();
  if (change.website.has_value()) body["websiteAccess"] = EncodeWebsite(*change.website);
  if (change.quotas.has_value()) {
    json quotas = json::object();
    Put(quotas, "maxSize", change.quotas->max_size);
    Put(quotas, "maxObjects", change.quotas->max_objects);
    body["quotas"] = std::move(quotas);
  }
  if (change.cors_rules.has_value()) body["corsRules"] = EncodeRules(*change.cors_rules);
  if (change.lifecycle_rules.has_value()) body["lifecycleRules"] = EncodeRules(*change.lifecycle_rules);
  return body;
}

json Encode(const KeyChange& change) {
  json body = json::object();
  Put(body, "name", change.name);
  if (change.expiration.has_value()) {
    if (change.expiration->has_value()) {
      body["expiration"] = Encode(**change.expiration);
    } else {
      body["neverExpires"] = true;
    }
  }
  if (change.create_bucket.has_value()) {
    body[*change.create_bucket ? "allow" : "deny"] = {{"createBucket", true}};
  }
  return body;
}

json Encode(const Permissions& permissions) {
  return {{"read", permissions.read}, {"write", permissions.write}, {"owner", permissions.owner}};
}

std::string Encode(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", Whole(time), absl::UTCTimeZone());
}

std::vector<std::string> Missing(const BucketChange& change, const Bucket& answered) {
  std::vector<std::string> missing;
  if (change.website.has_value() && !Holds(*change.website, answered.website)) {
    bool const only_rules = change.website->has_value() && answered.website.has_value() &&
                            (*change.website)->index_document == answered.website->index_document &&
                            (*change.website)->error_document == answered.website->error_document;
    missing.emplace_back(only_rules ? "routingRules" : "websiteAccess");
  }
  if (change.quotas.has_value() && *change.quotas != answered.quotas) missing.emplace_back("quotas");
  if (change.cors_rules.has_value() && *change.cors_rules != answered.cors_rules)
    missing.emplace_back("corsRules");
  if (change.lifecycle_rules.has_value() && *change.lifecycle_rules != answered.lifecycle_rules)
    missing.emplace_back("lifecycleRules");
  return missing;
}

std::vector<std::string> Missing(const KeyChange& change, const Key& answered) {
  std::vector<std::string> missing;
  if (change.name.has_value() && *change.name != answered.name) missing.emplace_back("name");
  if (change.expiration.has_value()) {
    std::optional<absl::Time> wanted = *change.expiration;
    if (wanted.has_value()) wanted = Whole(*wanted);
    if (wanted != answered.expiration) missing.emplace_back("expiration");
  }
  if (change.create_bucket.has_value() && *change.create_bucket != answered.create_bucket)
    missing.emplace_back("createBucket");
  return missing;
}

}  // namespace fediversity::garage
