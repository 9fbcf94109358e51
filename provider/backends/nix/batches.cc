#include "provider/backends/nix/batches.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "provider/base/poll_limits.h"

namespace fediversity::nix {

void Batches::Wake(Waiter& waiter) {
  // Never more than twice, so it cannot fail.
  eventfd_write(waiter.wakeup.get(), 1);
}

void Batches::PassOn() {
  if (queue_.empty()) {
    ++free_;
    return;
  }
  Waiter* const next = queue_.front();
  queue_.pop_front();
  next->leads = true;
  Wake(*next);
}

absl::StatusOr<std::optional<std::string>> Batches::Ask(const std::string& question,
                                                        const CallLimits& limits) {
  Waiter own{.question = &question, .wakeup = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))};
  if (!own.wakeup.valid()) return absl::ErrnoToStatus(errno, "cannot wait for Nix");
  {
    std::lock_guard const lock(mutex_);
    if (free_ > 0) {
      --free_;
      own.leads = true;
    } else {
      queue_.push_back(&own);
    }
  }
  if (!own.leads) {
    std::array<pollfd, 1> fds = {pollfd{own.wakeup.get(), POLLIN, 0}};
    absl::Status const waited = PollWithin(fds, limits.cancel, limits.deadline, "waiting for Nix");
    std::unique_lock lock(mutex_);
    if (own.done) return std::move(own.answer);
    if (!own.leads) {
      // Either still in the queue, or taken by a leader that looks at it under the lock when it is done.
      auto const place = std::find(queue_.begin(), queue_.end(), &own);
      if (place != queue_.end()) {
        queue_.erase(place);
        return waited;
      }
      lock.unlock();
      // The leader's call ends at its own limits, so this does, too; and it holds a pointer to `own`.
      std::array<pollfd, 1> last = {pollfd{own.wakeup.get(), POLLIN, 0}};
      while (poll(last.data(), last.size(), -1) < 0 && errno == EINTR) {
      }
      lock.lock();
      return waited;
    }
  }
  return Lead(own, limits);
}

absl::StatusOr<std::optional<std::string>> Batches::Lead(Waiter& own, const CallLimits& limits) {
  std::vector<Waiter*> taken;
  std::vector<std::string> questions = {*own.question};
  {
    std::lock_guard const lock(mutex_);
    while (!queue_.empty() && questions.size() < most_) {
      taken.push_back(queue_.front());
      queue_.pop_front();
      questions.push_back(*taken.back()->question);
    }
  }
  absl::StatusOr<Answers> answers = call_(questions, limits);
  bool const whole = answers.ok() && answers->size() == questions.size();
  std::lock_guard const lock(mutex_);
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (whole) taken[i]->answer = std::move((*answers)[i + 1]);
    taken[i]->done = true;
    Wake(*taken[i]);
  }
  PassOn();
  if (!answers.ok()) return answers.status();
  return whole ? std::move(answers->front()) : std::nullopt;
}

}  // namespace fediversity::nix
