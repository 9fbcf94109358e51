#include "datasources/garage/keys.h"

#include <set>
#include <string>
#include <utility>

#include "datasources/garage/facts.h"
#include "datasources/rows.h"
#include "provider/base/status_macros.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct KeyRow {
  Value<std::string> access_key_id;
  Value<std::string> name;
  Value<std::string> created;
  Value<std::string> expiration;
  Value<bool> expired;
  Value<bool> create_bucket;
  Value<schema::Set<std::string>> bucket_ids;
};

struct GarageKeys {
  Value<std::string> name;
  Value<bool> expired;
  Value<schema::List<KeyRow>> keys;
};

constexpr auto kKeyRow = schema::Describe<KeyRow>(
    schema::Attr<&KeyRow::access_key_id>("access_key_id").Computed().Doc("Id of the key."),
    schema::Attr<&KeyRow::name>("name").Computed().Doc("Its name."),
    schema::Attr<&KeyRow::created>("created").Computed().Doc(
        "When it was made (RFC 3339); null where Garage does not know."),
    schema::Attr<&KeyRow::expiration>("expiration")
        .Computed()
        .Doc("When it stops working (RFC 3339), or `never`."),
    schema::Attr<&KeyRow::expired>("expired").Computed().Doc("Whether it has stopped working."),
    schema::Attr<&KeyRow::create_bucket>("create_bucket")
        .Computed()
        .Doc("Whether it may make buckets by S3."),
    schema::Attr<&KeyRow::bucket_ids>("bucket_ids")
        .Computed()
        .Doc("Ids of the buckets on which it has permissions or for which it has names."));

constexpr auto kGarageKeys = schema::Describe<GarageKeys>(
    {.name = "fediversity_garage_keys",
     .doc =
         "The access keys of a Garage cluster that pass all filters, without their secrets. With Garage 2.5 and later they "
         "are read in one request for a thousand of them, which resources share."},
    schema::Attr<&GarageKeys::name>("name").Optional().Doc("Only keys of this name."),
    schema::Attr<&GarageKeys::expired>("expired").Optional().Doc(
        "Only keys that have stopped working, or only those that have not."),
    schema::Attr<&GarageKeys::keys>("keys").Computed().Nested<kKeyRow>().Doc("The keys, sorted by id."));

KeyRow RowOf(const garage::Key& key) {
  std::set<std::string> buckets;
  for (const auto& [id, unused] : key.buckets) buckets.insert(id);
  return {.access_key_id = key.access_key_id,
          .name = key.name,
          .created = InstantOf(key.created),
          .expiration = ExpirationOf(key.expiration),
          .expired = key.expired,
          .create_bucket = key.create_bucket,
          .bucket_ids = TextsOf(buckets)};
}

class GarageKeysSource final : public schema::DataSource<GarageKeys> {
 public:
  explicit GarageKeysSource(const Slot<garage::Api>& garage) : garage_(garage) {}

  absl::StatusOr<GarageKeys> Read(GarageKeys config, schema::Context<GarageKeys>& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(auto const keys, api->ListKeys(context.limits()));
    schema::List<KeyRow> rows;
    for (const auto& [unused, key] : *keys) {
      if (Passes(config.name, key.name) && Passes(config.expired, key.expired)) rows.emplace_back(RowOf(key));
    }
    config.keys = std::move(rows);
    return config;
  }

 private:
  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeGarageKeys(const Slot<garage::Api>& garage) {
  return schema::MakeDataSource<GarageKeys>(kGarageKeys, std::make_unique<GarageKeysSource>(garage));
}

}  // namespace fediversity::datasources
