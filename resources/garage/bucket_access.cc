#include "resources/garage/bucket_access.h"

#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_resource.h"
#include "resources/garage/bucket_access_model.h"
#include "resources/garage/jkossis_state.h"

namespace fediversity::resources {
namespace {

using AccessContext = schema::Context<GarageBucketAccess>;

garage::Permissions PermissionsOf(const GarageBucketAccess& access) {
  return {.read = access.read.value_or(false),
          .write = access.write.value_or(false),
          .owner = access.owner.value_or(false)};
}

// NotFound where the key may do nothing.
absl::StatusOr<GarageBucketAccess> WithPermissions(GarageBucketAccess access, const garage::Bucket& bucket) {
  auto const key = bucket.keys.find(*access.access_key_id);
  if (key == bucket.keys.end() || !key->second.permissions.any()) {
    return absl::NotFoundError(
        Cat({"Key ", *access.access_key_id,
             " has no access to the bucket\nGarage knows of no permission of the key on bucket ",
             *access.bucket_id, "."}));
  }
  access.read = key->second.permissions.read;
  access.write = key->second.permissions.write;
  access.owner = key->second.permissions.owner;
  return access;
}

class BucketAccessResource final : public schema::Resource<GarageBucketAccess> {
 public:
  explicit BucketAccessResource(const Slot<garage::Api>& garage) : garage_(garage) {}

  void Validate(const GarageBucketAccess& config, schema::Diagnostics& diagnostics) const override {
    if (config.read.is_unknown() || config.write.is_unknown() || config.owner.is_unknown()) return;
    if (PermissionsOf(config).any()) return;
    diagnostics.AddError(
        "An access that allows nothing is none",
        "At least one of `read`, `write` and `owner` has to be true. To take all permissions away, remove "
        "the resource.");
  }

  absl::StatusOr<GarageBucketAccess> Read(GarageBucketAccess state, AccessContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(garage::Bucket const bucket, api->FetchBucket(*state.bucket_id, context.limits()));
    return WithPermissions(std::move(state), bucket);
  }

  absl::StatusOr<GarageBucketAccess> Create(GarageBucketAccess plan, AccessContext& context) override {
    return Set(std::move(plan), context);
  }
  absl::StatusOr<GarageBucketAccess> Update(GarageBucketAccess, GarageBucketAccess plan,
                                            AccessContext& context) override {
    return Set(std::move(plan), context);
  }

  absl::Status Delete(GarageBucketAccess state, AccessContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    return api->SetPermissions(*state.bucket_id, *state.access_key_id, {}, context.limits()).status();
  }

  absl::StatusOr<std::optional<GarageBucketAccess>> Move(const schema::ForeignState& source,
                                                         schema::PrivateState&) const override {
    return BucketAccessFromJkossis(source);
  }

  absl::Duration DefaultTimeout(std::string_view) const override { return absl::Minutes(5); }

 private:
  // What was done of it before a failure is seen by the next read, and done again by the next apply: nothing has to be
  // recorded, since nothing can be lost.
  absl::StatusOr<GarageBucketAccess> Set(GarageBucketAccess plan, AccessContext& context) {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    auto const bucket =
        api->SetPermissions(*plan.bucket_id, *plan.access_key_id, PermissionsOf(plan), context.limits());
    if (!bucket.ok()) {
      // Both exist in the plan, so one that does not is an error and no end.
      bool const missing = absl::IsNotFound(bucket.status());
      return missing ? absl::FailedPreconditionError(bucket.status().message()) : bucket.status();
    }
    return WithPermissions(std::move(plan), *bucket);
  }

  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyResource> MakeGarageBucketAccess(const Slot<garage::Api>& garage) {
  return schema::MakeResource<GarageBucketAccess>(kGarageBucketAccess,
                                                  std::make_unique<BucketAccessResource>(garage));
}

}  // namespace fediversity::resources
