#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TASKS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TASKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/client.h"
#include "provider/backends/proxmox/task.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"

namespace fediversity::proxmox {

// What becomes of a task when the wait for it is given up.
enum class OnAbandon {
  kStop,   // the service undoes what it had begun
  kLeave,  // it would be left half done
};

// Waits for the tasks of the cluster. Thread-safe.
class Tasks {
 public:
  // Both must outlive it.
  Tasks(Client& client, Clock& clock) : client_(client), clock_(clock) {}

  // Asks at once, then after 100 ms, and less and less often up to once a second. A task that fails is an error that
  // quotes the end of its log; see TaskError(). A node that cannot be reached is asked again until the deadline. At the
  // limits, Cancelled or DeadlineExceeded, with what became of it.
  // `call` has started the task; nothing that is told holds its secrets.
  absl::StatusOr<TaskResult> Wait(const std::string& upid, const Call& call, OnAbandon on_abandon,
                                  const CallLimits& limits);
  // Without lines of progress.
  absl::StatusOr<std::vector<std::string>> ReadLog(const std::string& upid, const CallLimits& limits);

 private:
  absl::Status Abandon(const absl::Status& why, const std::string& upid, OnAbandon on_abandon);
  absl::StatusOr<TaskResult> Ended(const std::string& upid, const std::string& exit_status, const Call& call,
                                   const CallLimits& limits);

  Client& client_;
  Clock& clock_;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TASKS_H_
