#ifndef FEDIVERSITY_RESOURCES_GARAGE_BUCKET_MODEL_H_
#define FEDIVERSITY_RESOURCES_GARAGE_BUCKET_MODEL_H_

// The table of fediversity_garage_bucket.

#include <set>
#include <string>

#include "provider/backends/garage/bucket.h"
#include "provider/schema/describe.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"
#include "resources/garage/bucket_parts.h"

namespace fediversity::resources {

struct GarageBucket {
  schema::Value<std::string> id;
  schema::Value<schema::Set<std::string>> aliases;
  schema::Value<GarageWebsite> website;
  schema::Value<GarageQuotas> quotas;
  schema::Value<schema::List<GarageCorsRule>> cors_rules;
  schema::Value<schema::List<GarageLifecycleRule>> lifecycle_rules;
  schema::Value<GarageCleanup> cleanup_incomplete_uploads;
  schema::Value<bool> force_destroy;
  schema::Value<std::string> created;
  schema::Value<schema::Timeouts> timeouts;
};

constexpr auto kGarageBucket = schema::Describe<GarageBucket>(
    {.name = "fediversity_garage_bucket",
     .doc =
         "A bucket of a Garage cluster. It is known by its id, so its names and everything else about it are changed in "
         "place; it is never replaced. An attribute that is left out is as it is; an empty one, such as `quotas = {}` or "
         "`cors_rules = []`, takes away what was there. A bucket with objects in it is deleted only with "
         "`force_destroy`. It is imported by its id or by one of its aliases.",
     .import_id = "{id}",
     .identity = {"id"}},
    schema::Attr<&GarageBucket::id>("id").Computed().KeepState().Check(kBucketId).Doc(
        "Identifier that Garage gave the bucket."),
    schema::Attr<&GarageBucket::aliases>("aliases")
        .Optional()
        .Computed()
        .KeepState()
        .CheckEach(kBucketAlias)
        .Doc(
            "Global aliases: the names by which clients find the bucket. It has exactly these. A new name is given before an "
            "old one is taken away, so that there is no moment without."),
    schema::Attr<&GarageBucket::website>("website")
        .Optional()
        .Computed()
        .KeepState()
        .Nested<kGarageWebsite>()
        .Doc("How Garage serves the bucket as a website; `{ enabled = false }` for not at all."),
    schema::Attr<&GarageBucket::quotas>("quotas").Optional().Computed().KeepState().Nested<kGarageQuotas>().Doc(
        "Most that the bucket may hold; `{}` for no limits. Garage counts a moment after it has stored an object, "
        "so uploads that meet may go a little beyond."),
    schema::Attr<&GarageBucket::cors_rules>("cors_rules")
        .Optional()
        .Computed()
        .KeepState()
        .Nested<kGarageCorsRule>()
        .Doc(
            "Which web pages of other origins may use the bucket, of which the first that fits is taken. Needs Garage 2.3."),
    schema::Attr<&GarageBucket::lifecycle_rules>("lifecycle_rules")
        .Optional()
        .Computed()
        .KeepState()
        .Nested<kGarageLifecycleRule>()
        .Doc(
            "When objects and unfinished uploads are deleted. A rule without a prefix and sizes is about all objects; Garage "
            "knows no tags. Needs Garage 2.3."),
    schema::Attr<&GarageBucket::cleanup_incomplete_uploads>("cleanup_incomplete_uploads")
        .Optional()
        .Nested<kGarageCleanup>()
        .Doc(
            "Deletes unfinished uploads once, whenever this attribute changes. For good, `lifecycle_rules` with "
            "`abort_incomplete_multipart_upload_days` does it day by day."),
    schema::Attr<&GarageBucket::force_destroy>("force_destroy")
        .Default(false)
        .Doc(
            "Whether deleting the bucket deletes the objects in it, too. That is done by S3, so the provider block needs "
            "`s3_endpoint`."),
    schema::Attr<&GarageBucket::created>("created").Computed().KeepState().Doc(
        "When the bucket was made (RFC 3339)."),
    schema::Attr<&GarageBucket::timeouts>("timeouts")
        .Optional()
        .Nested<schema::kTimeouts>()
        .Doc(
            "How long each operation may take; half an hour for deleting, five minutes for the rest where it is left out."));

// What is wrong with attributes taken together.
void ValidateBucket(const GarageBucket& config, schema::Diagnostics& diagnostics);

// `model` with everything that Garage has of the bucket.
GarageBucket WithBucket(GarageBucket model, const garage::Bucket& bucket);

// Gives what means the same in `known` the spelling of `known`.
void KeepBucketSpelling(const GarageBucket& known, GarageBucket& fresh);

// The known aliases.
std::set<std::string> AliasesOf(const GarageBucket& model);

// What Garage has to be told so that a bucket that is as in `prior` becomes as in `wish`, aliases aside; a part that is
// null or unknown in `wish` stays. Null `prior`: a bucket that was just made. InvalidArgument as QuotasOf().
absl::StatusOr<garage::BucketChange> ChangeOf(const GarageBucket* prior, const GarageBucket& wish);
bool IsEmpty(const garage::BucketChange& change);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_BUCKET_MODEL_H_
