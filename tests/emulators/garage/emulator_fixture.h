#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_EMULATOR_FIXTURE_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_EMULATOR_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/emulators/garage/emulator.h"
#include "tests/emulators/garage/test_client.h"

namespace fediversity::emulators::garage {

// An emulator, and calls with the token of its configuration.
class GarageEmulatorTest : public ::testing::Test {
 protected:
  explicit GarageEmulatorTest(Version version = Version::kTwoFive)
      : garage_({.version = version, .region = "garage", .seed = 1}) {}

  TestAnswer Get(const std::string& target) {
    return SendTest({.method = "GET", .url = garage_.Url() + target, .bearer = garage_.token()});
  }
  TestAnswer Post(const std::string& target, const Json& body = nullptr) {
    return SendTest({.method = "POST",
                     .url = garage_.Url() + target,
                     .body = body.is_null() ? "" : body.dump(),
                     .bearer = garage_.token()});
  }
  // The id of a new bucket.
  std::string MakeBucket(const Json& body = Json::object()) {
    return Post("/v2/CreateBucket", body).json().value("id", "");
  }
  std::string MakeKey(const std::string& name) {
    return Post("/v2/CreateKey", {{"name", name}}).json().value("accessKeyId", "");
  }
  void Grant(const std::string& bucket, const std::string& key, const Json& permissions) {
    ASSERT_EQ(
        Post("/v2/AllowBucketKey", {{"bucketId", bucket}, {"accessKeyId", key}, {"permissions", permissions}})
            .status,
        200);
  }
  TestAnswer S3(const std::string& key, const std::string& method, const std::string& target,
                const std::string& body = "") {
    return SendTest(
        {.method = method, .url = garage_.S3Url() + target, .body = body, .key = key, .secret = "s"});
  }
  Json Bucket(const std::string& id) { return Get("/v2/GetBucketInfo?id=" + id).json(); }
  std::size_t Buckets() {
    return garage_.With([](const Store& store) { return store.buckets.size(); });
  }

  GarageEmulator garage_;
};

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_EMULATOR_FIXTURE_H_
