#ifndef FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_HTTP_SERVER_H_
#define FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_HTTP_SERVER_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/http_server/test_certificate.h"

namespace httplib {
class Server;
struct Request;
struct Response;
}  // namespace httplib

namespace fediversity::testing {

struct ServedRequest {
  std::string method;
  std::string path;    // decoded
  std::string target;  // as it stands in the request line
  std::multimap<std::string, std::string> query;
  std::multimap<std::string, std::string> headers;
  std::string body;

  // The first value of a header, or "".
  std::string Header(const std::string& name) const;
  // The first value of a query parameter, or "".
  std::string Query(const std::string& name) const;
};

struct Answer {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// An HTTP server on a free port of 127.0.0.1 that asks `handler` for every answer, from several threads at once, and
// keeps what it was asked. Stops at its end, which waits for open connections: declare clients after it.
class HttpServer {
 public:
  using Handler = std::function<Answer(const ServedRequest&)>;

  // Speaks TLS with a certificate.
  explicit HttpServer(Handler handler, const TestCertificate* certificate = nullptr);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const { return port_; }
  // "http://127.0.0.1:4711", or https.
  std::string Url() const { return UrlOf("127.0.0.1"); }
  std::string UrlOf(const std::string& host) const;
  std::vector<ServedRequest> requests() const;
  // How many connections have carried a request.
  int connections() const;

 private:
  void Serve(const httplib::Request& request, httplib::Response& response);

  Handler handler_;
  bool tls_;
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<ServedRequest> requests_;
  std::set<int> remote_ports_;
  std::thread thread_;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_HTTP_SERVER_H_
