#include "tests/support/named/frame_relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace fediversity::testing {
namespace {

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool ReadAll(int fd, char* data, std::size_t size) {
  return recv(fd, data, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

}  // namespace

FrameRelay::FrameRelay(std::uint16_t server_port, Hooks hooks)
    : server_port_(server_port),
      hooks_(std::move(hooks)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  bool const listening =
      pipe2(stop_, O_CLOEXEC) == 0 && bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      listen(listener_, 64) == 0 && getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!listening) std::abort();
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

FrameRelay::~FrameRelay() {
  close(stop_[1]);  // end of file on the other end wakes every thread
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  close(stop_[0]);
  close(listener_);
}

void FrameRelay::DisconnectAll() {
  std::lock_guard const lock(mutex_);
  for (int const client : clients_) shutdown(client, SHUT_RDWR);
}

void FrameRelay::Accept() {
  while (true) {
    pollfd waiting[] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0 || waiting[1].revents != 0) return;
    int const client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    std::lock_guard const lock(mutex_);
    clients_.push_back(client);
    threads_.emplace_back([this, client] { Serve(client); });
  }
}

void FrameRelay::Serve(int client) {
  int const server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in const address = Loopback(server_port_);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  while (open) {
    pollfd waiting[] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (poll(waiting, 3, -1) < 0 || waiting[2].revents != 0) break;
    if (waiting[0].revents != 0) open = Move(client, server, hooks_.request);
    if (open && waiting[1].revents != 0) open = Move(server, client, hooks_.answer);
  }
  {
    std::lock_guard const lock(mutex_);
    std::erase(clients_, client);
  }
  close(client);
  close(server);
}

bool FrameRelay::Move(int from, int to, const Hook& hook) {
  unsigned char size[2];
  if (!ReadAll(from, reinterpret_cast<char*>(size), 2)) return false;
  std::string message(static_cast<std::size_t>(size[0] << 8 | size[1]), '\0');
  if (!ReadAll(from, message.data(), message.size())) return false;
  Action action = Action::kForward;
  if (hook) {
    std::lock_guard const lock(hook_mutex_);
    action = hook(message);
  }
  if (action != Action::kForward) return action == Action::kDrop;
  std::string frame = {static_cast<char>(message.size() >> 8), static_cast<char>(message.size())};
  frame += message;
  return send(to, frame.data(), frame.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(frame.size());
}

}  // namespace fediversity::testing
