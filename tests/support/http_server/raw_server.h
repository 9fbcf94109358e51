#ifndef FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_RAW_SERVER_H_
#define FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_RAW_SERVER_H_

#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "provider/base/unique_fd.h"

namespace fediversity::testing {

// A TCP server on a free port of 127.0.0.1, or on a Unix socket, that does with each connection what a test wants:
// for answers that no decent server gives. At its end all connections are shut down, so sessions that read end.
class RawServer {
 public:
  // Runs in a thread of its own. The connection is closed when it returns.
  using Session = std::function<void(int fd)>;

  explicit RawServer(Session session);
  RawServer(const std::string& unix_socket, Session session);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // How many were accepted.
  int connections() const;

 private:
  void Start();
  void Accept();

  Session session_;
  UniqueFd listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  int connections_ = 0;
  std::list<int> open_;
  std::list<std::thread> sessions_;
  std::thread acceptor_;
};

// Reads up to the end of a request's head and as much body as its Content-Length says; "" at the end of the stream.
std::string ReadRequest(int fd);
// Returns false where the peer is gone.
bool WriteText(int fd, std::string_view text);
// Blocks until the peer closes.
void WaitForEnd(int fd);

// A complete answer.
std::string Http(int status, std::string_view body);

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_RAW_SERVER_H_
