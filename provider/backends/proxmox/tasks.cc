#include "provider/backends/proxmox/tasks.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/error.h"
#include "provider/backends/proxmox/pause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr std::size_t kLogLinesShown = 10;
constexpr std::size_t kLogLinesInPage = 10'000;
constexpr absl::Duration kPatienceForStop = absl::Seconds(10);
// A node may restart while it works on something.
constexpr absl::Duration kPatienceForSilence = absl::Minutes(3);

std::vector<std::string> TaskPath(const std::string& upid, std::vector<std::string> rest) {
  std::vector<std::string> path = {"nodes", NodeOfUpid(upid), "tasks", upid};
  path.insert(path.end(), rest.begin(), rest.end());
  return path;
}

// Of copies and migrations, whose log is full of it: a line with each second.
bool IsProgress(const std::string& line) {
  return absl::StartsWith(line, "transferred ") || absl::StrContains(line, ": transferred ") ||
         absl::StrContains(line, "migration active,");
}

}  // namespace

absl::StatusOr<TaskResult> Tasks::Wait(const std::string& upid, const Call& call, OnAbandon on_abandon,
                                       const CallLimits& limits) {
  std::string const waiting = Cat({call.what, ": waiting for the task ", upid});
  absl::Time heard = clock_.Now();
  for (absl::Duration pause = kFirstPause;; pause = PauseAfter(pause)) {
    auto const data = client_.Get(TaskPath(upid, {"status"}), waiting, limits);
    if (data.ok()) {
      heard = clock_.Now();
      ASSIGN_OR_RETURN(TaskStatus const status, DecodeTaskStatus(*data, waiting));
      if (!status.running) return Ended(upid, status.exit_status, call, limits);
    } else if (absl::IsCancelled(data.status()) || absl::IsDeadlineExceeded(data.status())) {
      return Abandon(data.status(), upid, on_abandon);
    } else if (!absl::IsUnavailable(data.status())) {
      return absl::Status(data.status().code(), Cat({ToStd(data.status().message()),
                                                     "\nThe task goes on, and how it ends is not known."}));
    }
    // The task may go on although nobody can ask for it: a node that restarts its services is asked again.
    absl::Time const next = clock_.Now() + pause;
    if (next < limits.deadline && next - heard > kPatienceForSilence) {
      return absl::UnavailableError(
          Cat({waiting,
               ": nobody has answered for three minutes\nHow it ends is not known: its "
               "status could not be read.\n",
               ToStd(data.status().message())}));
    }
    if (next >= limits.deadline) {
      std::string why = Cat({waiting, ": the operation's time is over"});
      if (!data.ok()) {
        why += Cat(
            {"\nHow it ends is not known: its status could not be read.\n", ToStd(data.status().message())});
      }
      return Abandon(absl::DeadlineExceededError(why), upid, on_abandon);
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
  std::vector<std::string> lines;
  for (std::size_t start = 0;; start += kLogLinesInPage) {
    Parameters const range = {{"start", absl::StrCat(start)}, {"limit", absl::StrCat(kLogLinesInPage)}};
    ASSIGN_OR_RETURN(nlohmann::json const data, client_.Get(TaskPath(upid, {"log"}), what, limits, range));
    ASSIGN_OR_RETURN(std::vector<std::string> const page, DecodeTaskLog(data, what));
    std::copy_if(page.begin(), page.end(), std::back_inserter(lines), std::not_fn(IsProgress));
    if (page.size() < kLogLinesInPage) return lines;
  }
}

absl::StatusOr<TaskResult> Tasks::Ended(const std::string& upid, const std::string& exit_status,
                                        const Call& call, const CallLimits& limits) {
  TaskResult result{.upid = upid};
  if (exit_status == "OK") return result;
  auto log = ReadLog(upid, limits);
  if (log.ok()) {
    for (std::string& line : *log) line = WithoutSecrets(std::move(line), call);
  }
  if (absl::StartsWith(exit_status, "WARNINGS")) {
    // The task has done its work, so a log that cannot be read is no failure of it.
    for (const std::string& line : log.ok() ? *log : std::vector<std::string>{}) {
      if (absl::StartsWithIgnoreCase(line, "WARN")) result.warnings.push_back(line);
    }
    if (result.warnings.empty())
      result.warnings.push_back(Cat({"the task ", upid, " ended with ", exit_status}));
    return result;
  }
  std::string const ended = WithoutSecrets(exit_status, call);
  if (!log.ok()) return TaskError(ended, Cat({"(", ToStd(log.status().message()), ")"}), upid, call.what);
  if (log->size() > kLogLinesShown) log->erase(log->begin(), log->end() - kLogLinesShown);
  return TaskError(ended, Join(*log, "\n"), upid, call.what);
}

}  // namespace fediversity::proxmox
