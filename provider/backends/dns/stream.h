#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_STREAM_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_STREAM_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/dns/wait.h"
#include "provider/base/unique_fd.h"

namespace fediversity::dns {

// Where a server listens.
struct Endpoint {
  std::string host;  // address or name, without brackets
  std::uint16_t port = 53;

  // "ns1.example.org:53", "[2001:db8::1]:53"
  std::string ToText() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// One TCP connection that carries the messages of many callers at once (RFC 7766, 6.2.1.1): answers may come
// in any order and find their caller by message id. There is no thread of its own: of the callers that wait,
// one reads for all. Safe for concurrent use.
class Stream {
 public:
  // Tries the host's addresses in turn, each for `timeout`. Unavailable, or as `limits` say.
  static absl::StatusOr<std::shared_ptr<Stream>> Connect(const Endpoint& endpoint, absl::Duration timeout,
                                                         const CallLimits& limits);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // One caller's share: answers with its id are kept for it from its construction to its end.
  class Request {
   public:
    Request(Stream& stream, std::uint16_t id);
    ~Request();
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

   private:
    friend class Stream;
    Stream& stream_;
    std::uint16_t const id_;
    Wakeup wakeup_;
    std::deque<std::string> answers_;  // guarded by the stream's mutex
  };

  // Sends one message. Once it fails, the stream is broken.
  absl::Status Send(std::string_view message, const CallLimits& limits, const Patience& patience);
  // The next message with the request's id.
  absl::StatusOr<std::string> Receive(Request& request, const CallLimits& limits, const Patience& patience);

  // False once it is broken, or the other side was seen to have closed it while idle, or Retire was called.
  bool Usable();
  // Keeps new requests from using it; those under way go on.
  void Retire();

 private:
  Stream(UniqueFd fd, std::string peer) : fd_(std::move(fd)), peer_(std::move(peer)) {}

  void Break(absl::Status why);
  // Reads until one whole message is in, and hands it to its request.
  absl::Status ReadOne(const CallLimits& limits, const Patience& patience);

  UniqueFd const fd_;
  std::string const peer_;
  Gate sending_;

  std::mutex mutex_;  // guards what follows
  absl::Status broken_;
  bool retired_ = false;
  bool has_reader_ = false;
  std::unordered_map<std::uint16_t, Request*> requests_;

  std::string buffer_;  // received, not yet handed out; belongs to the reader
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_STREAM_H_
