#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_API_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_API_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/garage/bucket.h"
#include "provider/backends/garage/cluster.h"
#include "provider/backends/garage/key.h"
#include "provider/backends/garage/permissions.h"
#include "provider/backends/garage/settings.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"

namespace fediversity::garage {

// What keys are called that live as long as a bucket is being emptied.
inline constexpr std::string_view kEmptyingKeyName = "terraform-provider-fediversity empties a bucket";

// What a Garage cluster (2.0 and later) does for us, by its admin API, version 2. Thread-safe.
//
// Every method answers within its limits and says in its errors what happened, to what, and what to do:
//
//   NotFound            the bucket or key does not exist, for certain: the service itself says so
//   PermissionDenied    the token is in order, and its scope lacks the call, which is named
//   Unauthenticated     the token is wrong or expired
//   InvalidArgument     the service refuses what was sent, with its reason
//   AlreadyExists       the alias leads to another bucket, or the access key id is taken (also by a deleted key)
//   FailedPrecondition  not in this state: objects inside, the last alias, no S3 endpoint
//   Unimplemented       the server is too old: it has version 1 only, or drops what was sent. What it took is done.
//   Unavailable         no answer, no quorum. After a write, the message says so where nobody knows whether it was
//                       carried out.
//   Internal            a fault of the server, or an answer that is not one of Garage's
//   Cancelled, DeadlineExceeded
//
// Every call costs the server 20 ms of one core. Fetch and List answer out of what was listed before, as far as no
// write of ours came after; Read and Find ask. Reads are repeated where a failure may pass, and so are writes that
// do the same twice. A write's answer is compared with what was sent.
class Api {
 public:
  virtual ~Api() = default;

  // The endpoint of the settings, by which notes (provider/base/journal.h) tell clusters apart.
  virtual const std::string& service() const = 0;

  // --- Buckets.

  // Out of the listing, which is made once for all who ask at the same time; a few buckets alone are asked for one by
  // one. NotFound as the class says, for a listing alone is not believed.
  virtual absl::StatusOr<Bucket> FetchBucket(std::string_view id, const CallLimits& limits) = 0;
  virtual absl::StatusOr<std::shared_ptr<const Buckets>> ListBuckets(const CallLimits& limits) = 0;
  // One call.
  virtual absl::StatusOr<Bucket> ReadBucket(std::string_view id, const CallLimits& limits) = 0;
  // The bucket that a global alias leads to; NotFound where it leads to none. One call.
  virtual absl::StatusOr<Bucket> FindBucket(std::string_view global_alias, const CallLimits& limits) = 0;

  // Makes a bucket by an alias that nobody else has heard of (DrawProvisionalAlias), or without any: record its id before
  // anything else. Sent once. Where the answer is lost, the bucket is looked for by its alias, and taken up. Unavailable
  // where it is not to be seen, or has none: then it may be there nevertheless, and the message names the buckets
  // without a name that may be it.
  virtual absl::StatusOr<Bucket> CreateBucket(std::string_view alias, const CallLimits& limits) = 0;
  // Unimplemented, naming the fields, where the answer does not hold what was sent.
  virtual absl::StatusOr<Bucket> UpdateBucket(std::string_view id, const BucketChange& change,
                                              const CallLimits& limits) = 0;
  // OK only when the bucket is gone, and where it was gone before. Its aliases and grants go with it, and so do
  // uploads that were not finished. FailedPrecondition where objects are inside.
  virtual absl::Status DeleteBucket(std::string_view id, const CallLimits& limits) = 0;

