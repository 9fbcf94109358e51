#include "provider/backends/proxmox/tasks.h"

#include <utility>

#include "absl/strings/match.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/error.h"
#include "provider/backends/proxmox/pause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr std::size_t kLogLinesShown = 10;
// More than the log of any task of ours that is not a copy, whose lines of progress fill it from the front.
constexpr std::string_view kLogLinesRead = "10000";
constexpr absl::Duration kPatienceForStop = absl::Seconds(10);

std::vector<std::string> TaskPath(const std::string& upid, std::vector<std::string> rest) {
  std::vector<std::string> path = {"nodes", NodeOfUpid(upid), "tasks", upid};
  path.insert(path.end(), rest.begin(), rest.end());
  return path;
}

bool IsProgress(std::string_view line) { return absl::StartsWith(ToAbsl(line), "transferred "); }

}  // namespace

absl::StatusOr<TaskResult> Tasks::Wait(const std::string& upid, std::string_view what, OnAbandon on_abandon,
                                       const CallLimits& limits) {
  std::string const waiting = Cat({what, ": waiting for the task ", upid});
  for (absl::Duration pause = kFirstPause;; pause = PauseAfter(pause)) {
    auto const data = client_.Get(TaskPath(upid, {"status"}), waiting, limits);
    if (!data.ok()) {
      bool const given_up = absl::IsCancelled(data.status()) || absl::IsDeadlineExceeded(data.status());
      if (given_up) return Abandon(data.status(), upid, on_abandon);
      return absl::Status(data.status().code(), Cat({ToStd(data.status().message()),
                                                     "\nThe task goes on, and how it ends is not known."}));
    }
    ASSIGN_OR_RETURN(TaskStatus const status, DecodeTaskStatus(*data, waiting));
    if (!status.running) return Ended(upid, status.exit_status, what, limits);
    if (clock_.Now() + pause >= limits.deadline) {
      return Abandon(absl::DeadlineExceededError(ToAbsl(Cat({waiting, ": the operation's time is over"}))),
                     upid, on_abandon);
    }
    if (absl::Status const waited = clock_.Sleep(pause, limits.cancel, waiting); !waited.ok()) {
      return Abandon(waited, upid, on_abandon);
    }
  }
}

absl::Status Tasks::Abandon(const absl::Status& why, const std::string& upid, OnAbandon on_abandon) {
  std::string fate = "The task goes on, for it would leave things half done if it were stopped.";
  if (on_abandon == OnAbandon::kStop) {
    // The limits of the call are over; stopping has its own.
    CancelToken const uninterrupted;
    CallLimits const limits{uninterrupted, clock_.Now() + kPatienceForStop};
    auto const stopped = client_.Send({.method = http::Method::kDelete,
                                       .path = TaskPath(upid, {}),
                                       .what = Cat({"stopping the task ", upid}),
                                       .idempotent = true},
                                      limits);
    fate = stopped.ok() ? "The task was told to stop."
                        : Cat({"The task could not be stopped: ", ToStd(stopped.status().message())});
  }
  return {why.code(), Cat({ToStd(why.message()), "\n", fate})};
}

absl::StatusOr<std::vector<std::string>> Tasks::ReadLog(const std::string& upid, const CallLimits& limits) {
  std::string const what = Cat({"reading the log of the task ", upid});
  ASSIGN_OR_RETURN(nlohmann::json const data,
                   client_.Get(TaskPath(upid, {"log"}), what, limits, {{"limit", kLogLinesRead}}));
  return DecodeTaskLog(data, what);
}

absl::StatusOr<TaskResult> Tasks::Ended(const std::string& upid, const std::string& exit_status,
                                        std::string_view what, const CallLimits& limits) {
  TaskResult result{.upid = upid};
  if (exit_status == "OK") return result;
  auto log = ReadLog(upid, limits);
  if (absl::StartsWith(exit_status, "WARNINGS")) {
    // The task has done its work, so a log that cannot be read is no failure of it.
    for (const std::string& line : log.ok() ? *log : std::vector<std::string>{}) {
      if (absl::StartsWithIgnoreCase(line, "WARN")) result.warnings.push_back(line);
    }
    if (result.warnings.empty())
      result.warnings.push_back(Cat({"the task ", upid, " ended with ", exit_status}));
    return result;
  }
  if (!log.ok()) return TaskError(exit_status, Cat({"(", ToStd(log.status().message()), ")"}), upid, what);
  std::erase_if(*log, IsProgress);
  if (log->size() > kLogLinesShown) log->erase(log->begin(), log->end() - kLogLinesShown);
  return TaskError(exit_status, Join(*log, "\n"), upid, what);
}

}  // namespace fediversity::proxmox
