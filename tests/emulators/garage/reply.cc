#include "tests/emulators/garage/reply.h"

namespace fediversity::emulators::garage {

Reply BadRequest(const std::string& why) {
  return {.status = 400, .code = "InvalidRequest", .message = "Bad request: " + why};
}

Reply InvalidJson(const std::string& why, std::size_t column) {
  return BadRequest("Invalid JSON: " + why + " at line 1 column " + std::to_string(column));
}

Reply Denied(const std::string& why) {
  return {.status = 403, .code = "AccessDenied", .message = "Forbidden: " + why};
}

Reply NoSuchBucket(const std::string& name) {
  return {.status = 404, .code = "NoSuchBucket", .message = "Bucket not found: " + name};
}

Reply NoSuchKey(const std::string& id) {
  return {.status = 404, .code = "NoSuchAccessKey", .message = "Access key not found: " + id};
}

Reply NoSuchToken(const std::string& id) {
  return {.status = 404, .code = "NoSuchAdminToken", .message = "Admin token not found: " + id};
}

Reply Conflict(const std::string& code, const std::string& message) {
  return {.status = 409, .code = code, .message = message};
}

Reply Internal(const std::string& what) {
  return {.status = 500, .code = "InternalError", .message = "Internal error: " + what};
}

std::string CodeOf(int status) {
  switch (status) {
    case 400: return "InvalidRequest";
    case 403: return "AccessDenied";
    case 404: return "NoSuchBucket";
    case 409: return "BucketNotEmpty";
    case 503: return "ServiceUnavailable";
    default: return "InternalError";
  }
}

}  // namespace fediversity::emulators::garage
