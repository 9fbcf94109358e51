#ifndef FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_PLAN_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_PLAN_H_

#include <vector>

#include "provider/backends/proxmox/api.h"
#include "provider/backends/slot.h"
#include "provider/schema/typed_resource.h"
#include "resources/proxmox/image_model.h"

namespace fediversity::resources {

using ImageContext = schema::Context<ProxmoxImage>;

// Key of the private state that is set, with any value, from the moment on that a read finds another content in the
// storage than the one that was put there.
inline constexpr const char* kImageChangedMark = "changed";

// Completes a plan: the volume id, and of a local file its size and checksum. Asks for replacement where the content
// changes, or may change and nothing could tell later. `prior` is null for an image to be created. Reads the local file,
// and asks the service only where the node changes, whether the storage is shared.
absl::Status PlanImage(const Slot<proxmox::Api>& api, ImageContext& context, const ProxmoxImage* prior,
                       const ProxmoxImage& config, ProxmoxImage& planned, std::vector<wire::Path>& replace);

// Whether two checksums can be held against each other: both are known and by the same algorithm.
bool AreComparable(const schema::Value<std::string>& a, const schema::Value<std::string>& b);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_PLAN_H_
