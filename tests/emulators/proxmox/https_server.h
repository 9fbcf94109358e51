#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_HTTPS_SERVER_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_HTTPS_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "tests/support/http_server/test_certificate.h"

namespace httplib {
struct Request;
}  // namespace httplib

namespace fediversity::emulators {

// An answer with a reason phrase of its own, or none at all.
struct HttpAnswer {
  int status = 200;
  std::string reason = "OK";
  std::string body = {};
  std::string content_type = "application/json;charset=UTF-8";
  std::string cookie = {};
  bool cut = false;  // the connection ends, and the client hears nothing
};

// An HTTPS server on 127.0.0.1 that asks `handler` for every answer, in a thread for each connection. Stops at its end,
// which ends the connections.
class HttpsServer {
 public:
  using Handler = std::function<HttpAnswer(const httplib::Request&)>;

  // On a free port for 0. Ends the program where it cannot listen.
  HttpsServer(const testing::TestCertificate& certificate, int port, Handler handler);
  ~HttpsServer();
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  int port() const { return port_; }
  // How many connections were accepted.
  int connections() const;

 private:
  class Listener;

  std::unique_ptr<Listener> listener_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_HTTPS_SERVER_H_
