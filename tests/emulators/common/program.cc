#include "tests/emulators/common/program.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace fediversity::emulators {

ProgramEnd::ProgramEnd() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &ends, SFD_CLOEXEC);
}

ProgramEnd::~ProgramEnd() { close(signals_); }

void ProgramEnd::Wait() const {
  pollfd waits[] = {{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                    {.fd = signals_, .events = POLLIN, .revents = 0}};
  for (;;) {
    if (poll(waits, 2, -1) < 0) continue;
    if (waits[1].revents != 0) return;
    if (waits[0].revents == 0) continue;
    char ignored[256];
    if (read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0) return;
  }
}

}  // namespace fediversity::emulators
