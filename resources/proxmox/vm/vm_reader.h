#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_READER_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "provider/schema/typed_resource.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

using VmContext = schema::Context<ProxmoxVm>;

// What an operation knows of the VM already, so that it need not be asked again.
struct VmKnowledge {
  bool is_planned = false;            // the `state` to describe is what was planned
  const ProxmoxVm* before = nullptr;  // what state held when the change began
  std::optional<bool> running = {};
  std::optional<std::string> pool = {};  // empty for none
  std::optional<bool> ha_managed = {};
  std::optional<bool> reboot_required = {};
  std::optional<std::vector<proxmox::GuestInterface>> interfaces = {};
  absl::Status silence = absl::OkStatus();  // why the agent was waited for in vain
};

// Finds the VM of `state` and sees that it is the one that was made. The statuses are Api::FetchVm's and CheckSameVm's.
absl::StatusOr<proxmox::LocatedVm> FindVm(proxmox::Api& api, const ProxmoxVm& state, VmContext& context);

// The configuration of a VM that was found, for a change that names its digest. Waits as Api::ReadUnlockedConfig() does,
// and sees that it is still the same VM.
absl::StatusOr<proxmox::VmConfig> ReadToChange(proxmox::Api& api, const proxmox::VmId& vm,
                                               VmContext& context);

// `state` with what Proxmox holds now. `located` is what FindVm() or ReadConfig() just answered. Asks for nothing that is
// known, and of a VM that is as `state` says for nothing that the listing lacks. What Proxmox does not hold (clone,
// timeouts, ...) stays as it is.
absl::StatusOr<ProxmoxVm> DescribeVm(proxmox::Api& api, const proxmox::LocatedVm& located,
                                     const ProxmoxVm& state, VmContext& context,
                                     const VmKnowledge& known = {});

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_READER_H_
