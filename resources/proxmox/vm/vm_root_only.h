#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_ROOT_ONLY_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_ROOT_ONLY_H_

#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// Reports each change for which Proxmox answers "only root can ...", whatever the privileges of a token. `prior` is an
// empty VM where there is none.
void RefuseRootOnly(const ProxmoxVm& prior, const ProxmoxVm& planned, schema::Diagnostics& diagnostics);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_ROOT_ONLY_H_
