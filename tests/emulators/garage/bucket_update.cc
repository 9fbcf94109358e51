#include "tests/emulators/garage/bucket_update.h"

#include "tests/emulators/garage/rules.h"

namespace fediversity::emulators::garage {
namespace {

// A list of rules, each reduced by `reduce`.
std::optional<std::vector<Json>> ReadRules(std::optional<std::vector<Json>> rules, std::string& error,
                                           Json (*reduce)(const Json&, std::string&)) {
  if (rules.has_value()) {
    for (Json& rule : *rules) rule = reduce(rule, error);
  }
  return rules;
}

std::string ChangeWebsite(const WebsiteChange& change, bool keeps_rules, Bucket& bucket) {
  if (!change.enabled) {
    if (change.index.has_value() || change.error.has_value()) {
      return "Cannot specify indexDocument or errorDocument when disabling website access.";
    }
    bucket.website.reset();
    return {};
  }
  if (!change.index.has_value()) return "Please specify indexDocument when enabling website access.";
  Website website = bucket.website.value_or(Website{});
  website.index = *change.index;
  website.error = change.error;
  if (change.rules.has_value() && keeps_rules) {
    for (const Json& rule : *change.rules) {
      if (std::string why = WrongRoutingRule(rule); !why.empty()) return why;
    }
    website.rules = Json::array();
    for (const Json& rule : *change.rules) website.rules.push_back(WithDefaults(rule));
  }
  bucket.website = std::move(website);
  return {};
}

}  // namespace

BucketChange ReadBucketChange(Fields& fields, std::string& error) {
  BucketChange change;
  if (const Json& website = fields.Object("websiteAccess"); !website.is_null()) {
    Fields inner(website, "UpdateBucketWebsiteAccess", error);
    change.website = {.enabled = inner.NeededFlag("enabled"),
                      .index = inner.Text("indexDocument"),
                      .error = inner.Text("errorDocument"),
                      .rules = ReadRules(inner.List("routingRules"), error, ReduceRoutingRule)};
  }
  if (const Json& quotas = fields.Object("quotas"); !quotas.is_null()) {
    Fields inner(quotas, "ApiBucketQuotas", error);
    change.quotas = {.max_size = inner.Natural("maxSize"), .max_objects = inner.Natural("maxObjects")};
  }
  change.cors_rules = ReadRules(fields.List("corsRules"), error, ReduceCorsRule);
  change.lifecycle_rules = ReadRules(fields.List("lifecycleRules"), error, ReduceLifecycleRule);
  return change;
}

std::string ChangeBucket(Version version, const BucketChange& change, Bucket& bucket) {
  bool const keeps_rules = version == Version::kTwoFive;
  Bucket changed = bucket;
  if (change.website.has_value()) {
    if (std::string why = ChangeWebsite(*change.website, keeps_rules, changed); !why.empty()) return why;
  }
  if (change.quotas.has_value()) {
    changed.max_size = change.quotas->max_size;
    changed.max_objects = change.quotas->max_objects;
  }
  if (change.cors_rules.has_value() && keeps_rules) {
    for (const Json& rule : *change.cors_rules) {
      if (std::string why = WrongCorsRule(rule); !why.empty()) return why;
    }
    changed.cors_rules = *change.cors_rules;
  }
  if (change.lifecycle_rules.has_value() && keeps_rules) {
    changed.lifecycle_rules = Json::array();
    for (const Json& rule : *change.lifecycle_rules) {
      if (std::string why = WrongLifecycleRule(rule); !why.empty()) return why;
      changed.lifecycle_rules.push_back(AsKept(rule));
    }
  }
  bucket = std::move(changed);
  return {};
}

}  // namespace fediversity::emulators::garage
