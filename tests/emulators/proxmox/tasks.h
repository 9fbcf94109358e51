#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TASKS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TASKS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "tests/emulators/proxmox/api.h"
#include "tests/emulators/proxmox/faults.h"

namespace fediversity::emulators {

// Time since the emulator was started; moved on by tests as they like.
using Instant = std::chrono::nanoseconds;

struct Task {
  // What the worker does when its time has come: adds to the log and returns the message it dies with.
  using Effect = std::function<Failure(std::vector<std::string>& log)>;

  std::string upid;
  std::string node;
  std::string type;
  std::string id;
  Identity who;
  int pid = 0;
  std::int64_t pstart = 0;     // clock ticks since boot
  std::int64_t starttime = 0;  // seconds since 1970
  std::int64_t endtime = 0;
  int vmid = 0;              // whose configuration it holds locked; 0 for none
  std::string storage = {};  // that it holds locked; "" for none
  Instant due{};             // when the effect happens
  bool done = false;
  bool hangs = false;
  std::string exitstatus = {};
  std::vector<std::string> log = {};
  Effect effect = {};
  std::function<void()> undo = {};  // when it is stopped before its time
  std::optional<Fault> fault = {};
};

// The tasks of a cluster, oldest first. A task waits for those that hold the same VM; its effect happens all at once
// when it is due, in the first Settle after that. Not thread-safe.
class TaskList {
 public:
  // What StartTask is told.
  struct Start {
    std::string node;
    std::string type;
    std::string id;
    Identity who;
    int vmid = 0;
    std::string storage = {};
    bool shared_storage = false;
    Task::Effect effect;
    std::function<void()> undo = {};
    std::optional<Instant> duration = {};  // in place of the usual one
  };

  TaskList(Instant latency, Instant lock_timeout) : latency_(latency), lock_timeout_(lock_timeout) {}

  void set_latency(Instant latency) { latency_ = latency; }
  // What befalls the next task that is started.
  void set_next_fault(std::optional<Fault> fault) { next_fault_ = std::move(fault); }

  // Its UPID.
  std::string Add(Start start, Instant now, std::int64_t wall);
  // Lets every task that is due have its effect, in order.
  void Settle(Instant now, std::int64_t wall);
  // Ends a running task with "received interrupt".
  void Stop(Task& task, std::int64_t wall);
  Task* Find(const std::string& upid);
  // The running task that holds the VM, or null.
  const Task* Holder(int vmid) const;
  // When the next effect is due, if anything runs.
  std::optional<Instant> NextDue() const;
  const std::list<Task>& all() const { return tasks_; }

 private:
  void End(Task& task, Failure failure, std::int64_t wall);

  Instant latency_;
  Instant lock_timeout_;
  std::optional<Fault> next_fault_;
  std::list<Task> tasks_;
  std::int64_t running_ = 0;  // of them; each request settles them, mostly after thousands have ended
  int last_pid_ = 1000;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TASKS_H_
