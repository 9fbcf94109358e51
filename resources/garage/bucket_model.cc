#include "resources/garage/bucket_model.h"

#include <utility>

#include "provider/base/status_macros.h"
#include "resources/garage/instant.h"

namespace fediversity::resources {
namespace {

// Puts into `change` what `wish` says, unless `prior` says the same.
template <typename Part, typename Convert, typename Target>
absl::Status Compare(const schema::Value<Part>* prior, const schema::Value<Part>& wish, Convert convert,
                     Target& change) {
  if (!wish.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto const wanted, convert(*wish));
  if (prior != nullptr && prior->has_value()) {
    auto const before = convert(**prior);
    if (before.ok() && *before == wanted) return absl::OkStatus();
  }
  change = wanted;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<garage::Website>> Website(const GarageWebsite& website) {
  return WebsiteOf(website);
}

absl::StatusOr<std::vector<garage::CorsRule>> CorsRules(const schema::List<GarageCorsRule>& rules) {
  return CorsRulesOf(rules);
}

}  // namespace

void ValidateBucket(const GarageBucket& config, schema::Diagnostics& diagnostics) {
  if (!config.website.has_value()) return;
  const GarageWebsite& website = *config.website;
  bool const disabled = website.enabled.has_value() && !*website.enabled;
  wire::Path const at("website");
  // What is unknown may turn out to be null.
  if (disabled && (website.index_document.has_value() || website.error_document.has_value() ||
                   website.routing_rules.has_value())) {
    diagnostics.AddError(
        "A website that is not enabled has no documents",
        "Garage keeps no documents and no routing rules of a website that it does not serve. Remove "
        "them, or set `enabled = true`.",
        at.Child("enabled"));
  }
  if (!disabled && !website.enabled.is_unknown() && website.index_document.is_null()) {
    diagnostics.AddError(
        "`website` needs `index_document`",
        "Garage serves no website without one, such as `index_document = \"index.html\"`. For no "
        "website at all, set `enabled = false`.",
        at);
  }
}

GarageBucket WithBucket(GarageBucket model, const garage::Bucket& bucket) {
  model.id = bucket.id;
  model.aliases = schema::Set<std::string>{{bucket.global_aliases.begin(), bucket.global_aliases.end()}};
  model.website = ToModel(bucket.website);
  model.quotas = ToModel(bucket.quotas);
  model.cors_rules = ToModel(bucket.cors_rules);
  model.lifecycle_rules = ToModel(bucket.lifecycle_rules);
  model.created =
      bucket.created.has_value() ? schema::Value<std::string>(FormatInstant(*bucket.created)) : model.created;
  if (model.created.is_unknown()) model.created = schema::Value<std::string>::Null();
  return model;
}

void KeepBucketSpelling(const GarageBucket& known, GarageBucket& fresh) {
  KeepPartSpelling(known.website, fresh.website);
  KeepPartSpelling(known.quotas, fresh.quotas);
  KeepPartSpelling(known.cors_rules, fresh.cors_rules);
  KeepPartSpelling(known.lifecycle_rules, fresh.lifecycle_rules);
}

std::set<std::string> AliasesOf(const GarageBucket& model) {
  std::set<std::string> aliases;
  if (!model.aliases.has_value()) return aliases;
  for (const auto& alias : model.aliases->items) {
    if (alias.has_value()) aliases.insert(*alias);
  }
  return aliases;
}

absl::StatusOr<garage::BucketChange> ChangeOf(const GarageBucket* prior, const GarageBucket& wish) {
  GarageBucket made;
  if (prior == nullptr) {
    made = WithBucket(std::move(made), garage::Bucket());
    prior = &made;
  }
  garage::BucketChange change;
  RETURN_IF_ERROR(Compare(&prior->website, wish.website, &Website, change.website));
  RETURN_IF_ERROR(Compare(&prior->quotas, wish.quotas, &QuotasOf, change.quotas));
  RETURN_IF_ERROR(Compare(&prior->cors_rules, wish.cors_rules, &CorsRules, change.cors_rules));
  RETURN_IF_ERROR(
      Compare(&prior->lifecycle_rules, wish.lifecycle_rules, &LifecycleRulesOf, change.lifecycle_rules));
  // A server that knows no routing rules has none that could be taken away.
  bool const rules_change = change.website.has_value() && change.website->has_value() &&
                            (*change.website)->routing_rules->empty() &&
                            (!prior->website.has_value() || !prior->website->routing_rules.has_value());
  if (rules_change) (*change.website)->routing_rules.reset();
  return change;
}

bool IsEmpty(const garage::BucketChange& change) {
  return !change.website.has_value() && !change.quotas.has_value() && !change.cors_rules.has_value() &&
         !change.lifecycle_rules.has_value();
}

}  // namespace fediversity::resources
