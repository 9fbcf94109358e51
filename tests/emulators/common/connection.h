#ifndef FEDIVERSITY_TESTS_EMULATORS_COMMON_CONNECTION_H_
#define FEDIVERSITY_TESTS_EMULATORS_COMMON_CONNECTION_H_

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>

namespace fediversity::emulators {

// One connection on a blocking socket, over TLS where there is a context. Closes the socket at its end.
class Connection {
 public:
  Connection(int socket, SSL_CTX* context);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  // Makes the handshake; false where the client does not want it.
  bool Open();
  // Waits for the next byte, which stays where it is; false at the end of the connection, and where nothing comes within
  // `patience` (0: any time).
  bool HasMore(std::chrono::milliseconds patience = std::chrono::milliseconds(0));
  // The bytes that came; -1 at the end.
  int Read(char* data, std::size_t size);
  // False where the client is gone.
  bool Write(const char* data, std::size_t size);
  // Ends the connection as a cable that is pulled.
  void Cut() const;

 private:
  int socket_;
  SSL* ssl_ = nullptr;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_COMMON_CONNECTION_H_
