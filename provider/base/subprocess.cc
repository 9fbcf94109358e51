#include "provider/base/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "provider/base/pidfd.h"
#include "provider/base/poll_limits.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity {
namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

absl::StatusOr<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "cannot make a pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

absl::Status SetNonBlocking(int fd) {
  if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) return absl::ErrnoToStatus(errno, "cannot set up a pipe");
  return absl::OkStatus();
}

// Inherited variables with those of the command in their place.
std::vector<std::string> MergeEnvironment(const Command& command) {
  std::vector<std::string> merged;
  auto is_overridden = [&command](std::string_view variable) {
    return std::any_of(command.environment.begin(), command.environment.end(), [variable](const auto& entry) {
      return variable.substr(0, variable.find('=')) == entry.first;
    });
  };
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!is_overridden(*variable)) merged.emplace_back(*variable);
  }
  for (const auto& [name, value] : command.environment) {
    if (value.has_value()) merged.push_back(Cat({name, "=", *value}));
  }
  return merged;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Owns what posix_spawn wants to be told.
class SpawnSetup {
 public:
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  // Answers an errno value, 0 for none.
  int Fill(const Command& command, int input, int output, int error) {
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    int failed = 0;
    auto note = [&failed](int result) {
      if (failed == 0) failed = result;
    };
    note(posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO));
    note(posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO));
    note(posix_spawn_file_actions_adddup2(&actions_, error, STDERR_FILENO));
    note(posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1));
    if (!command.directory.empty()) {
      note(posix_spawn_file_actions_addchdir_np(&actions_, command.directory.c_str()));
    }
    note(posix_spawnattr_setsigdefault(&attributes_, &all));
    note(posix_spawnattr_setsigmask(&attributes_, &none));
    note(posix_spawnattr_setpgroup(&attributes_, 0));
    note(posix_spawnattr_setflags(&attributes_,
                                  POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP));
    return failed;
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

std::string ExitStatus::ToString() const {
  if (signal != 0) return absl::StrCat("signal ", signal, " (", strsignal(signal), ")");
  return absl::StrCat("exit code ", code);
}

absl::StatusOr<Subprocess> Subprocess::Start(const Command& command) {
  if (command.arguments.empty()) return absl::InvalidArgumentError("no program to run was given");
  ASSIGN_OR_RETURN(Pipe input, MakePipe());
  ASSIGN_OR_RETURN(Pipe output, MakePipe());
  ASSIGN_OR_RETURN(Pipe error, MakePipe());
  RETURN_IF_ERROR(SetNonBlocking(output.read.get()));
  RETURN_IF_ERROR(SetNonBlocking(error.read.get()));

  SpawnSetup setup;
  int failed = setup.Fill(command, input.read.get(), output.write.get(), error.write.get());
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = MergeEnvironment(command);
  Subprocess process;
  if (failed == 0) {
    failed = posix_spawnp(&process.pid_, arguments[0].c_str(), setup.actions(), setup.attributes(),
                          Pointers(arguments).data(), Pointers(environment).data());
  }
  if (failed != 0) {
    process.pid_ = -1;
    return absl::ErrnoToStatus(failed, ToAbsl(Cat({"cannot run ", command.arguments[0]})));
  }
  process.input_ = std::move(input.write);
  process.output_ = std::move(output.read);
  process.error_ = std::move(error.read);
  process.pidfd_ = OpenPidfd(process.pid_);
  if (!process.pidfd_.valid()) {
    absl::Status const status = absl::ErrnoToStatus(errno, "cannot watch a child process");
    kill(-process.pid_, SIGKILL);
    process.Reap();
    return status;
  }
  return process;
}

Subprocess::Subprocess(Subprocess&& other) noexcept { *this = std::move(other); }

Subprocess& Subprocess::operator=(Subprocess&& other) noexcept {
  if (this != &other) {
    Terminate(absl::ZeroDuration());
    pid_ = std::exchange(other.pid_, -1);
    status_ = other.status_;
    pidfd_ = std::move(other.pidfd_);
    input_ = std::move(other.input_);
    output_ = std::move(other.output_);
    error_ = std::move(other.error_);
  }
  return *this;
}

Subprocess::~Subprocess() { Terminate(absl::ZeroDuration()); }

absl::StatusOr<ExitStatus> Subprocess::Wait(const CancelToken& cancel, absl::Time deadline) {
  if (pid_ < 0) return status_;
  std::array<pollfd, 1> fds = {pollfd{pidfd_.get(), POLLIN, 0}};
  RETURN_IF_ERROR(PollWithin(fds, cancel, deadline, "waiting for a program"));
  return Reap();
}

ExitStatus Subprocess::Reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    status_.signal = WTERMSIG(status);
  } else {
    status_.code = WEXITSTATUS(status);
  }
  return status_;
}

void Subprocess::Terminate(absl::Duration grace) {
  if (pid_ < 0) return;
  // The group is signalled before its leader is reaped: until then its number cannot be given away.
  pid_t const group = pid_;
  if (grace > absl::ZeroDuration()) {
    kill(-group, SIGTERM);
    std::array<pollfd, 1> fds = {pollfd{pidfd_.get(), POLLIN, 0}};
    PollWithin(fds, CancelToken(), absl::Now() + grace, "ending a program").IgnoreError();
  }
  kill(-group, SIGKILL);
  Reap();
}

}  // namespace fediversity
