#include "provider/backends/nix/repl_worker.h"

#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "provider/backends/nix/repl_text.h"
#include "provider/base/poll_limits.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

constexpr std::string_view kWaiting = "waiting for Nix";

absl::StatusOr<std::string> MakeNonce() {
  // Short, so that the line with the mark is not cut where it is echoed on 80 columns.
  std::array<char, 8> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return absl::ErrnoToStatus(errno, "cannot get random numbers");
  }
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

// Shows `mark` on both streams.
std::string MarkLine(std::string_view mark) { return Cat({"builtins.trace \"", mark, "\" \"", mark, "\""}); }

// One stream of a worker, up to the mark that ends the answer.
class Stream {
 public:
  Stream(int fd, std::string mark, bool value, std::size_t keep)
      : fd_(fd),
        mark_(std::move(mark)),
        value_(value),
        keep_(keep) {}

  int fd() const { return complete_ || ended_ ? -1 : fd_; }
  bool complete() const { return complete_; }
  bool incomplete_input() const { return incomplete_input_; }
  bool cut() const { return cut_; }
  std::string Take() { return std::move(text_); }

  void Read() {
    std::array<char, 64 * 1024> buffer;
    while (!complete_) {
      ssize_t const got = read(fd_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) {
        ended_ = true;
        return;
      }
      Append({buffer.data(), static_cast<std::size_t>(got)});
    }
  }

 private:
  void Append(std::string_view bytes) {
    text_ += bytes;
    complete_ = Marked();
    if (!complete_ && text_.size() > keep_) {
      // The mark is still looked for, in what is long enough to hold a line with it.
      cut_ = true;
      text_.erase(0, text_.size() - std::min<std::size_t>(text_.size(), 4096));
      looked_ = 0;
    }
  }

  bool Marked() {
    if (value_) {
      if (std::size_t const line = FindValueLine(text_, mark_, looked_); line != std::string_view::npos) {
        text_.resize(line);
        return true;
      }
    } else if (text_.find(mark_, looked_) != std::string::npos) {
      return true;
    }
    if (value_ && IsContinuation(text_, MarkLine(mark_), looked_)) incomplete_input_ = true;
    // Next time from the start of the last line, which may be incomplete.
    std::size_t const newline = text_.rfind('\n');
    looked_ = newline == std::string::npos ? 0 : newline + 1;
    return false;
  }

  int fd_;
  std::string mark_;
  bool value_;
  std::size_t keep_;
  std::string text_;
  std::size_t looked_ = 0;
  bool complete_ = false;
  bool incomplete_input_ = false;
  bool ended_ = false;
  bool cut_ = false;
};

// Writes to a pipe whose reader may be gone, without the signal for that.
bool WriteAll(int fd, std::string_view text) {
  sigset_t broken_pipe;
  sigset_t before;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  bool broken = false;
  while (!text.empty() && !broken) {
    ssize_t const written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else {
      broken = errno != EINTR;
    }
  }
  if (broken && sigismember(&before, SIGPIPE) == 0) {
    timespec const at_once{};
    while (sigtimedwait(&broken_pipe, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return !broken;
}

}  // namespace

absl::StatusOr<ReplWorker> ReplWorker::Start(const Command& command, const WorkerLimits& limits) {
  ASSIGN_OR_RETURN(std::string nonce, MakeNonce());
  ASSIGN_OR_RETURN(Subprocess process, Subprocess::Start(command));
  return ReplWorker(std::move(process), limits, std::move(nonce));
}

absl::StatusOr<ReplReply> ReplWorker::Ask(std::string_view line, const CallLimits& call) {
  std::string const mark = Cat({nonce_, "x", std::to_string(++asked_)});
  Stream output(process_.output(), mark, /*value=*/true, limits_.output);
  Stream error(process_.error(), mark, /*value=*/false, limits_.output);
  // The line and the mark are far smaller than the pipe, and the process reads before it evaluates.
  bool open = WriteAll(process_.input(), Cat({line, "\n", MarkLine(mark), "\n"}));

  absl::Time const evaluated_by = absl::Now() + limits_.evaluation;
  absl::Time const until = std::min(call.deadline, evaluated_by);
  ReplReply reply;
  while (open && !(output.complete() && error.complete())) {
    std::array<pollfd, 3> fds = {pollfd{output.fd(), POLLIN, 0}, pollfd{error.fd(), POLLIN, 0},
                                 pollfd{process_.ended(), POLLIN, 0}};
    absl::Status const waited = PollWithin(fds, call.cancel, until, kWaiting);
    if (absl::IsDeadlineExceeded(waited) && evaluated_by <= call.deadline) {
      reply.end = ReplReply::End::kTimeout;
      break;
    }
    RETURN_IF_ERROR(waited);
    output.Read();
    error.Read();
    if (output.incomplete_input()) {
      reply.end = ReplReply::End::kIncomplete;
      break;
    }
    open = fds[2].revents == 0;
  }
  if (!open && reply.end == ReplReply::End::kAnswered) {
    output.Read();
    error.Read();
    if (!(output.complete() && error.complete())) reply.end = ReplReply::End::kEnded;
  }
  reply.cut = output.cut();
  reply.output = output.Take();
  reply.error = error.Take();
  return reply;
}

std::uint64_t ReplWorker::ResidentBytes() const {
  // Size and resident set in pages, proc(5).
  std::ifstream statm(Cat({"/proc/", std::to_string(process_.pid()), "/statm"}));
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(statm >> size >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace fediversity::nix
