#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_UNSET_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_UNSET_H_

#include <string_view>

#include "absl/status/status.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

// Whether `unset` names the whole of an option.
bool IsUnset(const ProxmoxVm& plan, std::string_view key);

// Plans what `unset` names as null. An error for what `config` gives a value.
void PlanUnset(const ProxmoxVm& config, ProxmoxVm& planned, schema::Diagnostics& diagnostics);

// Takes what `unset` names out of `options`, those that no attribute stands for included. FailedPrecondition for a drive
// that the plan did not say would leave; `prior` is null for a VM to be made.
absl::Status RemoveUnset(const ProxmoxVm* prior, const ProxmoxVm& plan, VmOptions& options);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_UNSET_H_
