#include "tests/provider/backends/nix/processes.h"

#include <sys/wait.h>
#include <unistd.h>

#include <vector>

namespace fediversity::nix {

bool AllOfTwentyProcesses(const std::function<bool()>& work) {
  constexpr std::size_t kProcesses = 20;
  std::vector<pid_t> children;
  children.reserve(kProcesses);
  while (children.size() < kProcesses) {
    pid_t const pid = fork();
    if (pid == 0) _exit(work() ? 0 : 1);
    if (pid < 0) break;
    children.push_back(pid);
  }
  bool right = children.size() == kProcesses;
  for (pid_t const child : children) {
    int status = 0;
    right = waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 && right;
  }
  return right;
}

}  // namespace fediversity::nix
