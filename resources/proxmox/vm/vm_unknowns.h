#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_UNKNOWNS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_UNKNOWNS_H_

#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// Whether the change makes a template of a VM, which gives its volumes other names.
bool BecomesTemplate(const ProxmoxVm& prior, const ProxmoxVm& planned);

// Whether they have the same of all devices of which some can be booted from.
bool HasSameDevices(const ProxmoxVm& one, const ProxmoxVm& other);

// Whether Proxmox may add a CD-ROM drive to the boot order: one that is new, or gets another medium, and is not in it.
bool JoinsBootOrder(const ProxmoxVm& prior, const ProxmoxVm& planned);

// Makes unknown what Proxmox chooses anew as it carries the change out: volumes and the boot order.
void MarkUnknown(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_UNKNOWNS_H_
