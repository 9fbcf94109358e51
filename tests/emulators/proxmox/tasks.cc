#include "tests/emulators/proxmox/tasks.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace fediversity::emulators {
namespace {

constexpr std::int64_t kTicksPerSecond = 100;
constexpr std::int64_t kUptime = 4'000;  // seconds for which the node has run when the emulator starts

std::string MakeUpid(const Task& task) {
  char numbers[64];
  std::snprintf(numbers, sizeof(numbers), "%08X:%08llX:%08llX", static_cast<unsigned>(task.pid),
                static_cast<unsigned long long>(task.pstart),
                static_cast<unsigned long long>(task.starttime));
  return "UPID:" + task.node + ":" + numbers + ":" + task.type + ":" + task.id + ":" + task.who.Name() + ":";
}

std::string LockTimeout(int vmid) {
  return "can't lock file '/var/lock/qemu-server/lock-" + std::to_string(vmid) + ".conf' - got timeout";
}

// A shared storage is locked in the whole cluster, another one on its node.
std::string StorageTimeout(const std::string& storage, bool shared) {
  if (shared) return "cfs-lock 'storage-" + storage + "' error: got lock request timeout";
  return "can't lock file '/var/lock/pve-manager/pve-storage-" + storage + "' - got timeout";
}

}  // namespace

std::string TaskList::Add(Start start, Instant now, std::int64_t wall) {
  Task task{.node = std::move(start.node),
            .type = std::move(start.type),
            .id = std::move(start.id),
            .who = std::move(start.who),
            .starttime = wall,
            .vmid = start.vmid,
            .storage = std::move(start.storage),
            .effect = std::move(start.effect),
            .undo = std::move(start.undo),
            .fault = std::exchange(next_fault_, std::nullopt)};
  last_pid_ += 7;
  task.pid = last_pid_;
  auto const hundredths = std::chrono::duration_cast<std::chrono::milliseconds>(now).count() / 10;
  task.pstart = kUptime * kTicksPerSecond + hundredths;
  Instant begin = now;
  for (const Task& other : tasks_) {
    bool const same_vm = task.vmid != 0 && other.vmid == task.vmid;
    bool const same_storage = !task.storage.empty() && other.storage == task.storage &&
                              (start.shared_storage || other.node == task.node);
    if (other.done || !(same_vm || same_storage)) continue;
    if (other.hangs || other.due > now + lock_timeout_) {
      begin = now + lock_timeout_;
      task.effect = [why = same_vm ? LockTimeout(task.vmid)
                                   : StorageTimeout(task.storage, start.shared_storage),
                     undo = task.undo](std::vector<std::string>&) {
        if (undo) undo();
        return Failure(why);
      };
      task.vmid = 0;
      task.storage.clear();
      break;
    }
    begin = std::max(begin, other.due);
  }
  task.due = begin + start.duration.value_or(latency_);
  task.hangs = task.fault.has_value() && task.fault->action == Fault::Action::kHangTask;
  task.upid = MakeUpid(task);
  tasks_.push_back(std::move(task));
  ++running_;
  return tasks_.back().upid;
}

void TaskList::Settle(Instant now, std::int64_t wall) {
  while (running_ > 0) {
    Task* next = nullptr;
    for (Task& task : tasks_) {
      if (task.done || task.hangs || task.due > now) continue;
      if (next == nullptr || task.due < next->due) next = &task;
    }
    if (next == nullptr) return;
    Failure failure;
    bool const fails = next->fault.has_value() && next->fault->action == Fault::Action::kFailTask;
    if (!fails) {
      failure = next->effect(next->log);
    } else if (next->undo) {
      next->undo();
    }
    if (next->fault.has_value() && next->fault->action != Fault::Action::kWarnTask && !failure.has_value()) {
      failure = next->fault->message;
    }
    End(*next, std::move(failure), wall);
  }
}

void TaskList::End(Task& task, Failure failure, std::int64_t wall) {
  if (failure.has_value()) {
    std::ranges::replace(*failure, '\n', ' ');
    task.log.push_back("TASK ERROR: " + *failure);
    task.exitstatus = *failure;
  } else if (task.fault.has_value() && task.fault->action == Fault::Action::kWarnTask) {
    task.log.push_back("WARN: " + task.fault->message);
    task.log.emplace_back("TASK WARNINGS: 1");
    task.exitstatus = "WARNINGS: 1";
  } else {
    task.log.emplace_back("TASK OK");
    task.exitstatus = "OK";
  }
  task.done = true;
  --running_;
  task.endtime = wall;
  task.effect = nullptr;
  task.undo = nullptr;
}

void TaskList::Stop(Task& task, std::int64_t wall) {
  if (task.done) return;
  if (task.undo) task.undo();
  End(task, "received interrupt", wall);
}

Task* TaskList::Find(const std::string& upid) {
  auto const found = std::ranges::find(tasks_, upid, &Task::upid);
  return found == tasks_.end() ? nullptr : &*found;
}

const Task* TaskList::Holder(int vmid) const {
  for (const Task& task : tasks_) {
    if (!task.done && task.vmid == vmid && vmid != 0) return &task;
  }
  return nullptr;
}

std::optional<Instant> TaskList::NextDue() const {
  std::optional<Instant> next;
  for (const Task& task : tasks_) {
    if (!task.done && !task.hangs && (!next.has_value() || task.due < *next)) next = task.due;
  }
  return next;
}

}  // namespace fediversity::emulators
