#ifndef FEDIVERSITY_RESOURCES_GARAGE_BUCKET_ACCESS_MODEL_H_
#define FEDIVERSITY_RESOURCES_GARAGE_BUCKET_ACCESS_MODEL_H_

// The table of fediversity_garage_bucket_access.

#include <string>

#include "provider/schema/describe.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"
#include "resources/garage/rules.h"

namespace fediversity::resources {

struct GarageBucketAccess {
  schema::Value<std::string> bucket_id;
  schema::Value<std::string> access_key_id;
  schema::Value<bool> read;
  schema::Value<bool> write;
  schema::Value<bool> owner;
  schema::Value<schema::Timeouts> timeouts;
};

constexpr auto kGarageBucketAccess = schema::Describe<GarageBucketAccess>(
    {.name = "fediversity_garage_bucket_access",
     .doc =
         "What one key may do with one bucket of a Garage cluster: exactly what is written, so that a permission that is "
         "left out is taken away, also from a key that had it before.",
     .import_id = "{bucket_id}/{access_key_id}",
     .identity = {"bucket_id", "access_key_id"}},
    schema::Attr<&GarageBucketAccess::bucket_id>("bucket_id")
        .Required()
        .Replaces()
        .Check(kBucketId)
        .Doc("Id of the bucket."),
    schema::Attr<&GarageBucketAccess::access_key_id>("access_key_id")
        .Required()
        .Replaces()
        .Check(kAccessKeyId)
        .Doc("Id of the key."),
    schema::Attr<&GarageBucketAccess::read>("read").Default(false).Doc("Whether the key may read objects."),
    schema::Attr<&GarageBucketAccess::write>("write").Default(false).Doc(
        "Whether the key may write and delete objects."),
    schema::Attr<&GarageBucketAccess::owner>("owner").Default(false).Doc(
        "Whether the key may change the bucket itself by S3: its website, CORS and lifecycle rules, and whether it "
        "exists."),
    schema::Attr<&GarageBucketAccess::timeouts>("timeouts")
        .Optional()
        .Nested<schema::kTimeouts>()
        .Doc("How long each operation may take; five minutes where it is left out."));

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_BUCKET_ACCESS_MODEL_H_
