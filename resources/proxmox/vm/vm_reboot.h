#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_REBOOT_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_REBOOT_H_

// What a running VM takes up only at its next start.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// The options of a VM on which it depends, "hotplug" and "ostype"; empty where it has none.
struct Plugging {
  std::string hotplug;
  std::string os_type;
};

// Whether a running VM takes up at once that `key` of its configuration changes from `before` to `after`. What Proxmox
// may refuse to unplug counts as taken up.
bool IsTakenUpAtOnce(std::string_view key, const std::optional<std::string>& before,
                     const std::optional<std::string>& after, const Plugging& plugging);

// FailedPrecondition, on its size, where a new disk has to grow once its content is there, and is to get into a VM that
// `runs` only at a start that `planned` does not bring.
absl::Status RefuseColdGrowth(bool runs, const ProxmoxVm& prior, const ProxmoxVm& planned);

// Says what will wait for the next start, and plans the reboot that what waits already is to bring.
void PlanReboot(const ProxmoxVm& prior, ProxmoxVm& planned, schema::Diagnostics& diagnostics);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_REBOOT_H_
