#include <algorithm>

#include "absl/strings/match.h"
#include "provider/backends/garage/http_api.h"
#include "provider/backends/garage/names.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

// They expire by themselves where nobody is left to delete them.
constexpr absl::Duration kLongestLife = absl::Hours(24);
// Another node may not know a new key yet: Garage's nodes compare what they have every 10 s.
constexpr absl::Duration kPropagation = absl::Seconds(15);
constexpr absl::Duration kPause = absl::Milliseconds(250);
constexpr absl::Duration kCleanUp = absl::Seconds(15);

absl::StatusOr<std::uint64_t> DeleteAllObjects(S3Client& s3, std::string_view id, const KeyCredentials& key,
                                               Clock& clock, const CallLimits& limits) {
  std::uint64_t deleted = 0;
  absl::Time const patience = clock.Now() + kPropagation;
  while (true) {
    auto const keys = s3.ListObjects(id, key, limits);
    if (absl::IsPermissionDenied(keys.status()) && deleted == 0 && clock.Now() < patience) {
      RETURN_IF_ERROR(clock.Sleep(kPause, limits.cancel, OfBucket(id, "waiting for a key to be known")));
      continue;
    }
    RETURN_IF_ERROR(keys.status());
    if (keys->empty()) return deleted;
    RETURN_IF_ERROR(s3.DeleteObjects(id, *keys, key, limits));
    deleted += keys->size();
  }
}

}  // namespace

absl::StatusOr<std::uint64_t> HttpApi::EmptyBucket(std::string_view id, const AnnounceKey& announce,
                                                   const CallLimits& limits) {
  if (s3_ == nullptr) {
    return absl::FailedPreconditionError(
        ToAbsl(Cat({OfBucket(id, "emptying it"),
                    ": no S3 endpoint is configured\nGarage's admin API deletes no objects. "
                    "Add `s3_endpoint`, such as \"http://[::1]:3900\", to `garage` in the "
                    "provider block."})));
  }
  ASSIGN_OR_RETURN(Bucket const bucket, ReadBucket(id, limits));
  // Of a run that was killed.
  for (const auto& [access_key_id, key] : bucket.keys) {
    if (key.name == kEmptyingKeyName) RETURN_IF_ERROR(DeleteKey(access_key_id, limits));
  }
  ASSIGN_OR_RETURN(KeyCredentials const key, DrawKeyCredentials());
  auto work = [&]() -> absl::StatusOr<std::uint64_t> {
    announce(key.access_key_id);
    RETURN_IF_ERROR(ImportKey(key, kEmptyingKeyName, limits).status());
    absl::Time const end = std::min(limits.deadline, clock_.Now() + kLongestLife);
    RETURN_IF_ERROR(UpdateKey(key.access_key_id, {.expiration = end}, limits).status());
    RETURN_IF_ERROR(SetPermissions(id, key.access_key_id, {.read = true, .write = true}, limits).status());
    ASSIGN_OR_RETURN(std::uint64_t const deleted, DeleteAllObjects(*s3_, id, key, clock_, limits));
    RETURN_IF_ERROR(CleanupIncompleteUploads(id, absl::ZeroDuration(), limits).status());
    return deleted;
  };
  auto result = work();
  // Also after an interrupt, and when the time is up; not for long then.
  CancelToken const not_cancelled;
  absl::Time const soon = clock_.Now() + kCleanUp;
  absl::Time const end = limits.cancel.cancelled() ? soon : std::max(limits.deadline, soon);
  absl::Status const forgotten = DeleteKey(key.access_key_id, {not_cancelled, end});
  if (!result.ok() || forgotten.ok()) return result;
  return forgotten;
}

}  // namespace fediversity::garage
