#include <utility>

#include "provider/backends/garage/encode.h"
#include "provider/backends/garage/error.h"
#include "provider/backends/garage/http_api.h"
#include "provider/backends/garage/names.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

using nlohmann::json;

json GrantBody(std::string_view id, std::string_view access_key_id, const Permissions& permissions) {
  return {{"bucketId", id}, {"accessKeyId", access_key_id}, {"permissions", Encode(permissions)}};
}

Permissions PermissionsIn(const Bucket& bucket, std::string_view access_key_id) {
  auto const key = bucket.keys.find(access_key_id);
  return key == bucket.keys.end() ? Permissions{} : key->second.permissions;
}

Permissions Without(const Permissions& all, const Permissions& kept) {
  return {
      .read = all.read && !kept.read, .write = all.write && !kept.write, .owner = all.owner && !kept.owner};
}

// What `what` was done to, where the key or the bucket is gone: permissions go with either.
bool IsGone(const absl::Status& status) { return CauseOf(status) == Cause::kNoSuchThing; }

}  // namespace

absl::StatusOr<Bucket> HttpApi::SetPermissions(std::string_view id, std::string_view access_key_id,
                                               const Permissions& permissions, const CallLimits& limits) {
  std::string const what = OfBucket(id, Cat({"changing what key ", ValidUtf8(access_key_id), " may do"}));
  if (!permissions.any()) {
    constexpr Permissions kAll{.read = true, .write = true, .owner = true};
    auto denied = WriteBucket("DenyBucketKey", GrantBody(id, access_key_id, kAll), what, limits);
    if (denied.ok() || !IsGone(denied.status())) return denied;
    auto bucket = ReadBucket(id, limits);
    if (absl::IsNotFound(bucket.status())) return Bucket{.id = std::string(id)};
    return bucket;
  }
  ASSIGN_OR_RETURN(Bucket bucket,
                   WriteBucket("AllowBucketKey", GrantBody(id, access_key_id, permissions), what, limits));
  Permissions const surplus = Without(PermissionsIn(bucket, access_key_id), permissions);
  if (surplus.any()) {
    ASSIGN_OR_RETURN(bucket,
                     WriteBucket("DenyBucketKey", GrantBody(id, access_key_id, surplus), what, limits));
  }
  if (PermissionsIn(bucket, access_key_id) == permissions) return bucket;
  return absl::AbortedError(ToAbsl(
      Cat({what,
           ": somebody else changes it at the same time\nThe server's answer has other permissions than "
           "were set. Try again."})));
}

}  // namespace fediversity::garage
