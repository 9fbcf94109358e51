#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_CONNECTION_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_CONNECTION_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/dns/stream.h"
#include "provider/backends/dns/tsig.h"
#include "provider/base/call_limits.h"

namespace fediversity::dns {

// One server, one TSIG key, and the TCP connection to it: opened at first use, shared by all callers, opened
// anew where the server has closed it (idle ones end after 5 to 30 seconds). Requests are signed, answers
// verified. Safe for concurrent use.
class Connection {
 public:
  // `timeout` is for a connection attempt and for each wait for an answer.
  Connection(Endpoint endpoint, std::optional<TsigKey> key, absl::Duration timeout, TimeSource clock);

  struct Job {
    // Writes the request with the message id given.
    std::function<absl::StatusOr<std::string>(std::uint16_t id)> build;
    // Takes one answer without its signature; true once it was the last one.
    std::function<absl::StatusOr<bool>(std::string_view answer)> sink;
    // Called before each attempt, so that the sink can begin anew.
    std::function<void()> start = [] {};
  };

  struct Outcome {
    absl::Status status;    // of the transport, the signature or the sink
    bool sent = false;      // the server may have seen it
    bool repeated = false;  // it was sent a second time, since the first answer was lost
    TsigReport tsig;        // where the signature was at fault
    // The answer that could not be verified: a hint, never an outcome.
    std::string unverified;
  };

  // Sends one request and feeds its answers to the sink. A request whose answer is lost is sent once more,
  // byte by byte the same.
  Outcome Exchange(const Job& job, const CallLimits& limits);
  // Does independent jobs at once, in one round trip. One outcome for each job.
  std::vector<Outcome> ExchangeAll(std::span<const Job> jobs, const CallLimits& limits);

  const Endpoint& endpoint() const { return endpoint_; }
  const std::optional<TsigKey>& key() const { return key_; }
  // Connections opened so far, for tests and tracing.
  int opened() const;

 private:
  class RequestId;
  struct Prepared;

  absl::StatusOr<std::shared_ptr<Stream>> Acquire(const CallLimits& limits);
  // One attempt at those whose outcome is not in yet.
  void Attempt(std::deque<Prepared>& all, const CallLimits& limits);
  void Await(Stream& stream, Stream::Request& pending, Prepared& prepared, const CallLimits& limits);

  Endpoint const endpoint_;
  std::optional<TsigKey> const key_;
  absl::Duration const timeout_;
  TimeSource const clock_;

  Gate connecting_;
  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<Stream> stream_;
  std::unordered_set<std::uint16_t> ids_;
  int opened_ = 0;
  int failed_ = 0;  // attempts to connect
  absl::Status last_failure_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_CONNECTION_H_
