#include "tests/support/http_server/forward_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "provider/base/unique_fd.h"

namespace fediversity::testing {
namespace {

UniqueFd Connect(const std::string& port) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port.c_str())));
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return {};
  return fd;
}

// Carries bytes both ways until either side ends.
void Splice(int a, int b) {
  std::array<pollfd, 2> ends = {{{a, POLLIN, 0}, {b, POLLIN, 0}}};
  std::array<char, 16384> buffer{};
  while (poll(ends.data(), ends.size(), -1) > 0) {
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends.at(i).revents == 0) continue;
      ssize_t const size = recv(ends.at(i).fd, buffer.data(), buffer.size(), 0);
      if (size <= 0) return;
      if (!WriteText(ends.at(1 - i).fd, {buffer.data(), static_cast<std::size_t>(size)})) return;
    }
  }
}

std::string PortOf(const std::string& authority) { return authority.substr(authority.rfind(':') + 1); }

}  // namespace

ForwardProxy::ForwardProxy(Options options)
    : options_(std::move(options)),
      server_([this](int client) { Serve(client); }) {}

std::vector<std::string> ForwardProxy::heads() const {
  std::lock_guard const lock(mutex_);
  return heads_;
}

void ForwardProxy::Serve(int client) {
  std::string const request = ReadRequest(client);
  if (request.empty()) return;
  {
    std::lock_guard const lock(mutex_);
    heads_.push_back(request.substr(0, request.find("\r\n\r\n")));
  }
  if (options_.refuse_with != 0) {
    WriteText(client, Http(options_.refuse_with, "refused"));
    return;
  }
  bool const authorized = options_.authorization.empty() ||
                          request.find("Proxy-Authorization: " + options_.authorization) != std::string::npos;
  if (!authorized) {
    WriteText(client,
              "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  std::size_t const begin = request.find(' ') + 1;
  std::string const target = request.substr(begin, request.find(' ', begin) - begin);
  if (request.starts_with("CONNECT ")) {
    UniqueFd const server = Connect(PortOf(target));
    if (!server.valid() || !WriteText(client, "HTTP/1.1 200 Established\r\n\r\n")) return;
    Splice(client, server.get());
    return;
  }
  // http://host:port/path becomes /path.
  std::size_t const authority = target.find("//") + 2;
  std::size_t const path = target.find('/', authority);
  UniqueFd const server = Connect(PortOf(target.substr(authority, path - authority)));
  if (!server.valid()) return;
  WriteText(server.get(), request.substr(0, begin) + request.substr(begin + path));
  Splice(client, server.get());
}

}  // namespace fediversity::testing
