#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_LOCK_RETRY_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_LOCK_RETRY_H_

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::proxmox {

// Which locks a request that meets them may be sent again after.
enum class Locks {
  kNone,            // for requests that need another look at the VM
  kBeforeAnything,  // those taken before anything is done
  kAny,             // also a storage's, for requests that undo what they had done by then
  kOfSource,        // and that of a VM which is being made, for requests that only read it
  kOfCluster,       // and those of the cluster's files, for requests that write nothing else
};

inline bool PassesByItself(Cause cause, Locks locks) {
  switch (cause) {
    case Cause::kConfigLock:
    case Cause::kVmLock: return locks != Locks::kNone;
    case Cause::kStorageLock: return locks != Locks::kNone && locks != Locks::kBeforeAnything;
    case Cause::kBeingMade: return locks == Locks::kOfSource;
    case Cause::kFileLock: return locks == Locks::kOfCluster;
    default: return false;
  }
}

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// `status` with a line more, and with all that it carries beside its message.
inline absl::Status WithLine(const absl::Status& status, std::string_view line) {
  absl::Status longer(status.code(), Cat({ToStd(status.message()), "\n", line}));
  status.ForEachPayload(
      [&](absl::string_view name, const absl::Cord& payload) { longer.SetPayload(name, payload); });
  return longer;
}

// What `attempt` answers, tried again with growing pauses for as long as it is stopped by a lock and there is time.
// The last failure stands where the time is over. `what` names what is waited for.
template <typename Attempt>
auto RetryLocked(Clock& clock, const CallLimits& limits, Locks locks, std::string_view what, Attempt attempt)
    -> decltype(attempt()) {
  constexpr absl::Duration kLongestPause = absl::Seconds(5);
  for (absl::Duration pause = absl::Milliseconds(500);; pause = std::min(2 * pause, kLongestPause)) {
    auto result = attempt();
    if (!PassesByItself(CauseOf(StatusOf(result)), locks)) return result;
    if (clock.Now() + pause >= limits.deadline) {
      return WithLine(StatusOf(result), "It was tried again until the operation's time was over.");
    }
    // The lock kept the last try from doing anything, and there is no further one.
    absl::Status const waited = clock.Sleep(pause, limits.cancel, what);
    if (!waited.ok()) return http::WithDelivery(waited, http::Delivery::kNotSent);
  }
}

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_LOCK_RETRY_H_
