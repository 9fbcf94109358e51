#ifndef FEDIVERSITY_TESTS_PROVIDER_HTTP_CURL_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_HTTP_CURL_FIXTURE_H_

#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "provider/base/cancel.h"
#include "provider/http/curl_transport.h"
#include "provider/http/delivery.h"
#include "tests/support/http_server/http_server.h"

namespace fediversity::http {

// The text of a status, for matchers.
inline std::string Text(const absl::Status& status) { return std::string(status.message()); }

// Only these variables are set.
Environment EnvironmentOf(std::map<std::string, std::string> variables);

// A name that cannot be resolved, which is seen without asking a DNS server: its first label is too long.
std::string UnresolvableHost();

// A file that is removed at its end.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }
  std::string Read() const;

 private:
  std::string path_;
};

// An answer to any request.
fediversity::testing::Answer Ok(const fediversity::testing::ServedRequest& request);

// A port of 127.0.0.1 that refuses connections for as long as the object lives.
class RefusingPort {
 public:
  RefusingPort();
  ~RefusingPort();
  RefusingPort(const RefusingPort&) = delete;
  RefusingPort& operator=(const RefusingPort&) = delete;
  int port() const { return port_; }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int fd_;
  int port_ = 0;
};

class CurlTest : public ::testing::Test {
 protected:
  std::unique_ptr<CurlTransport> Open(const ConnectionOptions& options,
                                      std::map<std::string, std::string> environment = {});
  // One request over a transport of its own.
  absl::StatusOr<Response> SendOnce(const ConnectionOptions& options, const Request& request,
                                    std::map<std::string, std::string> environment = {});
  CallLimits Limits() const { return {cancel_}; }

  CancelToken cancel_;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_TESTS_PROVIDER_HTTP_CURL_FIXTURE_H_
