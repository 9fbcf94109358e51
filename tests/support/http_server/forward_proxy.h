#ifndef FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_FORWARD_PROXY_H_
#define FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_FORWARD_PROXY_H_

#include <mutex>
#include <string>
#include <vector>

#include "tests/support/http_server/raw_server.h"

namespace fediversity::testing {

// A forward proxy that finds every host at 127.0.0.1, whatever its name: by CONNECT (RFC 9110, section 9.3.6) or by a
// request in absolute form, of which it carries one per connection. Keeps the first lines and credentials it was sent.
class ForwardProxy {
 public:
  struct Options {
    int refuse_with = 0;             // an HTTP status in place of a tunnel; 0 for none
    std::string authorization = {};  // value that Proxy-Authorization must have; 407 otherwise
  };

  explicit ForwardProxy(Options options);
  ForwardProxy() : ForwardProxy(Options{}) {}

  // "127.0.0.1:4711".
  std::string Address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  // "CONNECT service.test:443 HTTP/1.1", and what followed up to the empty line.
  std::vector<std::string> heads() const;

 private:
  void Serve(int client);

  Options options_;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  RawServer server_;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_FORWARD_PROXY_H_
