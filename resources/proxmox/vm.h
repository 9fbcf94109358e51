#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_H_

#include <memory>

#include "provider/backends/proxmox/api.h"
#include "provider/backends/slot.h"
#include "provider/base/journal.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// fediversity_proxmox_vm. Both must outlive it.
std::unique_ptr<schema::AnyResource> MakeProxmoxVm(const Slot<proxmox::Api>& api, const Journal& journal);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_H_
