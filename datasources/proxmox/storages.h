#ifndef FEDIVERSITY_DATASOURCES_PROXMOX_STORAGES_H_
#define FEDIVERSITY_DATASOURCES_PROXMOX_STORAGES_H_

#include <memory>

#include "provider/backends/proxmox/api.h"
#include "provider/backends/slot.h"
#include "provider/schema/resource.h"

namespace fediversity::datasources {

// fediversity_proxmox_storages. `api` outlives it.
std::unique_ptr<schema::AnyDataSource> MakeProxmoxStorages(const Slot<proxmox::Api>& api);

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_PROXMOX_STORAGES_H_
