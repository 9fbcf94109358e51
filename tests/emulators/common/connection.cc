#include "tests/emulators/common/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fediversity::emulators {

Connection::Connection(int socket, SSL_CTX* context) : socket_(socket) {
  if (context == nullptr) return;
  ssl_ = SSL_new(context);
  SSL_set_fd(ssl_, socket);
}

Connection::~Connection() {
  if (ssl_ != nullptr) {
    SSL_shutdown(ssl_);
    SSL_free(ssl_);
  }
  close(socket_);
}

bool Connection::Open() { return ssl_ == nullptr || SSL_accept(ssl_) == 1; }

bool Connection::HasMore(std::chrono::milliseconds patience) {
  bool const buffered = ssl_ != nullptr && SSL_pending(ssl_) > 0;
  if (patience.count() > 0 && !buffered) {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    if (poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return false;
  }
  char first = 0;
  return ssl_ != nullptr ? SSL_peek(ssl_, &first, 1) == 1 : recv(socket_, &first, 1, MSG_PEEK) == 1;
}

int Connection::Read(char* data, std::size_t size) {
  int const got = ssl_ != nullptr ? SSL_read(ssl_, data, static_cast<int>(size))
                                  : static_cast<int>(recv(socket_, data, size, 0));
  return got > 0 ? got : -1;
}

bool Connection::Write(const char* data, std::size_t size) {
  for (std::size_t at = 0; at < size;) {
    int const put = ssl_ != nullptr ? SSL_write(ssl_, data + at, static_cast<int>(size - at))
                                    : static_cast<int>(send(socket_, data + at, size - at, MSG_NOSIGNAL));
    if (put <= 0) return false;
    at += static_cast<std::size_t>(put);
  }
  return true;
}

void Connection::Cut() const { ::shutdown(socket_, SHUT_RDWR); }

}  // namespace fediversity::emulators
