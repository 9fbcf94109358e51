#ifndef FEDIVERSITY_RESOURCES_GARAGE_JKOSSIS_STATE_H_
#define FEDIVERSITY_RESOURCES_GARAGE_JKOSSIS_STATE_H_

// Takes over the state of garage_bucket, garage_key and garage_bucket_permission of jkossis/garage. What that provider
// does not know of a bucket or a key is left null, which the next read fills in.

#include <optional>

#include "absl/status/statusor.h"
#include "provider/schema/resource.h"
#include "resources/garage/bucket_access_model.h"
#include "resources/garage/bucket_model.h"
#include "resources/garage/key_model.h"

namespace fediversity::resources {

// nullopt for what is of another type or another provider; InvalidArgument where what identifies the object is missing.
absl::StatusOr<std::optional<GarageBucket>> BucketFromJkossis(const schema::ForeignState& source);
absl::StatusOr<std::optional<GarageKey>> KeyFromJkossis(const schema::ForeignState& source);
absl::StatusOr<std::optional<GarageBucketAccess>> BucketAccessFromJkossis(const schema::ForeignState& source);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_JKOSSIS_STATE_H_
