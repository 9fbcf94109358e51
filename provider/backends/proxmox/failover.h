#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_FAILOVER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_FAILOVER_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "provider/http/transport.h"

namespace fediversity::proxmox {

// One cluster behind several endpoints. Stays with the one that answered last. Goes on to the next where nothing can
// have been sent (no connection, a certificate that is refused), where the node does nothing for want of quorum, and with
// reads also where the answer got lost or the node could not pass them on (502 to 504, 595 to 599). Where all fail, the
// answer is that of the first, or a status that names what each of them said.
// Thread-safe.
class FailoverTransport final : public http::Transport {
 public:
  // At least one.
  explicit FailoverTransport(std::vector<std::unique_ptr<http::Transport>> endpoints);

  absl::StatusOr<http::Response> Send(const http::Request& request, const CallLimits& limits) override;

 private:
  std::vector<std::unique_ptr<http::Transport>> const endpoints_;
  std::atomic<std::size_t> current_ = 0;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_FAILOVER_H_
