#include <utility>

#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/error.h"
#include "provider/backends/garage/http_api.h"
#include "provider/backends/garage/names.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

using nlohmann::json;

json GlobalBody(std::string_view id, std::string_view alias) {
  return {{"bucketId", id}, {"globalAlias", alias}};
}

json LocalBody(std::string_view id, std::string_view access_key_id, std::string_view alias) {
  return {{"bucketId", id}, {"localAlias", alias}, {"accessKeyId", access_key_id}};
}

std::string Doing(std::string_view verb, std::string_view alias) {
  return Cat({verb, " the alias ", ValidUtf8(alias)});
}
std::string Doing(std::string_view verb, std::string_view access_key_id, std::string_view alias) {
  return Cat({verb, " the alias ", ValidUtf8(alias), " of key ", ValidUtf8(access_key_id)});
}

// The same refusal, of the last name of a bucket.
absl::Status LastName(const absl::Status& refusal, std::string_view what) {
  return Reworded(
      refusal, absl::StatusCode::kFailedPrecondition,
      Cat({what,
           ": it is the bucket's last name\nGarage lets no bucket lose its last alias: add another one first, or "
           "delete the bucket.\n",
           PartsOf(refusal).detail}));
}

bool HasOneName(const Bucket& bucket) {
  std::size_t names = bucket.global_aliases.size();
  for (const auto& [id, key] : bucket.keys) names += key.local_aliases.size();
  return names <= 1;
}

}  // namespace

absl::StatusOr<Bucket> HttpApi::VerifyAlias(std::string_view id, std::string_view alias,
                                            const CallLimits& limits) {
  ASSIGN_OR_RETURN(Bucket found, FindBucket(alias, limits));
  if (found.id == id) return found;
  return WithCause(
      absl::AlreadyExistsError(ToAbsl(Cat(
          {OfBucket(id, Doing("adding", alias)), ": it leads to bucket ", ShortId(found.id),
           "\nAn alias leads to one "
           "bucket only. Choose another one, take this one from that bucket, or import that bucket: its id is ",
           found.id, "."}))),
      Cause::kTaken);
}

absl::StatusOr<Bucket> HttpApi::AddGlobalAlias(std::string_view id, std::string_view alias,
                                               const CallLimits& limits) {
  std::string const what = OfBucket(id, Doing("adding", alias));
  auto const added = WriteBucket("AddBucketAlias", GlobalBody(id, alias), what, limits);
  bool const refused = CauseOf(added.status()) == Cause::kInvalid;
  if (!added.ok() && !refused) return added.status();
  // On another node somebody may have been given the same alias at the same time, and both were told that they have it.
  auto found = VerifyAlias(id, alias, limits);
  if (!refused || found.ok() || absl::IsAlreadyExists(found.status())) {
    if (!absl::IsNotFound(found.status())) return found;
    return absl::AbortedError(
        ToAbsl(Cat({what,
                    ": somebody has taken it away at the same time\nThe server said that "
                    "it was added, and then that it leads nowhere. Try again."})));
  }
  // It leads nowhere, so that the name itself was refused.
  return added;
}

absl::StatusOr<Bucket> HttpApi::RemoveGlobalAlias(std::string_view id, std::string_view alias,
                                                  const CallLimits& limits) {
  std::string const what = OfBucket(id, Doing("removing", alias));
  auto removed = WriteBucket("RemoveBucketAlias", GlobalBody(id, alias), what, limits);
  Cause const cause = CauseOf(removed.status());
  // An alias that is not there, or leads to another bucket, is an internal error to the service.
  if (cause != Cause::kInternal && cause != Cause::kInvalid) return removed;
  ASSIGN_OR_RETURN(Bucket bucket, ReadBucket(id, limits));
  if (!bucket.global_aliases.contains(std::string(alias))) return bucket;
  auto const holder = FindBucket(alias, limits);
  bool const elsewhere = holder.ok() ? holder->id != id : absl::IsNotFound(holder.status());
  if (elsewhere) return bucket;
  if (cause == Cause::kInvalid && HasOneName(bucket)) return LastName(removed.status(), what);
  return removed;
}

absl::StatusOr<Bucket> HttpApi::AddLocalAlias(std::string_view id, std::string_view access_key_id,
                                              std::string_view alias, const CallLimits& limits) {
  std::string const what = OfBucket(id, Doing("adding", access_key_id, alias));
  auto added = WriteBucket("AddBucketAlias", LocalBody(id, access_key_id, alias), what, limits);
  if (CauseOf(added.status()) != Cause::kInvalid) return added;
  // Either the name is refused, or the key knows another bucket by it.
  ASSIGN_OR_RETURN(Key const key, ReadKey(access_key_id, limits));
  for (const auto& [bucket_id, bucket] : key.buckets) {
    if (bucket_id == id || !bucket.local_aliases.contains(std::string(alias))) continue;
    return Reworded(
        added.status(), absl::StatusCode::kAlreadyExists,
        Cat({what, ": it leads to bucket ", ShortId(bucket_id),
             "\nA name leads each key to one bucket only. Choose another one, or take this one from bucket ",
             bucket_id, ".\n", PartsOf(added.status()).detail}));
  }
  return added;
}

absl::StatusOr<Bucket> HttpApi::RemoveLocalAlias(std::string_view id, std::string_view access_key_id,
                                                 std::string_view alias, const CallLimits& limits) {
  std::string const what = OfBucket(id, Doing("removing", access_key_id, alias));
  auto removed = WriteBucket("RemoveBucketAlias", LocalBody(id, access_key_id, alias), what, limits);
  Cause const cause = CauseOf(removed.status());
  bool const key_gone = cause == Cause::kNoSuchThing;
  if (cause != Cause::kInternal && cause != Cause::kInvalid && !key_gone) return removed;
  // The names of a key go with it.
  ASSIGN_OR_RETURN(Bucket bucket, ReadBucket(id, limits));
  auto const key = ReadKey(access_key_id, limits);
  if (absl::IsNotFound(key.status())) return bucket;
  RETURN_IF_ERROR(key.status());
  auto const known = key->buckets.find(id);
  if (known == key->buckets.end() || !known->second.local_aliases.contains(std::string(alias))) return bucket;
  if (cause == Cause::kInvalid && HasOneName(bucket)) return LastName(removed.status(), what);
  return removed;
}

}  // namespace fediversity::garage
