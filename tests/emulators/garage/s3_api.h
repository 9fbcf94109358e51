#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_S3_API_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_S3_API_H_

#include <string>

#include "tests/emulators/common/http_message.h"
#include "tests/emulators/garage/reply.h"

namespace fediversity::emulators::garage {

// Answers a request to the S3 port: objects, ListObjectsV2, DeleteObjects and uploads in parts, by path. Whether the
// key may do it is checked, not its signature. `who` becomes the id of the key.
HttpAnswer ServeS3(Store& store, const HttpRequest& request, std::string& who);

// An error as S3 words it: in XML.
HttpAnswer S3Error(const Reply& reply, const HttpRequest& request, const Store& store);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_S3_API_H_
