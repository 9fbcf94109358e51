#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SHARED_READ_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SHARED_READ_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/http/permits.h"

namespace fediversity::proxmox {

// How long what was read serves others: until nobody has asked for it for `pause`, so that it lasts as long as the
// operation whose snapshot it is, and at most until it is as old as `age`. What was dropped is not handed on by
// Get(), and by Last() only until it is as old as `pause`.
struct Reuse {
  absl::Duration pause;
  absl::Duration age = absl::InfiniteDuration();
};

// A read that many callers need, done once for all of them: of those who come at the same time one reads and the
// others wait, and share its failure too. Thread-safe.
template <typename T>
class SharedRead {
 public:
  using Read = std::function<absl::StatusOr<T>(const CallLimits&)>;

  // `clock` must outlive it. `what` is what others wait for, in messages.
  SharedRead(Read read, Reuse reuse, std::string what, Clock& clock)
      : read_(std::move(read)),
        reuse_(reuse),
        what_(std::move(what)),
        clock_(clock) {}

  // Reads unless what was read may be used again.
  absl::StatusOr<std::shared_ptr<const T>> Get(const CallLimits& limits) {
    std::int64_t entry = 0;
    {
      std::lock_guard const lock(mutex_);
      if (IsUsable()) return Use();
      entry = finished_;
    }
    auto const permit = turn_.Acquire(limits, what_);
    if (!permit.ok()) return permit.status();
    std::int64_t drops = 0;
    {
      std::lock_guard const lock(mutex_);
      if (IsUsable()) return Use();
      // Somebody tried while this caller waited; to try again would only make the wait longer.
      if (finished_ != entry && !failure_.ok()) return failure_;
      drops = drops_;
    }
    absl::Time const asked = clock_.Now();
    absl::StatusOr<T> result = read_(limits);
    std::lock_guard const lock(mutex_);
    if (!result.ok()) {
      // The limits of one caller are not those of another.
      bool const own = absl::IsCancelled(result.status()) || absl::IsDeadlineExceeded(result.status());
      failure_ = own ? absl::OkStatus() : result.status();
      ++finished_;
      return result.status();
    }
    ++finished_;
    failure_ = absl::OkStatus();
    auto value = std::make_shared<const T>(*std::move(result));
    value_ = value;
    read_at_ = asked;
    used_at_ = clock_.Now();
    // What a write changed meanwhile may be missing from it.
    dropped_ = drops != drops_;
    return value;
  }

  // Makes the next Get() read anew.
  void Drop() {
    std::lock_guard const lock(mutex_);
    ++drops_;
    dropped_ = true;
  }

  // What was read last, even if it was dropped a short time ago; nullptr where there is none.
  std::shared_ptr<const T> Last() {
    std::lock_guard const lock(mutex_);
    bool const is_young = clock_.Now() - read_at_ <= reuse_.pause;
    return IsUsable() || is_young ? Use() : nullptr;
  }

 private:
  bool IsUsable() const {
    absl::Time const now = clock_.Now();
    return !dropped_ && now - used_at_ <= reuse_.pause && now - read_at_ <= reuse_.age;
  }
  std::shared_ptr<const T> Use() {
    used_at_ = clock_.Now();
    return value_;
  }

  Read const read_;
  Reuse const reuse_;
  std::string const what_;
  Clock& clock_;
  http::Permits turn_{1};
  std::mutex mutex_;
  std::shared_ptr<const T> value_;
  absl::Time read_at_ = absl::InfinitePast();  // so that nothing is usable before the first read
  absl::Time used_at_ = absl::InfinitePast();
  bool dropped_ = false;
  std::int64_t drops_ = 0;
  std::int64_t finished_ = 0;  // how many reads have ended
  absl::Status failure_;       // of the last
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SHARED_READ_H_
