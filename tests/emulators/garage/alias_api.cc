#include "provider/base/text.h"
#include "tests/emulators/garage/call.h"
#include "tests/emulators/garage/names.h"
#include "tests/emulators/garage/shown.h"

namespace fediversity::emulators::garage {
namespace {

// Where both kinds of alias stand in a body, the one for everybody wins.
struct AliasChange {
  std::string bucket;
  std::optional<std::string> alias;
  std::string local_alias = {};
  std::string key = {};
};

AliasChange ReadAliasChange(Fields& fields, std::string& error) {
  AliasChange change{.bucket = fields.NeededText("bucketId"), .alias = fields.Text("globalAlias")};
  auto const local = fields.Text("localAlias");
  auto const key = fields.Text("accessKeyId");
  if (!change.alias.has_value() && (!local.has_value() || !key.has_value()) && error.empty()) {
    error = "data did not match any variant of untagged enum BucketAliasEnum";
  }
  change.local_alias = local.value_or("");
  change.key = key.value_or("");
  return change;
}

constexpr std::size_t kShownDigits = 16;

// An id as it stands in messages.
std::string Short(const std::string& id) { return id.substr(0, kShownDigits); }

Reply Add(Store& store, const AliasChange& change, Bucket& bucket) {
  if (change.alias.has_value()) {
    if (!IsBucketName(*change.alias)) {
      return {.status = 400, .code = "InvalidBucketName", .message = "Invalid bucket name: " + *change.alias};
    }
    auto const [place, added] = store.aliases.emplace(*change.alias, bucket.id);
    if (place->second != bucket.id) {
      return BadRequest(Cat({"Alias ", *change.alias,
                             " already exists and points to different bucket: ", Short(place->second)}));
    }
    bucket.aliases.insert(*change.alias);
    return Ok(ShowBucket(store, bucket));
  }
  Key* const key = store.FindKey(change.key);
  if (key == nullptr) return NoSuchKey(change.key);
  if (!IsBucketName(change.local_alias)) {
    return {
        .status = 400, .code = "InvalidBucketName", .message = "Invalid bucket name: " + change.local_alias};
  }
  std::string& target = key->aliases[change.local_alias];
  if (!target.empty() && target != bucket.id) {
    return BadRequest(Cat({"Alias ", change.local_alias, " already exists in namespace of key ", change.key,
                           " and points to different bucket: ", Short(target)}));
  }
  target = bucket.id;
  return Ok(ShowBucket(store, bucket));
}

Reply LastAlias(const std::string& alias) {
  return BadRequest(
      Cat({"Bucket ", alias, " doesn't have other aliases, please delete it instead of just unaliasing."}));
}

Reply Remove(Store& store, const AliasChange& change, Bucket& bucket) {
  if (change.alias.has_value()) {
    auto const found = store.aliases.find(*change.alias);
    if (found == store.aliases.end() || found->second != bucket.id) {
      return Internal("Internal error: alias not found or does not point to bucket " + Short(bucket.id));
    }
    if (!store.HasOtherAlias(bucket, *change.alias, "")) return LastAlias(*change.alias);
    bucket.aliases.erase(*change.alias);
    store.aliases.erase(found);
    return Ok(ShowBucket(store, bucket));
  }
  Key* const key = store.FindKey(change.key);
  if (key == nullptr) return NoSuchKey(change.key);
  auto const found = key->aliases.find(change.local_alias);
  if (found == key->aliases.end() || found->second != bucket.id) {
    return Internal(Cat({"Bucket ", Short(bucket.id), " does not have alias ", change.local_alias,
                         " in namespace of key ", change.key}));
  }
  if (!store.HasOtherAlias(bucket, change.local_alias, change.key)) return LastAlias(change.local_alias);
  found->second.clear();
  return Ok(ShowBucket(store, bucket));
}

Parsed ChangeAlias(const Call& call, Reply (*apply)(Store&, const AliasChange&, Bucket&)) {
  return WithBody(call, "BucketAliasEnum", ReadAliasChange, [apply](const AliasChange& change) {
    return [change, apply](Store& store, const std::string&) {
      std::string error;
      auto const id = ParseBucketId(change.bucket, error);
      if (!id.has_value()) return BadRequest(error);
      Bucket* const bucket = store.FindBucket(*id);
      return bucket == nullptr ? NoSuchBucket(*id) : apply(store, change, *bucket);
    };
  });
}

Parsed AddBucketAlias(const Call& call) { return ChangeAlias(call, Add); }
Parsed RemoveBucketAlias(const Call& call) { return ChangeAlias(call, Remove); }

}  // namespace

std::vector<Endpoint> AliasEndpoints() {
  return {{.method = "POST", .name = "AddBucketAlias", .parse = AddBucketAlias},
          {.method = "POST", .name = "RemoveBucketAlias", .parse = RemoveBucketAlias}};
}

}  // namespace fediversity::emulators::garage
