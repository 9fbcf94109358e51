#include "resources/garage/bucket_parts.h"

#include <limits>
#include <utility>

#include "provider/base/size.h"
#include "provider/base/status_macros.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/typed_resource.h"

namespace fediversity::resources {
namespace {

using schema::List;
using schema::Set;
using schema::Value;

template <typename T>
std::optional<T> Optional(const Value<T>& value) {
  return value.has_value() ? std::optional<T>(*value) : std::nullopt;
}

template <typename T>
Value<T> OrNull(const std::optional<T>& value) {
  return value.has_value() ? Value<T>(*value) : Value<T>();
}

std::vector<std::string> TextsOf(const Value<Set<std::string>>& set) {
  std::vector<std::string> texts;
  if (!set.has_value()) return texts;
  for (const auto& text : set->items) {
    if (text.has_value()) texts.push_back(*text);
  }
  return texts;
}

Value<Set<std::string>> SetOrNull(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  return Set<std::string>{{texts.begin(), texts.end()}};
}

absl::StatusOr<std::optional<std::int64_t>> BytesOf(const Value<std::string>& size) {
  if (!size.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(std::int64_t const bytes, ParseSize(*size));
  return bytes;
}

Value<std::string> SizeOrNull(const std::optional<std::uint64_t>& bytes) {
  if (!bytes.has_value()) return {};
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  return *bytes <= kMost ? FormatSize(static_cast<std::int64_t>(*bytes)) : std::to_string(*bytes);
}

Value<std::string> SizeOrNull(const std::optional<std::int64_t>& bytes) {
  return bytes.has_value() ? Value<std::string>(FormatSize(*bytes)) : Value<std::string>();
}

garage::RoutingRule RoutingRuleOf(const GarageRoutingRule& rule) {
  garage::RoutingRule made;
  if (rule.condition.has_value()) {
    made.condition = garage::RoutingCondition{
        .key_prefix_equals = Optional(rule.condition->key_prefix_equals),
        .http_error_code_returned_equals = Optional(rule.condition->http_error_code_returned_equals)};
  }
  if (rule.redirect.has_value()) {
    made.redirect = {.host_name = Optional(rule.redirect->host_name),
                     .protocol = Optional(rule.redirect->protocol),
                     .http_redirect_code = Optional(rule.redirect->http_redirect_code),
                     .replace_key_prefix_with = Optional(rule.redirect->replace_key_prefix_with),
                     .replace_key_with = Optional(rule.redirect->replace_key_with)};
  }
  return made;
}

GarageRoutingRule ToModel(const garage::RoutingRule& rule) {
  GarageRoutingRule model;
  if (rule.condition.has_value()) {
    model.condition = GarageRoutingCondition{
        .key_prefix_equals = OrNull(rule.condition->key_prefix_equals),
        .http_error_code_returned_equals = OrNull(rule.condition->http_error_code_returned_equals)};
  }
  model.redirect = GarageRedirect{.host_name = OrNull(rule.redirect.host_name),
                                  .protocol = OrNull(rule.redirect.protocol),
                                  .http_redirect_code = OrNull(rule.redirect.http_redirect_code),
                                  .replace_key_prefix_with = OrNull(rule.redirect.replace_key_prefix_with),
                                  .replace_key_with = OrNull(rule.redirect.replace_key_with)};
  return model;
}

garage::CorsRule CorsRuleOf(const GarageCorsRule& rule) {
  return {.id = Optional(rule.id),
          .allowed_origins = TextsOf(rule.allowed_origins),
          .allowed_methods = TextsOf(rule.allowed_methods),
          .allowed_headers = TextsOf(rule.allowed_headers),
          .expose_headers = TextsOf(rule.expose_headers),
          .max_age_seconds = Optional(rule.max_age_seconds)};
}

absl::StatusOr<garage::LifecycleRule> LifecycleRuleOf(const GarageLifecycleRule& rule) {
  garage::LifecycleRule made{
      .id = Optional(rule.id),
      .enabled = rule.enabled.value_or(true),
      .filter = {.prefix = Optional(rule.prefix)},
      .expiration_days = Optional(rule.expiration_days),
      .expiration_date = Optional(rule.expiration_date),
      .abort_incomplete_multipart_upload_days = Optional(rule.abort_incomplete_multipart_upload_days)};
  ASSIGN_OR_RETURN(made.filter.object_size_greater_than, BytesOf(rule.object_size_greater_than));
  ASSIGN_OR_RETURN(made.filter.object_size_less_than, BytesOf(rule.object_size_less_than));
  return made;
}

bool IsSame(const GarageCorsRule& a, const GarageCorsRule& b) { return CorsRuleOf(a) == CorsRuleOf(b); }

bool IsSame(const GarageLifecycleRule& a, const GarageLifecycleRule& b) {
  auto const one = LifecycleRuleOf(a);
  auto other = LifecycleRuleOf(b);
  if (!one.ok() || !other.ok()) return false;
  // "2030-01-31" and "2030-01-31T00:00:00Z" are one day.
  if (one->expiration_date.has_value() && other->expiration_date.has_value() &&
      one->expiration_date->substr(0, 10) == other->expiration_date->substr(0, 10)) {
    other->expiration_date = one->expiration_date;
  }
  return *one == *other;
}

template <typename Rule, typename Description>
void KeepRuleSpelling(const Description& description, const Value<List<Rule>>& known,
                      Value<List<Rule>>& fresh) {
  if (!known.has_value() || !fresh.has_value()) return;
  for (std::size_t i = 0; i < known->size() && i < fresh->size(); ++i) {
    const Value<Rule>& before = (*known)[i];
    Value<Rule>& now = (*fresh)[i];
    if (!before.has_value() || !now.has_value()) continue;
    if (!schema::IsWhollyKnown(description, *before) || !schema::IsWhollyKnown(description, *now)) continue;
    if (IsSame(*before, *now)) now = before;
  }
}

}  // namespace

std::optional<garage::Website> WebsiteOf(const GarageWebsite& website) {
  if (!website.enabled.value_or(true)) return std::nullopt;
  garage::Website made{.index_document = website.index_document.value_or(""),
                       .error_document = Optional(website.error_document),
                       .routing_rules = std::vector<garage::RoutingRule>()};
  if (website.routing_rules.has_value()) {
    for (const auto& rule : *website.routing_rules) {
      if (rule.has_value()) made.routing_rules->push_back(RoutingRuleOf(*rule));
    }
  }
  return made;
}

absl::StatusOr<garage::Quotas> QuotasOf(const GarageQuotas& quotas) {
  garage::Quotas made;
  auto const bytes = BytesOf(quotas.max_size);
  if (!bytes.ok()) return schema::OnAttribute(bytes.status(), wire::Path("quotas").Child("max_size"));
  if (bytes->has_value()) made.max_size = static_cast<std::uint64_t>(**bytes);
  if (quotas.max_objects.has_value()) made.max_objects = static_cast<std::uint64_t>(*quotas.max_objects);
  return made;
}

std::vector<garage::CorsRule> CorsRulesOf(const List<GarageCorsRule>& rules) {
  std::vector<garage::CorsRule> made;
  for (const auto& rule : rules) {
    if (rule.has_value()) made.push_back(CorsRuleOf(*rule));
  }
  return made;
}

absl::StatusOr<std::vector<garage::LifecycleRule>> LifecycleRulesOf(const List<GarageLifecycleRule>& rules) {
  std::vector<garage::LifecycleRule> made;
  for (const auto& rule : rules) {
    if (!rule.has_value()) continue;
    auto converted = LifecycleRuleOf(*rule);
    if (!converted.ok()) return schema::OnAttribute(converted.status(), "lifecycle_rules");
    made.push_back(*std::move(converted));
  }
  return made;
}

GarageWebsite ToModel(const std::optional<garage::Website>& website) {
  GarageWebsite model{.enabled = website.has_value()};
  if (!website.has_value()) return model;
  model.index_document = website->index_document;
  model.error_document = OrNull(website->error_document);
  if (website->routing_rules.has_value() && !website->routing_rules->empty()) {
    List<GarageRoutingRule> rules;
    for (const garage::RoutingRule& rule : *website->routing_rules) rules.emplace_back(ToModel(rule));
    model.routing_rules = std::move(rules);
  }
  return model;
}

GarageQuotas ToModel(const garage::Quotas& quotas) {
  GarageQuotas model{.max_size = SizeOrNull(quotas.max_size)};
  if (quotas.max_objects.has_value()) model.max_objects = static_cast<std::int64_t>(*quotas.max_objects);
  return model;
}

List<GarageCorsRule> ToModel(const std::vector<garage::CorsRule>& rules) {
  List<GarageCorsRule> models;
  for (const garage::CorsRule& rule : rules) {
    models.emplace_back(GarageCorsRule{.id = OrNull(rule.id),
                                       .allowed_origins = SetOrNull(rule.allowed_origins),
                                       .allowed_methods = SetOrNull(rule.allowed_methods),
                                       .allowed_headers = SetOrNull(rule.allowed_headers),
                                       .expose_headers = SetOrNull(rule.expose_headers),
                                       .max_age_seconds = OrNull(rule.max_age_seconds)});
  }
  return models;
}

List<GarageLifecycleRule> ToModel(const std::vector<garage::LifecycleRule>& rules) {
  List<GarageLifecycleRule> models;
  for (const garage::LifecycleRule& rule : rules) {
    models.emplace_back(GarageLifecycleRule{
        .id = OrNull(rule.id),
        .enabled = rule.enabled,
        .prefix = OrNull(rule.filter.prefix),
        .object_size_greater_than = SizeOrNull(rule.filter.object_size_greater_than),
        .object_size_less_than = SizeOrNull(rule.filter.object_size_less_than),
        .expiration_days = OrNull(rule.expiration_days),
        .expiration_date = OrNull(rule.expiration_date),
        .abort_incomplete_multipart_upload_days = OrNull(rule.abort_incomplete_multipart_upload_days)});
  }
  return models;
}

void KeepPartSpelling(const Value<GarageWebsite>& known, Value<GarageWebsite>& fresh) {
  if (!known.has_value() || !fresh.has_value()) return;
  if (!schema::IsWhollyKnown(kGarageWebsite, *known) || !schema::IsWhollyKnown(kGarageWebsite, *fresh))
    return;
  if (WebsiteOf(*known) == WebsiteOf(*fresh)) fresh = known;
}

void KeepPartSpelling(const Value<GarageQuotas>& known, Value<GarageQuotas>& fresh) {
  if (!known.has_value() || !fresh.has_value()) return;
  auto const before = BytesOf(known->max_size);
  auto const now = BytesOf(fresh->max_size);
  bool const comparable = known->max_size.has_value() && fresh->max_size.has_value();
  if (comparable && before.ok() && now.ok() && *before == *now) fresh->max_size = known->max_size;
}

void KeepPartSpelling(const Value<List<GarageCorsRule>>& known, Value<List<GarageCorsRule>>& fresh) {
  KeepRuleSpelling(kGarageCorsRule, known, fresh);
}

void KeepPartSpelling(const Value<List<GarageLifecycleRule>>& known,
                      Value<List<GarageLifecycleRule>>& fresh) {
  KeepRuleSpelling(kGarageLifecycleRule, known, fresh);
}

}  // namespace fediversity::resources
