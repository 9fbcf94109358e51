// RunCommand of subprocess.h.

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "provider/base/poll_limits.h"
#include "provider/base/status_macros.h"
#include "provider/base/subprocess.h"

namespace fediversity {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(2);

// Takes what can be read now. False once there is nothing more to come.
bool Drain(int fd, std::string& kept, std::size_t keep, bool& cut) {
  std::array<char, 64 * 1024> buffer;
  while (true) {
    ssize_t const got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    std::size_t const taken = std::min(static_cast<std::size_t>(got), keep - kept.size());
    kept.append(buffer.data(), taken);
    cut = cut || taken < static_cast<std::size_t>(got);
  }
}

// write(2) that answers EPIPE without the signal, whatever the process does about SIGPIPE.
ssize_t WriteQuietly(int fd, const char* bytes, std::size_t size) {
  sigset_t broken_pipe;
  sigset_t before;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  ssize_t const written = write(fd, bytes, size);
  int const error = errno;
  if (written < 0 && error == EPIPE && sigismember(&before, SIGPIPE) == 0) {
    timespec const at_once{};
    while (sigtimedwait(&broken_pipe, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return written;
}

// Writes a piece that fits into the pipe. False once nothing more can be written.
bool Feed(int fd, std::string_view& input) {
  // poll() promises room for PIPE_BUF bytes, so this write does not block.
  constexpr std::size_t kPiece = 4096;
  ssize_t const written = WriteQuietly(fd, input.data(), std::min(input.size(), kPiece));
  if (written < 0) return errno == EINTR;
  input.remove_prefix(static_cast<std::size_t>(written));
  return !input.empty();
}

struct Limits {
  const CancelToken& cancel;
  absl::Time deadline;
  std::size_t keep;
};

absl::Status Converse(Subprocess& process, std::string_view input, const Limits& limits,
                      CommandResult& result) {
  bool output_open = true;
  bool error_open = true;
  if (input.empty()) process.CloseInput();
  while (true) {
    std::array<pollfd, 4> fds = {
        pollfd{process.ended(), POLLIN, 0}, pollfd{output_open ? process.output() : -1, POLLIN, 0},
        pollfd{error_open ? process.error() : -1, POLLIN, 0}, pollfd{process.input(), POLLOUT, 0}};
    RETURN_IF_ERROR(PollWithin(fds, limits.cancel, limits.deadline, "waiting for a program"));
    if (fds[1].revents != 0) output_open = Drain(process.output(), result.output, limits.keep, result.cut);
    if (fds[2].revents != 0) error_open = Drain(process.error(), result.error, limits.keep, result.cut);
    if (fds[3].revents != 0 && !Feed(process.input(), input)) process.CloseInput();
    if (fds[0].revents != 0) {
      // What it wrote last; not what a child that it left behind may still write.
      if (output_open) Drain(process.output(), result.output, limits.keep, result.cut);
      if (error_open) Drain(process.error(), result.error, limits.keep, result.cut);
      return absl::OkStatus();
    }
  }
}

}  // namespace

absl::StatusOr<CommandResult> RunCommand(const Command& command, std::string_view input,
                                         const CancelToken& cancel, absl::Time deadline, std::size_t keep) {
  ASSIGN_OR_RETURN(Subprocess process, Subprocess::Start(command));
  CommandResult result;
  if (absl::Status const status = Converse(process, input, {cancel, deadline, keep}, result); !status.ok()) {
    process.Terminate(kGrace);
    return status;
  }
  ASSIGN_OR_RETURN(result.status, process.Wait(cancel, deadline));
  return result;
}

}  // namespace fediversity
