#ifndef FEDIVERSITY_PROVIDER_BASE_CLOCK_H_
#define FEDIVERSITY_PROVIDER_BASE_CLOCK_H_

#include <mutex>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "provider/base/cancel.h"

namespace fediversity {

// Time as the code sees it, so that tests of waits need not wait. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual absl::Time Now() const = 0;
  // Waits for `duration`. Answers Cancelled, naming `what` is waited for, as soon as the token fires.
  virtual absl::Status Sleep(absl::Duration duration, const CancelToken& cancel, std::string_view what) = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  absl::Status Sleep(absl::Duration duration, const CancelToken& cancel, std::string_view what) override;
};

// Stands still but for sleeps, which take no time at all.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time start) : now_(start) {}

  absl::Time Now() const override;
  absl::Status Sleep(absl::Duration duration, const CancelToken& cancel, std::string_view what) override;
  void Advance(absl::Duration duration);

 private:
  mutable std::mutex mutex_;
  absl::Time now_;
};

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_CLOCK_H_
