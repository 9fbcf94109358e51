#include "datasources/garage/buckets.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "datasources/garage/facts.h"
#include "provider/base/status_macros.h"
#include "provider/schema/typed_data_source.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct BucketRow {
  Value<std::string> id;
  Value<schema::Set<std::string>> aliases;
  Value<std::string> created;
  Value<bool> website;
  Value<std::int64_t> max_size;
  Value<std::int64_t> max_objects;
  Value<std::int64_t> objects;
  Value<std::int64_t> bytes;
  Value<std::int64_t> unfinished_uploads;
  Value<schema::Set<std::string>> access_key_ids;
};

struct GarageBuckets {
  Value<std::string> alias_prefix;
  Value<std::string> access_key_id;
  Value<schema::List<BucketRow>> buckets;
};

constexpr auto kBucketRow = schema::Describe<BucketRow>(
    schema::Attr<&BucketRow::id>("id").Computed().Doc("Id of the bucket."),
    schema::Attr<&BucketRow::aliases>("aliases").Computed().Doc("Its global aliases."),
    schema::Attr<&BucketRow::created>("created").Computed().Doc("When it was made (RFC 3339)."),
    schema::Attr<&BucketRow::website>("website").Computed().Doc("Whether it is served as a website."),
    schema::Attr<&BucketRow::max_size>("max_size")
        .Computed()
        .Doc("Most bytes that it may hold; null for no limit."),
    schema::Attr<&BucketRow::max_objects>("max_objects")
        .Computed()
        .Doc("Most objects that it may hold; null for no limit."),
    schema::Attr<&BucketRow::objects>("objects").Computed().Doc("How many objects it holds."),
    schema::Attr<&BucketRow::bytes>("bytes").Computed().Doc("How much they take together."),
    schema::Attr<&BucketRow::unfinished_uploads>("unfinished_uploads")
        .Computed()
        .Doc("Uploads that were begun."),
    schema::Attr<&BucketRow::access_key_ids>("access_key_ids")
        .Computed()
        .Doc("The keys that have permissions on it or names for it."));

constexpr auto kGarageBuckets = schema::Describe<GarageBuckets>(
    {.name = "fediversity_garage_buckets",
     .doc =
         "The buckets of a Garage cluster that pass all filters. With Garage 2.5 and later they are read in one request for a "
         "thousand of them, which resources share. The counters follow what happens some seconds later."},
    schema::Attr<&GarageBuckets::alias_prefix>("alias_prefix")
        .Optional()
        .Doc("Only buckets with a global alias that begins with this."),
    schema::Attr<&GarageBuckets::access_key_id>("access_key_id")
        .Optional()
        .Doc("Only buckets on which this key has permissions."),
    schema::Attr<&GarageBuckets::buckets>("buckets").Computed().Nested<kBucketRow>().Doc(
        "The buckets, sorted by id."));

bool IsWanted(const garage::Bucket& bucket, const GarageBuckets& config) {
  if (config.alias_prefix.has_value() &&
      std::ranges::none_of(bucket.global_aliases, [&config](const std::string& alias) {
        return alias.starts_with(*config.alias_prefix);
      })) {
    return false;
  }
  if (!config.access_key_id.has_value()) return true;
  auto const key = bucket.keys.find(*config.access_key_id);
  return key != bucket.keys.end() && key->second.permissions.any();
}

BucketRow RowOf(const garage::Bucket& bucket) {
  std::set<std::string> keys;
  for (const auto& [access_key_id, unused] : bucket.keys) keys.insert(access_key_id);
  return {.id = bucket.id,
          .aliases = TextsOf(bucket.global_aliases),
          .created = InstantOf(bucket.created),
          .website = bucket.website.has_value(),
          .max_size = CountOf(bucket.quotas.max_size),
          .max_objects = CountOf(bucket.quotas.max_objects),
          .objects = CountOf(bucket.usage.objects),
          .bytes = CountOf(bucket.usage.bytes),
          .unfinished_uploads = CountOf(bucket.usage.unfinished_uploads),
          .access_key_ids = TextsOf(keys)};
}

class GarageBucketsSource final : public schema::DataSource<GarageBuckets> {
 public:
  explicit GarageBucketsSource(const Slot<garage::Api>& garage) : garage_(garage) {}

  absl::StatusOr<GarageBuckets> Read(GarageBuckets config, schema::Context<GarageBuckets>& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(auto const buckets, api->ListBuckets(context.limits()));
    schema::List<BucketRow> rows;
    for (const auto& [unused, bucket] : *buckets) {
      if (IsWanted(bucket, config)) rows.emplace_back(RowOf(bucket));
    }
    config.buckets = std::move(rows);
    return config;
  }

 private:
  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeGarageBuckets(const Slot<garage::Api>& garage) {
  return schema::MakeDataSource<GarageBuckets>(kGarageBuckets, std::make_unique<GarageBucketsSource>(garage));
}

}  // namespace fediversity::datasources
