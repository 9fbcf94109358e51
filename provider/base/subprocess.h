#ifndef FEDIVERSITY_PROVIDER_BASE_SUBPROCESS_H_
#define FEDIVERSITY_PROVIDER_BASE_SUBPROCESS_H_

// Other programs, run so that they cannot disturb the host: the host waits for the end of our output pipes, so
// no child may hold them, and a Ctrl-C that it wants to handle must not end a child by itself.

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/cancel.h"
#include "provider/base/unique_fd.h"

namespace fediversity {

struct Command {
  std::vector<std::string> arguments = {};  // [0] is the program; without a slash it is looked up in PATH
  // Variables set for it, beside those it inherits; nullopt takes one away.
  std::vector<std::pair<std::string, std::optional<std::string>>> environment = {};
  std::string directory = {};  // empty: ours
};

// How a program ended: by exit code, or by a signal.
struct ExitStatus {
  int code = 0;
  int signal = 0;
  bool ok() const { return code == 0 && signal == 0; }
  // "exit code 3", "signal 9 (Killed)".
  std::string ToString() const;
};

// A running program with pipes to its standard input, output and error. It has a process group of its own,
// default signal handling and no other file descriptor of ours. Destruction kills the whole group.
// Not thread-safe; movable.
class Subprocess {
 public:
  // Answers NotFound where there is no such program, else the failure of the system call.
  static absl::StatusOr<Subprocess> Start(const Command& command);

  Subprocess(Subprocess&& other) noexcept;
  Subprocess& operator=(Subprocess&& other) noexcept;
  ~Subprocess();

  // Our ends of its pipes. Those of output and error do not block.
  int input() const { return input_.get(); }
  int output() const { return output_.get(); }
  int error() const { return error_.get(); }
  // Readable in poll(2) once the program has ended.
  int ended() const { return pidfd_.get(); }
  pid_t pid() const { return pid_; }

  // The program then reads the end of its input.
  void CloseInput() { input_.Close(); }
  // Waits for the end. Answers Cancelled or DeadlineExceeded at the limits and leaves the program running.
  absl::StatusOr<ExitStatus> Wait(const CancelToken& cancel, absl::Time deadline);
  // Asks the process group to end (SIGTERM), kills it after `grace`, and reaps.
  void Terminate(absl::Duration grace);

 private:
  Subprocess() = default;
  ExitStatus Reap();

  pid_t pid_ = -1;  // -1 once reaped
  ExitStatus status_;
  UniqueFd pidfd_, input_, output_, error_;
};

struct CommandResult {
  ExitStatus status;
  std::string output;
  std::string error;
  bool cut = false;  // whether more was written than is kept
};

// Runs a program to its end, feeding it `input` and keeping the first `keep` bytes of each output. At the limits
// it is terminated, with its children, and the answer is Cancelled or DeadlineExceeded. A program that fails is
// not an error here: see CommandResult::status. Thread-safe.
absl::StatusOr<CommandResult> RunCommand(const Command& command, std::string_view input,
                                         const CancelToken& cancel, absl::Time deadline,
                                         std::size_t keep = std::size_t{16} << 20U);

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_SUBPROCESS_H_
