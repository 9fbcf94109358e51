#include "provider/rpc/lifetime.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "provider/base/pidfd.h"

namespace fediversity::rpc {
namespace {

constexpr int kParentCheckMilliseconds = 500;

absl::StatusOr<UniqueFd> CatchSignals(bool stands_alone) {
  sigset_t caught;
  sigemptyset(&caught);
  sigaddset(&caught, SIGTERM);
  sigaddset(&caught, SIGHUP);
  if (stands_alone) {
    sigaddset(&caught, SIGINT);
  } else {
    signal(SIGINT, SIG_IGN);
  }
  signal(SIGPIPE, SIG_IGN);
  if (pthread_sigmask(SIG_BLOCK, &caught, nullptr) != 0) {
    return absl::InternalError("cannot block signals");
  }
  UniqueFd signals(signalfd(-1, &caught, SFD_CLOEXEC));
  if (!signals.valid()) return absl::ErrnoToStatus(errno, "cannot receive signals");
  return signals;
}

}  // namespace

absl::StatusOr<Lifetime> Lifetime::Begin(bool stands_alone) {
  Lifetime lifetime;
  if (!stands_alone) {
    lifetime.host_id_ = getppid();
    // PR_SET_PDEATHSIG would fire when the host's thread that forked us ends.
    lifetime.host_ = OpenPidfd(lifetime.host_id_);
  }
  absl::StatusOr<UniqueFd> signals = CatchSignals(stands_alone);
  if (!signals.ok()) return signals.status();
  lifetime.signals_ = *std::move(signals);
  lifetime.asked_ = UniqueFd(eventfd(0, EFD_CLOEXEC));
  if (!lifetime.asked_.valid()) return absl::ErrnoToStatus(errno, "cannot make an event descriptor");
  return lifetime;
}

void Lifetime::HostAsksToEnd() {
  // Fails only on overflow, when the reader has long been woken.
  static_cast<void>(eventfd_write(asked_.get(), 1));
}

EndReason Lifetime::Wait() {
  while (true) {
    std::array<pollfd, 3> fds = {pollfd{asked_.get(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0},
                                 pollfd{host_.get(), POLLIN, 0}};
    // The host may have ended before it could be watched.
    if (host_id_ > 0 && getppid() != host_id_) return EndReason::kHostGone;
    poll(fds.data(), fds.size(), host_.valid() || host_id_ == 0 ? -1 : kParentCheckMilliseconds);
    if ((fds[0].revents & POLLIN) != 0) return EndReason::kHostAsked;
    if ((fds[1].revents & POLLIN) != 0) return EndReason::kSignal;
    if ((fds[2].revents & POLLIN) != 0) return EndReason::kHostGone;
  }
}

}  // namespace fediversity::rpc
