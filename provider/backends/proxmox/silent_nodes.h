#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SILENT_NODES_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SILENT_NODES_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "provider/base/clock.h"
#include "provider/http/transport.h"

namespace fediversity::proxmox {

// Spares a plan the waits for a node that the cluster has online and that nobody can ask. Where reading the
// configuration of a VM has failed only after a long wait, further ones of that node are Unavailable at once for a short
// time. Only these: a node that is well answers them at once, while a listing may hang with a storage. Thread-safe.
class SilentNodes final : public http::Transport {
 public:
  // `clock` must outlive it.
  SilentNodes(std::unique_ptr<http::Transport> inner, Clock& clock);

  absl::StatusOr<http::Response> Send(const http::Request& request, const CallLimits& limits) override;

 private:
  bool IsSilent(const std::string& node);

  std::unique_ptr<http::Transport> const inner_;
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, absl::Time> given_up_;  // by node
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SILENT_NODES_H_
