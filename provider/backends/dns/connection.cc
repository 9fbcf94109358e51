#include "provider/backends/dns/connection.h"

#include <algorithm>
#include <deque>
#include <random>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {

// A message id that no other request of this connection has at the time.
class Connection::RequestId {
 public:
  explicit RequestId(Connection& connection) : connection_(connection) {
    std::random_device random;
    std::lock_guard const lock(connection_.mutex_);
    do {
      value_ = static_cast<std::uint16_t>(random());
    } while (!connection_.ids_.insert(value_).second);
  }
  ~RequestId() {
    std::lock_guard const lock(connection_.mutex_);
    connection_.ids_.erase(value_);
  }
  RequestId(const RequestId&) = delete;
  RequestId& operator=(const RequestId&) = delete;
  std::uint16_t value() const { return value_; }

 private:
  Connection& connection_;
  std::uint16_t value_ = 0;
};

Connection::Connection(Endpoint endpoint, std::optional<TsigKey> key, absl::Duration timeout,
                       TimeSource clock)
    : endpoint_(std::move(endpoint)),
      key_(std::move(key)),
      timeout_(timeout),
      clock_(std::move(clock)) {}

int Connection::opened() const {
  std::lock_guard const lock(mutex_);
  return opened_;
}

absl::StatusOr<std::shared_ptr<Stream>> Connection::Acquire(const CallLimits& limits) {
  int seen = 0;
  {
    std::lock_guard const lock(mutex_);
    seen = failed_;
  }
  std::string const what = Cat({"connecting to DNS server ", endpoint_.ToText()});
  ASSIGN_OR_RETURN(Gate::Pass const pass, connecting_.Enter(limits, Patience::Endless(limits), what));
  {
    std::lock_guard const lock(mutex_);
    if (stream_ != nullptr && stream_->Usable()) return stream_;
    // An attempt that failed while we waited failed for us too; else each of many callers would wait in turn.
    if (failed_ != seen) return last_failure_;
  }
  absl::StatusOr<std::shared_ptr<Stream>> fresh = Stream::Connect(endpoint_, timeout_, limits);
  std::lock_guard const lock(mutex_);
  if (fresh.ok()) {
    ++opened_;
    stream_ = *fresh;
  } else if (absl::IsUnavailable(fresh.status())) {
    ++failed_;
    last_failure_ = fresh.status();
  }
  return fresh;
}

struct Connection::Prepared {
  Prepared(Connection& connection, const Job& its_job) : job(its_job), id(connection) {}

  const Job& job;
  RequestId id;
  std::string request;
  std::optional<TsigExchange> signer;
  Outcome outcome;
  bool open = true;  // no outcome yet
};

void Connection::Await(Stream& stream, Stream::Request& pending, Prepared& prepared,
                       const CallLimits& limits) {
  Outcome& outcome = prepared.outcome;
  std::optional<TsigExchange> tsig = prepared.signer;
  prepared.job.start();
  bool complete = false;
  while (outcome.status.ok() && !complete) {
    absl::StatusOr<std::string> answer = stream.Receive(pending, limits, Patience(timeout_, limits));
    outcome.status = answer.status();
    if (!answer.ok()) break;
    if (tsig.has_value()) {
      absl::StatusOr<std::string> verified = tsig->Verify(*answer);
      outcome.tsig = tsig->report();
      outcome.status = verified.status();
      if (!verified.ok()) {
        outcome.unverified = *std::move(answer);
        break;
      }
      answer = std::move(verified);
    }
    absl::StatusOr<bool> const done = prepared.job.sink(*answer);
    outcome.status = done.status();
    complete = done.ok() && *done;
  }
  if (outcome.status.ok() && tsig.has_value()) outcome.status = tsig->Finish();
  // An answer that comes after all must not meet a later request with the same id.
  if (!complete) stream.Retire();
}

void Connection::Attempt(std::deque<Prepared>& all, const CallLimits& limits) {
  absl::StatusOr<std::shared_ptr<Stream>> const stream = Acquire(limits);
  std::deque<Stream::Request> pending;
  for (Prepared& prepared : all) {
    if (!prepared.open) continue;
    prepared.outcome.status = stream.status();
    if (!stream.ok()) continue;
    pending.emplace_back(**stream, prepared.id.value());
    prepared.outcome.sent = true;
    prepared.outcome.status = (*stream)->Send(prepared.request, limits, Patience(timeout_, limits));
  }
  if (!stream.ok()) return;
  auto next = pending.begin();
  for (Prepared& prepared : all) {
    if (prepared.open) Await(**stream, *next++, prepared, limits);
  }
}

Connection::Outcome Connection::Exchange(const Job& job, const CallLimits& limits) {
  return std::move(ExchangeAll({&job, 1}, limits).front());
}

std::vector<Connection::Outcome> Connection::ExchangeAll(std::span<const Job> jobs,
                                                         const CallLimits& limits) {
  std::deque<Prepared> all;
  for (const Job& job : jobs) {
    Prepared& prepared = all.emplace_back(*this, job);
    absl::StatusOr<std::string> request = job.build(prepared.id.value());
    prepared.outcome.status = request.status();
    if (request.ok()) {
      prepared.request = *std::move(request);
      if (key_.has_value()) {
        prepared.signer.emplace(*key_, clock_);
        prepared.outcome.status = prepared.signer->Sign(prepared.request);
      }
    }
    prepared.open = prepared.outcome.status.ok();
  }
  auto is_open = [](const Prepared& prepared) { return prepared.open; };
  for (int attempt = 0; attempt < 2 && std::any_of(all.begin(), all.end(), is_open); ++attempt) {
    Attempt(all, limits);
    for (Prepared& prepared : all) {
      if (!prepared.open) continue;
      prepared.outcome.repeated = attempt > 0;
      prepared.open = prepared.outcome.sent && absl::IsUnavailable(prepared.outcome.status);
    }
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(all.size());
  for (Prepared& prepared : all) outcomes.push_back(std::move(prepared.outcome));
  return outcomes;
}

}  // namespace fediversity::dns
