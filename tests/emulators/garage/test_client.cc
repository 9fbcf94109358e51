#include "tests/emulators/garage/test_client.h"

#include <curl/curl.h>

#include <memory>

namespace fediversity::emulators::garage {
namespace {

std::size_t Append(const char* data, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

}  // namespace

TestAnswer SendTest(const TestRequest& request) {
  constexpr long kSeconds = 30;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> const curl(curl_easy_init(), &curl_easy_cleanup);
  curl_slist* list = nullptr;
  auto const add = [&list](const std::string& header) { list = curl_slist_append(list, header.c_str()); };
  add("Content-Type: application/octet-stream");
  if (request.bearer.has_value()) add("Authorization: Bearer " + *request.bearer);
  if (!request.host.empty()) add("Host: " + request.host);
  std::string const scheme = "aws:amz:" + request.region + ":s3";
  std::string const user = request.key + ":" + request.secret;
  if (!request.key.empty()) {
    add("x-amz-content-sha256: UNSIGNED-PAYLOAD");
    curl_easy_setopt(curl.get(), CURLOPT_AWS_SIGV4, scheme.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_USERPWD, user.c_str());
  }
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> const headers(list, &curl_slist_free_all);
  TestAnswer answer;
  curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, kSeconds);
  if (request.method == "POST" || request.method == "PUT" || !request.body.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, request.body.c_str());
  }
  curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  if (curl_easy_perform(curl.get()) != CURLE_OK) return {};
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace fediversity::emulators::garage
