#include "datasources/garage/key.h"

#include <string>
#include <utility>

#include "datasources/garage/facts.h"
#include "provider/base/status_macros.h"
#include "provider/schema/typed_data_source.h"
#include "resources/garage/rules.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct KeyBucketRow {
  Value<schema::Set<std::string>> aliases;
  Value<schema::Set<std::string>> local_aliases;
  Value<bool> read;
  Value<bool> write;
  Value<bool> owner;
};

struct GarageKeyFacts {
  Value<std::string> access_key_id;
  Value<std::string> name;
  Value<std::string> created;
  Value<std::string> expiration;
  Value<bool> expired;
  Value<bool> create_bucket;
  Value<schema::Map<KeyBucketRow>> buckets;
};

constexpr auto kKeyBucketRow = schema::Describe<KeyBucketRow>(
    schema::Attr<&KeyBucketRow::aliases>("aliases").Computed().Doc("Global aliases of the bucket."),
    schema::Attr<&KeyBucketRow::local_aliases>("local_aliases")
        .Computed()
        .Doc("Names of the bucket that this key alone knows."),
    schema::Attr<&KeyBucketRow::read>("read").Computed().Doc("Whether the key may read objects."),
    schema::Attr<&KeyBucketRow::write>("write").Computed().Doc(
        "Whether the key may write and delete objects."),
    schema::Attr<&KeyBucketRow::owner>("owner").Computed().Doc(
        "Whether the key may change the bucket itself."));

constexpr auto kGarageKeyFacts = schema::Describe<GarageKeyFacts>(
    {.name = "fediversity_garage_key",
     .doc =
         "An access key of a Garage cluster, without its secret, which the ephemeral resource "
         "`fediversity_garage_key_secret` gives. A key is found by its id only, for several may have one name."},
    schema::Attr<&GarageKeyFacts::access_key_id>("access_key_id")
        .Required()
        .Check(resources::kAccessKeyId)
        .Doc("Id of the key."),
    schema::Attr<&GarageKeyFacts::name>("name").Computed().Doc("Its name."),
    schema::Attr<&GarageKeyFacts::created>("created").Computed().Doc(
        "When it was made (RFC 3339); null where Garage does not know."),
    schema::Attr<&GarageKeyFacts::expiration>("expiration")
        .Computed()
        .Doc("When it stops working (RFC 3339), or `never`."),
    schema::Attr<&GarageKeyFacts::expired>("expired").Computed().Doc("Whether it has stopped working."),
    schema::Attr<&GarageKeyFacts::create_bucket>("create_bucket")
        .Computed()
        .Doc("Whether it may make buckets by S3."),
    schema::Attr<&GarageKeyFacts::buckets>("buckets").Computed().Nested<kKeyBucketRow>().Doc(
        "The buckets on which it has permissions or for which it has names, by id."));

class GarageKeySource final : public schema::DataSource<GarageKeyFacts> {
 public:
  explicit GarageKeySource(const Slot<garage::Api>& garage) : garage_(garage) {}

  absl::StatusOr<GarageKeyFacts> Read(GarageKeyFacts config,
                                      schema::Context<GarageKeyFacts>& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    auto const key = api->FetchKey(*config.access_key_id, context.limits());
    if (absl::IsNotFound(key.status())) return schema::OnAttribute(key.status(), "access_key_id");
    RETURN_IF_ERROR(key.status());
    config.name = key->name;
    config.created = InstantOf(key->created);
    config.expiration = ExpirationOf(key->expiration);
    config.expired = key->expired;
    config.create_bucket = key->create_bucket;
    schema::Map<KeyBucketRow> rows;
    for (const auto& [id, bucket] : key->buckets) {
      rows.emplace(id, KeyBucketRow{.aliases = TextsOf(bucket.global_aliases),
                                    .local_aliases = TextsOf(bucket.local_aliases),
                                    .read = bucket.permissions.read,
                                    .write = bucket.permissions.write,
                                    .owner = bucket.permissions.owner});
    }
    config.buckets = std::move(rows);
    return config;
  }

 private:
  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeGarageKey(const Slot<garage::Api>& garage) {
  return schema::MakeDataSource<GarageKeyFacts>(kGarageKeyFacts, std::make_unique<GarageKeySource>(garage));
}

}  // namespace fediversity::datasources
