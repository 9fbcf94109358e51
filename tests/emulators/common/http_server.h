#ifndef FEDIVERSITY_TESTS_EMULATORS_COMMON_HTTP_SERVER_H_
#define FEDIVERSITY_TESTS_EMULATORS_COMMON_HTTP_SERVER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "tests/emulators/common/http_message.h"
#include "tests/support/http_server/test_certificate.h"

namespace fediversity::emulators {

// An HTTP server on 127.0.0.1 that asks `handler` for every answer, in a thread for each connection. Stops at its end,
// which ends the connections.
class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  // On a free port for 0; over TLS with a certificate. Closes a connection after `idle` without a request, never for 0.
  // Ends the program where it cannot listen.
  HttpServer(const testing::TestCertificate* certificate, int port, Handler handler,
             std::chrono::milliseconds idle = std::chrono::milliseconds(0));
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const { return port_; }
  // How many connections were accepted.
  int connections() const;
  // The most that were open at once since the last call.
  int TakeMostOpen();

 private:
  class Listener;

  std::unique_ptr<Listener> listener_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_COMMON_HTTP_SERVER_H_
