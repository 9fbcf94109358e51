#include "provider/backends/dns/stream.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "provider/backends/dns/octets.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

std::string ErrorText(int error) { return std::strerror(error); }

absl::StatusOr<UniqueFd> ConnectTo(const addrinfo& address, absl::Duration timeout, const CallLimits& limits,
                                   std::string_view what) {
  UniqueFd fd(
      socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol));
  if (fd.get() < 0) return absl::UnavailableError(Cat({what, ": ", ErrorText(errno)}));
  if (connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return absl::UnavailableError(Cat({what, ": ", ErrorText(errno)}));
    RETURN_IF_ERROR(WaitReady(fd.get(), POLLOUT, -1, limits, Patience(timeout, limits), what));
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return absl::UnavailableError(Cat({what, ": ", ErrorText(error)}));
  }
  int const on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

std::string Endpoint::ToText() const {
  bool const ipv6 = host.find(':') != std::string::npos;
  return Cat({ipv6 ? "[" : "", host, ipv6 ? "]:" : ":", std::to_string(port)});
}

absl::StatusOr<std::shared_ptr<Stream>> Stream::Connect(const Endpoint& endpoint, absl::Duration timeout,
                                                        const CallLimits& limits) {
  std::string const peer = endpoint.ToText();
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  int const result =
      getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> const addresses(found, freeaddrinfo);
  if (result != 0) {
    return absl::UnavailableError(
        Cat({"the address of DNS server ", peer, " was not found: ", gai_strerror(result)}));
  }
  absl::Status last;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    absl::StatusOr<UniqueFd> fd =
        ConnectTo(*address, timeout, limits, Cat({"connecting to DNS server ", peer}));
    if (fd.ok()) return std::shared_ptr<Stream>(new Stream(*std::move(fd), peer));
    last = fd.status();
    if (!absl::IsUnavailable(last)) break;  // cancelled or out of time
  }
  return last;
}

Stream::Request::Request(Stream& stream, std::uint16_t id) : stream_(stream), id_(id) {
  std::lock_guard const lock(stream_.mutex_);
  stream_.requests_.emplace(id_, this);
}

Stream::Request::~Request() {
  std::lock_guard const lock(stream_.mutex_);
  stream_.requests_.erase(id_);
}

bool Stream::Usable() {
  std::lock_guard const lock(mutex_);
  if (retired_ || !broken_.ok()) return false;
  if (has_reader_ || !requests_.empty()) return true;
  // Idle, so that anything to read is the other side's farewell.
  pollfd waiting = {fd_.get(), POLLIN | POLLRDHUP, 0};
  return poll(&waiting, 1, 0) == 0;
}

void Stream::Retire() {
  std::lock_guard const lock(mutex_);
  retired_ = true;
}

void Stream::Break(absl::Status why) {
  std::lock_guard const lock(mutex_);
  if (broken_.ok()) broken_ = std::move(why);
  for (const auto& [id, request] : requests_) request->wakeup_.Signal();
}

absl::Status Stream::Send(std::string_view message, const CallLimits& limits, const Patience& patience) {
  std::string const what = Cat({"sending to DNS server ", peer_});
  ASSIGN_OR_RETURN(Gate::Pass const pass, sending_.Enter(limits, patience, what));
  std::string frame;
  Append16(frame, static_cast<unsigned>(message.size()));
  frame += message;
  std::string_view rest = frame;
  while (!rest.empty()) {
    ssize_t const sent = send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    absl::Status status;
    if (sent >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      status = WaitReady(fd_.get(), POLLOUT, -1, limits, patience, what);
    } else if (errno != EINTR) {
      status = absl::UnavailableError(Cat({what, ": ", ErrorText(errno)}));
    }
    if (!status.ok()) {
      // Half a message is on its way, perhaps, so that nothing more can be sent.
      Break(absl::UnavailableError(Cat({"the connection to DNS server ", peer_, " was given up"})));
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Stream::ReadOne(const CallLimits& limits, const Patience& patience) {
  std::string const what = Cat({"waiting for DNS server ", peer_});
  auto broken = [this](std::string_view why) {
    absl::Status status =
        absl::UnavailableError(Cat({"the connection to DNS server ", peer_, " was lost: ", why}));
    Break(status);
    return status;
  };
  while (buffer_.size() < 2 || buffer_.size() < 2U + Get16(buffer_)) {
    std::array<char, 65536> chunk;
    ssize_t const count = recv(fd_.get(), chunk.data(), chunk.size(), 0);
    if (count > 0) {
      buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      return broken("the server closed it");
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      RETURN_IF_ERROR(WaitReady(fd_.get(), POLLIN, -1, limits, patience, what));
    } else if (errno != EINTR) {
      return broken(ErrorText(errno));
    }
  }
  std::size_t const size = Get16(buffer_);
  if (size < 2) return broken("it sent a message without an id");
  std::string message = buffer_.substr(2, size);
  buffer_.erase(0, 2 + size);
  std::lock_guard const lock(mutex_);
  // An answer that nobody waits for is dropped: its caller gave up.
  if (auto const found = requests_.find(Get16(message)); found != requests_.end()) {
    found->second->answers_.push_back(std::move(message));
    found->second->wakeup_.Signal();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Stream::Receive(Request& request, const CallLimits& limits,
                                            const Patience& patience) {
  std::string const what = Cat({"waiting for DNS server ", peer_});
  if (request.wakeup_.fd() < 0) return absl::ResourceExhaustedError(Cat({what, ": no file descriptor left"}));
  std::unique_lock lock(mutex_);
  while (true) {
    request.wakeup_.Clear();
    if (!request.answers_.empty()) {
      std::string answer = std::move(request.answers_.front());
      request.answers_.pop_front();
      return answer;
    }
    if (!broken_.ok()) return broken_;
    absl::Status status;
    if (has_reader_) {
      lock.unlock();
      status = WaitReady(-1, 0, request.wakeup_.fd(), limits, patience, what);
      lock.lock();
    } else {
      has_reader_ = true;
      lock.unlock();
      status = ReadOne(limits, patience);
      lock.lock();
      has_reader_ = false;
      // Somebody else has to read now, if this caller is about to leave.
      if (!status.ok() || !request.answers_.empty()) {
        for (const auto& [id, other] : requests_) {
          if (other != &request) other->wakeup_.Signal();
        }
      }
    }
    if (!status.ok() && request.answers_.empty()) {
      // A wake-up meant to make this caller the next reader may have come at the same time: pass it on.
      if (!has_reader_) {
        for (const auto& [id, other] : requests_) {
          if (other != &request) other->wakeup_.Signal();
        }
      }
      return status;
    }
  }
}

}  // namespace fediversity::dns
