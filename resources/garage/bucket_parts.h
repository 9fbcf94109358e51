#ifndef FEDIVERSITY_RESOURCES_GARAGE_BUCKET_PARTS_H_
#define FEDIVERSITY_RESOURCES_GARAGE_BUCKET_PARTS_H_

// The nested attributes of fediversity_garage_bucket, and the way between them and what Garage knows.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/garage/bucket.h"
#include "provider/schema/describe.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"
#include "resources/garage/rules.h"

namespace fediversity::resources {

struct GarageRoutingCondition {
  schema::Value<std::string> key_prefix_equals;
  schema::Value<std::int64_t> http_error_code_returned_equals;
};

struct GarageRedirect {
  schema::Value<std::string> host_name;
  schema::Value<std::string> protocol;
  schema::Value<std::int64_t> http_redirect_code;
  schema::Value<std::string> replace_key_prefix_with;
  schema::Value<std::string> replace_key_with;
};

struct GarageRoutingRule {
  schema::Value<GarageRoutingCondition> condition;
  schema::Value<GarageRedirect> redirect;
};

struct GarageWebsite {
  schema::Value<bool> enabled;
  schema::Value<std::string> index_document;
  schema::Value<std::string> error_document;
  schema::Value<schema::List<GarageRoutingRule>> routing_rules;
};

struct GarageQuotas {
  schema::Value<std::string> max_size;
  schema::Value<std::int64_t> max_objects;
};

struct GarageCorsRule {
  schema::Value<std::string> id;
  schema::Value<schema::Set<std::string>> allowed_origins;
  schema::Value<schema::Set<std::string>> allowed_methods;
  schema::Value<schema::Set<std::string>> allowed_headers;
  schema::Value<schema::Set<std::string>> expose_headers;
  schema::Value<std::int64_t> max_age_seconds;
};

struct GarageLifecycleRule {
  schema::Value<std::string> id;
  schema::Value<bool> enabled;
  schema::Value<std::string> prefix;
  schema::Value<std::string> object_size_greater_than;
  schema::Value<std::string> object_size_less_than;
  schema::Value<std::int64_t> expiration_days;
  schema::Value<std::string> expiration_date;
  schema::Value<std::int64_t> abort_incomplete_multipart_upload_days;
};

struct GarageCleanup {
  schema::Value<std::string> older_than;
  schema::Value<std::int64_t> run;
};

constexpr auto kGarageRoutingCondition = schema::Describe<GarageRoutingCondition>(
    {.together = {{{schema::Together::Kind::kAtLeastOne,
                    {"key_prefix_equals", "http_error_code_returned_equals"}}}}},
    schema::Attr<&GarageRoutingCondition::key_prefix_equals>("key_prefix_equals")
        .Optional()
        .Doc("Beginning of the object's key."),
    schema::Attr<&GarageRoutingCondition::http_error_code_returned_equals>("http_error_code_returned_equals")
        .Optional()
        .Check(kAtLeastOne)
        .Doc("Error that the request would be answered with, such as 404."));

constexpr auto kGarageRedirect = schema::Describe<GarageRedirect>(
    {.together = {{{schema::Together::Kind::kAtMostOne, {"replace_key_prefix_with", "replace_key_with"}},
                   {schema::Together::Kind::kAtLeastOne,
                    {"host_name", "protocol", "http_redirect_code", "replace_key_prefix_with",
                     "replace_key_with"}}}}},
    schema::Attr<&GarageRedirect::host_name>("host_name").Optional().Check(kSomeText).Doc("Host to go to."),
    schema::Attr<&GarageRedirect::protocol>("protocol")
        .Optional()
        .Check(kRedirectProtocol)
        .Doc("Protocol to go on with: `http` or `https`."),
    schema::Attr<&GarageRedirect::http_redirect_code>("http_redirect_code")
        .Default(302)
        .Check(kAtLeastOne)
        .Doc("Status of the answer, such as 301."),
    schema::Attr<&GarageRedirect::replace_key_prefix_with>("replace_key_prefix_with")
        .Optional()
        .Doc("What stands in place of `key_prefix_equals`."),
    schema::Attr<&GarageRedirect::replace_key_with>("replace_key_with")
        .Optional()
        .Check(kSomeText)
        .Doc("What stands in place of the whole key."));

constexpr auto kGarageRoutingRule =
    schema::Describe<GarageRoutingRule>(schema::Attr<&GarageRoutingRule::condition>("condition")
                                            .Optional()
                                            .Nested<kGarageRoutingCondition>()
                                            .Doc("When the rule applies; always where it is left out."),
                                        schema::Attr<&GarageRoutingRule::redirect>("redirect")
                                            .Required()
                                            .Nested<kGarageRedirect>()
                                            .Doc("Where the request is sent."));

constexpr auto kGarageWebsite = schema::Describe<GarageWebsite>(
    schema::Attr<&GarageWebsite::enabled>("enabled").Default(true).Doc(
        "Whether Garage serves the bucket as a website."),
    schema::Attr<&GarageWebsite::index_document>("index_document")
        .Optional()
        .Check(kDocumentName)
        .Doc(
            "Document for paths that end in `/`, such as `index.html`. Needed where the website is enabled."),
    schema::Attr<&GarageWebsite::error_document>("error_document")
        .Optional()
        .Check(kSomeText)
        .Doc("Document for what does not exist, such as `404.html`; none where it is left out."),
    schema::Attr<&GarageWebsite::routing_rules>("routing_rules")
        .Optional()
        .Nested<kGarageRoutingRule>()
        .Doc(
            "Redirects, of which the first that applies is taken; none where it is left out. Needs Garage 2.3."));

constexpr auto kGarageQuotas = schema::Describe<GarageQuotas>(
    schema::Attr<&GarageQuotas::max_size>("max_size")
        .Optional()
        .Check(kByteSize)
        .Doc(
            "Most that the bucket may hold, such as `50G` (binary) or `50GB` (decimal); no limit where it is "
            "left out. `0` lets nothing in."),
    schema::Attr<&GarageQuotas::max_objects>("max_objects")
        .Optional()
        .Check(kAtLeastZero)
        .Doc("Most objects that the bucket may hold; no limit where it is left out."));

constexpr auto kGarageCorsRule = schema::Describe<GarageCorsRule>(
    schema::Attr<&GarageCorsRule::id>("id").Optional().Check(kSomeText).Doc("Name of the rule."),
    schema::Attr<&GarageCorsRule::allowed_origins>("allowed_origins")
        .Required()
        .Check(kSomeElements)
        .CheckEach(kSomeText)
        .Doc("Origins of the pages that may ask, such as `https://social.example.org`, or `*` for all."),
    schema::Attr<&GarageCorsRule::allowed_methods>("allowed_methods")
        .Required()
        .Check(kSomeElements)
        .CheckEach(kSomeText)
        .Doc("Methods that they may use, such as `GET`."),
    schema::Attr<&GarageCorsRule::allowed_headers>("allowed_headers")
        .Optional()
        .CheckEach(kSomeText)
        .Doc("Headers that they may send."),
    schema::Attr<&GarageCorsRule::expose_headers>("expose_headers")
        .Optional()
        .CheckEach(kSomeText)
        .Doc("Headers of the answer that they may read."),
    schema::Attr<&GarageCorsRule::max_age_seconds>("max_age_seconds")
        .Optional()
        .Check(kAtLeastZero)
        .Doc("How long a browser may remember the answer."));

constexpr auto kGarageLifecycleRule = schema::Describe<GarageLifecycleRule>(
    {.together = {{{schema::Together::Kind::kAtLeastOne,
                    {"expiration_days", "expiration_date", "abort_incomplete_multipart_upload_days"}},
                   {schema::Together::Kind::kAtMostOne, {"expiration_days", "expiration_date"}}}}},
    schema::Attr<&GarageLifecycleRule::id>("id").Optional().Check(kSomeText).Doc("Name of the rule."),
    schema::Attr<&GarageLifecycleRule::enabled>("enabled").Default(true).Doc("Whether the rule is followed."),
    schema::Attr<&GarageLifecycleRule::prefix>("prefix").Optional().Check(kSomeText).Doc(
        "Beginning of the keys of the objects that the rule is about, such as `tmp/`."),
    schema::Attr<&GarageLifecycleRule::object_size_greater_than>("object_size_greater_than")
        .Optional()
        .Check(kByteSize)
        .Doc("Only objects that are larger, such as `1M`."),
    schema::Attr<&GarageLifecycleRule::object_size_less_than>("object_size_less_than")
        .Optional()
        .Check(kByteSize)
        .Doc("Only objects that are smaller."),
    schema::Attr<&GarageLifecycleRule::expiration_days>("expiration_days")
        .Optional()
        .Check(kAtLeastOne)
        .Doc("Age in days at which objects are deleted."),
    schema::Attr<&GarageLifecycleRule::expiration_date>("expiration_date")
        .Optional()
        .Check(kExpirationDate)
        .Doc("Day on which objects are deleted, such as `2030-01-31`."),
    schema::Attr<&GarageLifecycleRule::abort_incomplete_multipart_upload_days>(
        "abort_incomplete_multipart_upload_days")
        .Optional()
        .Check(kAtLeastOne)
        .Doc("Age in days at which uploads that were not finished are deleted."));

constexpr auto kGarageCleanup = schema::Describe<GarageCleanup>(
    schema::Attr<&GarageCleanup::older_than>("older_than")
        .Required()
        .Check(schema::kDuration)
        .Doc("Only uploads that were begun longer ago, such as `24h`."),
    schema::Attr<&GarageCleanup::run>("run").Optional().Doc("Number to raise to have it done again."));

// What the attributes say, which have no unknown parts. InvalidArgument, on the attribute below `quotas` or
// `lifecycle_rules`, for a size that is none.
std::optional<garage::Website> WebsiteOf(const GarageWebsite& website);
absl::StatusOr<garage::Quotas> QuotasOf(const GarageQuotas& quotas);
std::vector<garage::CorsRule> CorsRulesOf(const schema::List<GarageCorsRule>& rules);
absl::StatusOr<std::vector<garage::LifecycleRule>> LifecycleRulesOf(
    const schema::List<GarageLifecycleRule>& rules);

// What Garage has, as attributes: never null, so that nothing has one spelling.
GarageWebsite ToModel(const std::optional<garage::Website>& website);
GarageQuotas ToModel(const garage::Quotas& quotas);
schema::List<GarageCorsRule> ToModel(const std::vector<garage::CorsRule>& rules);
schema::List<GarageLifecycleRule> ToModel(const std::vector<garage::LifecycleRule>& rules);

// Gives `fresh` the spelling of `known` where both mean the same.
void KeepPartSpelling(const schema::Value<GarageWebsite>& known, schema::Value<GarageWebsite>& fresh);
void KeepPartSpelling(const schema::Value<GarageQuotas>& known, schema::Value<GarageQuotas>& fresh);
void KeepPartSpelling(const schema::Value<schema::List<GarageCorsRule>>& known,
                      schema::Value<schema::List<GarageCorsRule>>& fresh);
void KeepPartSpelling(const schema::Value<schema::List<GarageLifecycleRule>>& known,
                      schema::Value<schema::List<GarageLifecycleRule>>& fresh);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_BUCKET_PARTS_H_
