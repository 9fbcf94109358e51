#include "datasources/garage/bucket.h"

#include <cstdint>
#include <string>
#include <utility>

#include "datasources/garage/facts.h"
#include "provider/base/status_macros.h"
#include "provider/schema/typed_data_source.h"
#include "resources/garage/bucket_parts.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct BucketKeyRow {
  Value<std::string> name;
  Value<bool> read;
  Value<bool> write;
  Value<bool> owner;
  Value<schema::Set<std::string>> local_aliases;
};

struct GarageBucketFacts {
  Value<std::string> id;
  Value<std::string> alias;
  Value<schema::Set<std::string>> aliases;
  Value<resources::GarageWebsite> website;
  Value<resources::GarageQuotas> quotas;
  Value<schema::List<resources::GarageCorsRule>> cors_rules;
  Value<schema::List<resources::GarageLifecycleRule>> lifecycle_rules;
  Value<std::string> created;
  Value<schema::Map<BucketKeyRow>> keys;
  Value<std::int64_t> objects;
  Value<std::int64_t> bytes;
  Value<std::int64_t> unfinished_uploads;
  Value<std::int64_t> unfinished_multipart_uploads;
  Value<std::int64_t> unfinished_multipart_upload_parts;
  Value<std::int64_t> unfinished_multipart_upload_bytes;
};

constexpr auto kBucketKeyRow = schema::Describe<BucketKeyRow>(
    schema::Attr<&BucketKeyRow::name>("name").Computed().Doc("Name of the key."),
    schema::Attr<&BucketKeyRow::read>("read").Computed().Doc("Whether it may read objects."),
    schema::Attr<&BucketKeyRow::write>("write").Computed().Doc("Whether it may write and delete objects."),
    schema::Attr<&BucketKeyRow::owner>("owner").Computed().Doc("Whether it may change the bucket itself."),
    schema::Attr<&BucketKeyRow::local_aliases>("local_aliases")
        .Computed()
        .Doc("Names of the bucket that this key alone knows."));

constexpr auto kGarageBucketFacts = schema::Describe<GarageBucketFacts>(
    {.name = "fediversity_garage_bucket",
     .doc =
         "A bucket of a Garage cluster, what is in it, and which keys may use it. The counters follow what happens some "
         "seconds later."},
    schema::Attr<&GarageBucketFacts::id>("id")
        .Computed()
        .Check(resources::kBucketId)
        .Doc("Id of the bucket."),
    schema::Attr<&GarageBucketFacts::alias>("alias")
        .Computed()
        .Check(resources::kBucketAlias)
        .Doc("One of its global aliases, to find it by; null where it is found by its id."),
    schema::Attr<&GarageBucketFacts::aliases>("aliases").Computed().Doc("Its global aliases."),
    schema::Attr<&GarageBucketFacts::website>("website").Computed().Nested<resources::kGarageWebsite>().Doc(
        "How Garage serves it as a website."),
    schema::Attr<&GarageBucketFacts::quotas>("quotas").Computed().Nested<resources::kGarageQuotas>().Doc(
        "Most that it may hold; null for what has no limit."),
    schema::Attr<&GarageBucketFacts::cors_rules>("cors_rules")
        .Computed()
        .Nested<resources::kGarageCorsRule>()
        .Doc("Which web pages of other origins may use it."),
    schema::Attr<&GarageBucketFacts::lifecycle_rules>("lifecycle_rules")
        .Computed()
        .Nested<resources::kGarageLifecycleRule>()
        .Doc("When objects and unfinished uploads are deleted."),
    schema::Attr<&GarageBucketFacts::created>("created").Computed().Doc("When it was made (RFC 3339)."),
    schema::Attr<&GarageBucketFacts::keys>("keys").Computed().Nested<kBucketKeyRow>().Doc(
        "The keys that have permissions on it or names for it, by access key id."),
    schema::Attr<&GarageBucketFacts::objects>("objects").Computed().Doc("How many objects it holds."),
    schema::Attr<&GarageBucketFacts::bytes>("bytes").Computed().Doc("How much they take together."),
    schema::Attr<&GarageBucketFacts::unfinished_uploads>("unfinished_uploads")
        .Computed()
        .Doc("Uploads that were begun, of all kinds."),
    schema::Attr<&GarageBucketFacts::unfinished_multipart_uploads>("unfinished_multipart_uploads")
        .Computed()
        .Doc("Multipart uploads among them."),
    schema::Attr<&GarageBucketFacts::unfinished_multipart_upload_parts>("unfinished_multipart_upload_parts")
        .Computed()
        .Doc("Parts that have come of these."),
    schema::Attr<&GarageBucketFacts::unfinished_multipart_upload_bytes>("unfinished_multipart_upload_bytes")
        .Computed()
        .Doc("How much these take."));

schema::Map<BucketKeyRow> KeysOf(const garage::Bucket& bucket) {
  schema::Map<BucketKeyRow> rows;
  for (const auto& [access_key_id, key] : bucket.keys) {
    rows.emplace(access_key_id, BucketKeyRow{.name = key.name,
                                             .read = key.permissions.read,
                                             .write = key.permissions.write,
                                             .owner = key.permissions.owner,
                                             .local_aliases = TextsOf(key.local_aliases)});
  }
  return rows;
}

class GarageBucketSource final : public schema::DataSource<GarageBucketFacts> {
 public:
  explicit GarageBucketSource(const Slot<garage::Api>& garage) : garage_(garage) {}

  absl::StatusOr<GarageBucketFacts> Read(GarageBucketFacts config,
                                         schema::Context<GarageBucketFacts>& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    bool const by_id = config.id.has_value();
    auto const found = by_id ? api->FetchBucket(*config.id, context.limits())
                             : api->FindBucket(*config.alias, context.limits());
    if (absl::IsNotFound(found.status())) {
      return schema::OnAttribute(found.status(), by_id ? "id" : "alias");
    }
    RETURN_IF_ERROR(found.status());
    config.id = found->id;
    config.aliases = TextsOf(found->global_aliases);
    config.website = resources::ToModel(found->website);
    config.quotas = resources::ToModel(found->quotas);
    config.cors_rules = resources::ToModel(found->cors_rules);
    config.lifecycle_rules = resources::ToModel(found->lifecycle_rules);
    config.created = InstantOf(found->created);
    config.keys = KeysOf(*found);
    const garage::BucketUsage& usage = found->usage;
    config.objects = CountOf(usage.objects);
    config.bytes = CountOf(usage.bytes);
    config.unfinished_uploads = CountOf(usage.unfinished_uploads);
    config.unfinished_multipart_uploads = CountOf(usage.unfinished_multipart_uploads);
    config.unfinished_multipart_upload_parts = CountOf(usage.unfinished_multipart_upload_parts);
    config.unfinished_multipart_upload_bytes = CountOf(usage.unfinished_multipart_upload_bytes);
    return config;
  }

 private:
  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeGarageBucket(const Slot<garage::Api>& garage) {
  schema::Table table = schema::DeriveDataTable(kGarageBucketFacts.erased(), kGarageBucketFacts.spec.doc, {},
                                                {}, {"id", "alias"});
  return schema::MakeDataSource<GarageBucketFacts>(kGarageBucketFacts, std::move(table),
                                                   std::make_unique<GarageBucketSource>(garage));
}

}  // namespace fediversity::datasources
