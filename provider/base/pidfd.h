#ifndef FEDIVERSITY_PROVIDER_BASE_PIDFD_H_
#define FEDIVERSITY_PROVIDER_BASE_PIDFD_H_

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "provider/base/unique_fd.h"

namespace fediversity {

// A descriptor that is readable in poll(2) once the process has ended (pidfd_open(2)); invalid, with errno, on
// failure. glibc 2.36 declares the function without C linkage, hence the system call.
inline UniqueFd OpenPidfd(pid_t process) {
  return UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
}

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_PIDFD_H_
