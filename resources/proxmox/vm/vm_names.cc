#include "resources/proxmox/vm/vm_names.h"

#include <utility>

#include "provider/base/status_macros.h"

namespace fediversity::resources {

void VmNames::Add(std::int64_t vmid, std::string name) {
  std::lock_guard const lock(mutex_);
  names_[vmid] = std::move(name);
}

void VmNames::Forget(std::int64_t vmid) {
  std::lock_guard const lock(mutex_);
  names_.erase(vmid);
}

absl::StatusOr<std::vector<proxmox::VmSummary>> VmNames::List(proxmox::Api& api,
                                                              const CallLimits& limits) const {
  ASSIGN_OR_RETURN(std::vector<proxmox::VmSummary> vms, api.ListVms(limits));
  for (proxmox::VmSummary& vm : vms) {
    if (!vm.name.empty()) continue;
    {
      std::lock_guard const lock(mutex_);
      auto const known = names_.find(vm.vmid);
      if (known != names_.end()) {
        vm.name = known->second;
        continue;
      }
    }
    auto const config = api.ReadConfig({.vmid = vm.vmid, .node = vm.node}, limits);
    const std::string* const name = config.ok() ? config->Find("name") : nullptr;
    if (name != nullptr) vm.name = *name;
  }
  return vms;
}

}  // namespace fediversity::resources
