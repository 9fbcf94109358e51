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

// A read that many callers need, done once for all of them: of those who come at the same time one reads and the
// others wait, and share its failure too. Thread-safe.
template <typename T>
class SharedRead {
 public:
  using Read = std::function<absl::StatusOr<T>(const CallLimits&)>;

  // `clock` must outlive it. `what` is what others wait for, in messages.
  SharedRead(Read read, absl::Duration longest_age, std::string what, Clock& clock)
      : read_(std::move(read)),
        longest_age_(longest_age),
        what_(std::move(what)),
        clock_(clock) {}

  // Reads unless that was done a short time ago and nothing was dropped since.
  absl::StatusOr<std::shared_ptr<const T>> Get(const CallLimits& limits) {
    std::int64_t entry = 0;
    {
      std::lock_guard const lock(mutex_);
      if (value_ != nullptr && IsUsable()) return value_;
      entry = finished_;
    }
    auto const permit = turn_.Acquire(limits, what_);
    if (!permit.ok()) return permit.status();
    std::int64_t drops = 0;
    {
      std::lock_guard const lock(mutex_);
      if (value_ != nullptr && IsUsable()) return value_;
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

  // What was read last and is not too old, even if it was dropped; nullptr where there is none.
  std::shared_ptr<const T> Last() const {
    std::lock_guard const lock(mutex_);
    return value_ != nullptr && IsYoung() ? value_ : nullptr;
  }

 private:
  bool IsYoung() const { return clock_.Now() - read_at_ <= longest_age_; }
  bool IsUsable() const { return !dropped_ && IsYoung(); }

  Read const read_;
  absl::Duration const longest_age_;
  std::string const what_;
  Clock& clock_;
  http::Permits turn_{1};
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  absl::Time read_at_ = absl::InfinitePast();
  bool dropped_ = false;
  std::int64_t drops_ = 0;
  std::int64_t finished_ = 0;  // how many reads have ended
  absl::Status failure_;       // of the last
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SHARED_READ_H_