  // Makes `alias` lead to the bucket and looks whether it does: two calls. OK where it did before. AlreadyExists
  // where it leads to another bucket, which the message names, also where that was a little faster on another node;
  // then the bucket may go on claiming the alias, which no call can take back but DeleteBucket().
  virtual absl::StatusOr<Bucket> AddGlobalAlias(std::string_view id, std::string_view alias,
                                                const CallLimits& limits) = 0;
  // OK where it is absent. FailedPrecondition for the last name of a bucket, local ones included: add first. The
  // answer may go on claiming an alias that leads to another bucket.
  virtual absl::StatusOr<Bucket> RemoveGlobalAlias(std::string_view id, std::string_view alias,
                                                   const CallLimits& limits) = 0;
  // The same for a name that only one key knows. NotFound where the bucket or the key does not exist.
  virtual absl::StatusOr<Bucket> AddLocalAlias(std::string_view id, std::string_view access_key_id,
                                               std::string_view alias, const CallLimits& limits) = 0;
  virtual absl::StatusOr<Bucket> RemoveLocalAlias(std::string_view id, std::string_view access_key_id,
                                                  std::string_view alias, const CallLimits& limits) = 0;

  // Makes exactly these the permissions of a key on a bucket: one call, two where it had others. Both have to exist
  // unless nothing is permitted: then it is OK where either is gone.
  virtual absl::StatusOr<Bucket> SetPermissions(std::string_view id, std::string_view access_key_id,
                                                const Permissions& permissions, const CallLimits& limits) = 0;

  // Deletes uploads that were begun longer ago; answers how many.
  virtual absl::StatusOr<std::uint64_t> CleanupIncompleteUploads(std::string_view id,
                                                                 absl::Duration older_than,
                                                                 const CallLimits& limits) = 0;
  // Deletes all objects and uploads, by S3, with a key that lives no longer than that, and whose id is announced before
  // it is made; answers how many objects there were. FailedPrecondition without an S3 endpoint. What was deleted before
  // an error stays deleted.
  using AnnounceKey = std::function<void(const std::string& access_key_id)>;
  virtual absl::StatusOr<std::uint64_t> EmptyBucket(std::string_view id, const AnnounceKey& announce,
                                                    const CallLimits& limits) = 0;

  // --- Keys, as buckets above.

  virtual absl::StatusOr<Key> FetchKey(std::string_view access_key_id, const CallLimits& limits) = 0;
  virtual absl::StatusOr<std::shared_ptr<const Keys>> ListKeys(const CallLimits& limits) = 0;
  virtual absl::StatusOr<Key> ReadKey(std::string_view access_key_id, const CallLimits& limits) = 0;
  virtual absl::StatusOr<Secret> ReadSecret(std::string_view access_key_id, const CallLimits& limits) = 0;

  // Makes a key out of credentials that the caller has drawn or was given. Sent twice, it makes one key: OK too where
  // a key of this id is there with this secret and name. AlreadyExists where it has others, and where such a key was
  // deleted: then the id can never be used again.
  virtual absl::StatusOr<Key> ImportKey(const KeyCredentials& credentials, std::string_view name,
                                        const CallLimits& limits) = 0;
  virtual absl::StatusOr<Key> UpdateKey(std::string_view access_key_id, const KeyChange& change,
                                        const CallLimits& limits) = 0;
  // OK where it was gone before. Its grants and local aliases go with it.
  virtual absl::Status DeleteKey(std::string_view access_key_id, const CallLimits& limits) = 0;

  // --- The cluster and the token. One call each.

  virtual absl::StatusOr<Health> ReadHealth(const CallLimits& limits) = 0;
  virtual absl::StatusOr<ClusterStatus> ReadStatus(const CallLimits& limits) = 0;
  virtual absl::StatusOr<Layout> ReadLayout(const CallLimits& limits) = 0;
  virtual absl::StatusOr<Statistics> ReadStatistics(const CallLimits& limits) = 0;
  // Of the node that answers: "2.5.0".
  virtual absl::StatusOr<std::string> ReadVersion(const CallLimits& limits) = 0;
  // Works with every token that is valid. Unimplemented before 2.1.
  virtual absl::StatusOr<TokenInfo> ReadToken(const CallLimits& limits) = 0;

  // Makes the next Fetch or List ask anew.
  virtual void DropListing() = 0;
};

// Opens nothing yet: the first call does. `clock` must outlive it. InvalidArgument where the settings are wrong,
// FailedPrecondition where the environment's proxy is.
absl::StatusOr<std::unique_ptr<Api>> MakeApi(const Settings& settings, const Environment& environment,
                                             const Logger& logger, Clock& clock);

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_API_H_
