#ifndef FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_H_

#include <memory>

#include "provider/backends/proxmox/api.h"
#include "provider/backends/slot.h"
#include "provider/base/journal.h"
#include "provider/base/log.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// fediversity_proxmox_image. `api` and `journal` outlive it; `logger` gets the progress of uploads.
std::unique_ptr<schema::AnyResource> MakeProxmoxImage(const Slot<proxmox::Api>& api, const Journal& journal,
                                                      const Logger& logger = Logger());

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_H_
