#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "provider/backends/garage/access_check.h"
#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/encode.h"
#include "provider/backends/garage/error.h"

namespace {

using namespace fediversity;          // NOLINT
using namespace fediversity::garage;  // NOLINT

// Whatever a refusal says, it is an error, and only the service's own word makes a thing gone.
void Refuse(const std::string& body, int status) {
  http::Request const request{.path = {"v2", "GetBucketInfo"}};
  http::Response const response{.status = status, .body = body};
  absl::Status const error = ErrorOf(request, response, "GetBucketInfo", "x");
  if (error.ok() || error.message().empty()) std::abort();
  if (absl::IsNotFound(error) != (CauseOf(error) == Cause::kNoSuchThing)) std::abort();
}

// Sent as it was answered, and answered as it is now, nothing is missing.
void SendBack(const Bucket& bucket) {
  BucketChange change{.website = bucket.website,
                      .quotas = bucket.quotas,
                      .cors_rules = bucket.cors_rules,
                      .lifecycle_rules = bucket.lifecycle_rules};
  if (!Missing(change, bucket).empty()) std::abort();
  if (!Encode(change).is_object()) std::abort();
  for (const auto& [id, key] : bucket.keys) {
    if (!key.permissions.any() && key.local_aliases.empty()) std::abort();
  }
}

}  // namespace

// Bodies of answers: as refusals, and as what each call decodes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string const body(reinterpret_cast<const char*>(data), size);
  for (int const status : {302, 400, 403, 404, 409, 500, 502, 503}) Refuse(body, status);
  static_cast<void>(PlainVersion(body));
  nlohmann::json const answer = nlohmann::json::parse(body, nullptr, false);
  if (answer.is_discarded()) return 0;
  if (auto const bucket = DecodeBucket(answer, "x"); bucket.ok()) SendBack(*bucket);
  if (auto const buckets = DecodeBuckets(answer, "x"); buckets.ok()) {
    for (const Bucket& bucket : *buckets) SendBack(bucket);
  }
  if (auto const key = DecodeKey(answer, "x"); key.ok()) {
    KeyChange const change{
        .name = key->name, .expiration = key->expiration, .create_bucket = key->create_bucket};
    static_cast<void>(Missing(change, *key));
    static_cast<void>(Encode(change));
  }
  static_cast<void>(DecodeKeys(answer, "x"));
  static_cast<void>(DecodeSecret(answer, "x"));
  static_cast<void>(DecodeList(answer, "x"));
  static_cast<void>(DecodeHealth(answer, "x"));
  static_cast<void>(DecodeStatus(answer, "x"));
  static_cast<void>(DecodeLayout(answer, "x"));
  static_cast<void>(DecodeStatistics(answer, "x"));
  static_cast<void>(DecodeVersion(answer, "x"));
  static_cast<void>(DecodeUploadsDeleted(answer, "x"));
  if (auto const token = DecodeToken(answer, "x"); token.ok()) static_cast<void>(CheckAccess(*token));
  return 0;
}
