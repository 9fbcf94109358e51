#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_BATCHES_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_BATCHES_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/base/call_limits.h"
#include "provider/base/unique_fd.h"

namespace fediversity::nix {

// Puts questions that are asked at the same time into one call, since a call costs more than an answer. A
// question that finds a free line goes out at once; those that come while all lines are busy go out together,
// with the thread of one of them. Thread-safe.
class Batches {
 public:
  // Answers all questions, in their order. nullopt: this one, asked by itself, might be answered.
  using Answers = std::vector<std::optional<std::string>>;
  using Call = std::function<absl::StatusOr<Answers>(const std::vector<std::string>& questions,
                                                     const CallLimits& limits)>;

  // `lines`: calls at the same time. `most`: questions in one call.
  Batches(Call call, int lines, std::size_t most) : call_(std::move(call)), free_(lines), most_(most) {}

  // The answer; nullopt where it is to be asked by itself, because it was not alone and the call had no
  // answer for it or failed, be it at the limits of another caller. Cancelled and DeadlineExceeded at the
  // caller's own.
  absl::StatusOr<std::optional<std::string>> Ask(const std::string& question, const CallLimits& limits);

 private:
  struct Waiter {
    const std::string* question;
    UniqueFd wakeup;  // an eventfd
    bool leads = false;
    bool done = false;
    std::optional<std::string> answer;
  };

  // Makes one call for `own` and others that wait.
  absl::StatusOr<std::optional<std::string>> Lead(Waiter& own, const CallLimits& limits);
  static void Wake(Waiter& waiter);
  // Gives the line of a call that has ended to the next in the queue. With the mutex held.
  void PassOn();

  const Call call_;
  std::mutex mutex_;
  int free_;
  const std::size_t most_;
  std::deque<Waiter*> queue_;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_BATCHES_H_
