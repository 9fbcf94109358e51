#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_TEST_CLIENT_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_TEST_CLIENT_H_

#include <optional>
#include <string>

#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

struct TestRequest {
  std::string method;
  std::string url;
  std::string body = {};
  std::optional<std::string> bearer = {};
  // Signed for S3, where there is a key.
  std::string key = {};
  std::string secret = {};
  std::string region = "garage";
  std::string host = {};  // the Host header, where it is not that of the URL
};

struct TestAnswer {
  int status = 0;  // 0: the connection ended without an answer
  std::string body;

  Json json() const { return Json::parse(body, nullptr, false); }
};

// Sends one request over a connection of its own, as curl does.
TestAnswer SendTest(const TestRequest& request);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_TEST_CLIENT_H_
