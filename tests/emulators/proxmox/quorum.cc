#include "tests/emulators/proxmox/quorum.h"

#include "provider/base/text.h"

namespace fediversity::emulators {

std::optional<Reply> RefuseWithoutQuorum(const Cluster& cluster) {
  if (cluster.quorate) return std::nullopt;
  return Died("cluster not ready - no quorum?");
}

Failure ConfigIsReadOnly(const Cluster& cluster, const Vm& vm) {
  if (cluster.quorate) return std::nullopt;
  return Cat({"unable to open file '/etc/pve/nodes/", vm.node, "/qemu-server/", std::to_string(vm.vmid),
              ".conf.tmp.54' - Permission denied"});
}

std::optional<Reply> RefuseFileLock(const Cluster& cluster, std::string_view what, std::string_view lock) {
  if (cluster.quorate) return std::nullopt;
  return Died(Cat({what, ": cfs-lock '", lock, "' error: no quorum!"}));
}

}  // namespace fediversity::emulators
