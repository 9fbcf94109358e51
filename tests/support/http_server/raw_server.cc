#include "tests/support/http_server/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace fediversity::testing {
namespace {

constexpr int kBacklog = 64;

void Must(bool success, const char* what) {
  if (success) return;
  std::perror(what);
  std::abort();
}

std::size_t ContentLength(const std::string& head) {
  const char* const header = strcasestr(head.c_str(), "\r\ncontent-length:");
  return header == nullptr ? 0 : std::strtoul(header + std::strlen("\r\ncontent-length:"), nullptr, 10);
}

}  // namespace

RawServer::RawServer(Session session)
    : session_(std::move(session)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  Must(bind(listener_.get(), generic, size) == 0, "bind");
  Must(getsockname(listener_.get(), generic, &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
  Start();
}

RawServer::RawServer(const std::string& unix_socket, Session session)
    : session_(std::move(session)),
      listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  Must(unix_socket.size() < sizeof(address.sun_path), "the socket's path is too long");
  std::copy(unix_socket.begin(), unix_socket.end(), address.sun_path);
  Must(bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0, "bind");
  Start();
}

void RawServer::Start() {
  Must(listen(listener_.get(), kBacklog) == 0, "listen");
  acceptor_ = std::thread([this] { Accept(); });
}

RawServer::~RawServer() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    for (int const fd : open_) shutdown(fd, SHUT_RDWR);
  }
  shutdown(listener_.get(), SHUT_RDWR);  // wakes accept()
  acceptor_.join();
  for (std::thread& session : sessions_) session.join();
}

int RawServer::connections() const {
  std::lock_guard const lock(mutex_);
  return connections_;
}

void RawServer::Accept() {
  while (true) {
    int const fd = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    std::lock_guard const lock(mutex_);
    if (stopping_ || fd < 0) {
      UniqueFd const unwanted(fd);
      if (stopping_) return;
      continue;
    }
    ++connections_;
    open_.push_back(fd);
    sessions_.emplace_back([this, fd] {
      session_(fd);
      std::lock_guard const session_lock(mutex_);
      open_.remove(fd);
      UniqueFd const done(fd);
    });
  }
}

std::string ReadRequest(int fd) {
  std::string request;
  std::size_t wanted = std::string::npos;
  std::array<char, 4096> buffer{};
  while (wanted == std::string::npos || request.size() < wanted) {
    ssize_t const size = recv(fd, buffer.data(), buffer.size(), 0);
    if (size <= 0) return {};
    request.append(buffer.data(), static_cast<std::size_t>(size));
    std::size_t const end = request.find("\r\n\r\n");
    if (end != std::string::npos) wanted = end + 4 + ContentLength(request.substr(0, end + 2));
  }
  return request;
}

bool WriteText(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t const size = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (size < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void WaitForEnd(int fd) {
  std::array<char, 4096> buffer{};
  while (recv(fd, buffer.data(), buffer.size(), 0) > 0) {
  }
}

std::string Http(int status, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

}  // namespace fediversity::testing
