#include "resources/proxmox/vm/vm_names.h"

#include <memory>
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

std::optional<std::string> VmNames::Find(std::int64_t vmid) const {
  std::lock_guard const lock(mutex_);
  auto const known = names_.find(vmid);
  return known == names_.end() ? std::nullopt : std::optional(known->second);
}

absl::StatusOr<std::vector<proxmox::VmSummary>> VmNames::List(proxmox::Api& api, const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const proxmox::Resources> const listing, api.ListResources(limits));
  std::vector<proxmox::VmSummary> vms = listing->vms;
  for (proxmox::VmSummary& vm : vms) {
    if (!vm.name.empty()) continue;
    if (auto known = Find(vm.vmid); known.has_value()) {
      vm.name = *std::move(known);
      continue;
    }
    const proxmox::Node* const node = listing->FindNode(vm.node);
    if (node != nullptr && node->offline) continue;
    auto const config = api.ReadConfig({.vmid = vm.vmid, .node = vm.node}, limits);
    if (!config.ok()) continue;
    const std::string* const name = config->Find("name");
    if (name != nullptr) vm.name = *name;
    Add(vm.vmid, vm.name);
  }
  return vms;
}

}  // namespace fediversity::resources
