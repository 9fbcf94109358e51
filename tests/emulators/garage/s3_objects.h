#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_S3_OBJECTS_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_S3_OBJECTS_H_

#include <string>

#include "tests/emulators/common/http_message.h"
#include "tests/emulators/garage/call.h"

namespace fediversity::emulators::garage {

// A request to the S3 port by somebody who may make it.
struct S3Call {
  const HttpRequest& request;
  std::string bucket_name;
  std::string object;  // "" for the bucket itself
  Query query;
};

HttpAnswer ListObjects(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer DeleteObjects(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer PutObject(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer GetObject(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer DeleteObject(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer StartUpload(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer PutPart(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer AbortUpload(Store& store, Bucket& bucket, const S3Call& call);
HttpAnswer ListUploads(Store& store, Bucket& bucket, const S3Call& call);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_S3_OBJECTS_H_
