#ifndef FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_OPEN_SOCKET_H_
#define FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_OPEN_SOCKET_H_

namespace fediversity::testing {

// Whether the peer of an accepted TCP connection has not closed it yet, whatever is still to be read from it. On loopback
// a peer that has returned from close() is seen to have closed.
bool IsOpenSocket(int socket);

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_OPEN_SOCKET_H_
