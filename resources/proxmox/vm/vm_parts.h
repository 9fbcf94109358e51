#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PARTS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PARTS_H_

#include "absl/status/status.h"
#include "resources/proxmox/vm/option_name.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

// Fills `vm` with what the configuration holds. Maps of slots that `vm` has already keep to their slots; others get all
// slots there are. What a configuration does not hold (clone, ha, ...) stays as it is. InvalidArgument for a value that
// cannot be read.
absl::Status ReadVmOptions(VmOptions& options, ProxmoxVm& vm);

// Puts into `options` what `plan` changes against `prior`, which is null for a VM to be made: then what `plan` leaves
// null is not touched. Aborted where something else stands there than `prior` says.
absl::Status WriteVmOptions(const ProxmoxVm* prior, const ProxmoxVm& plan, VmOptions& options);

// Gives what means the same in `fresh` the spelling of `known`.
void KeepVmSpelling(const ProxmoxVm& known, ProxmoxVm& fresh);

// Makes null what stands under `name` in the configuration. False where nothing does.
bool ClearVmOption(const OptionName& name, ProxmoxVm& vm);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PARTS_H_
