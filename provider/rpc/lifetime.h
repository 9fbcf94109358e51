#ifndef FEDIVERSITY_PROVIDER_RPC_LIFETIME_H_
#define FEDIVERSITY_PROVIDER_RPC_LIFETIME_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "provider/base/unique_fd.h"

namespace fediversity::rpc {

enum class EndReason : std::uint8_t { kHostAsked, kSignal, kHostGone };

// Waits for what ends the process: the host's Shutdown, a signal, or the host's death, after which nobody would
// call us. SIGINT is for the host alone, since a terminal sends it to both; it ends the process only where
// there is no host (`stands_alone`).
class Lifetime {
 public:
  // Changes signal handling of the process. Has to be called before the first thread starts, so that every
  // thread inherits it.
  static absl::StatusOr<Lifetime> Begin(bool stands_alone);

  // From any thread.
  void HostAsksToEnd();
  EndReason Wait();

 private:
  Lifetime() = default;

  UniqueFd signals_, asked_, host_;
  // Where the host cannot be watched by descriptor, the id of our parent process tells; 0 where nothing can.
  int host_id_ = 0;
};

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_LIFETIME_H_
