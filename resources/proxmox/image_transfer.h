#ifndef FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_TRANSFER_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_TRANSFER_H_

#include <functional>
#include <optional>

#include "provider/backends/proxmox/api.h"
#include "provider/base/log.h"
#include "resources/proxmox/image_model.h"
#include "resources/proxmox/image_plan.h"

namespace fediversity::resources {

// The file of `image` as the node lists it. NotFound is certain: the storage is there, in use and holds files of that
// kind, but not this one. FailedPrecondition where that cannot be said.
absl::StatusOr<proxmox::Volume> ReadImage(proxmox::Api& api, const ProxmoxImage& image,
                                          const CallLimits& limits);

// Downloads or uploads what `image` names, and answers the file as the storage holds it then. AlreadyExists where there
// is a file of that name with another content, or one that nobody knows, unless `adopt` says that it may be overwritten. Announces
// that it is about to write a file that nobody else has. After a failure nothing
// half done stays, and what somebody else put there meanwhile does; where that cannot be seen to, `image` is recorded
// in state.
absl::StatusOr<proxmox::Volume> PutImage(proxmox::Api& api, const ProxmoxImage& image, bool adopt,
                                         const std::function<void()>& announce, const Logger& logger,
                                         ImageContext& context);

// Has the node compute the checksum of the file that it holds for `image`, which has a URL and a checksum. Downloads the
// file where it is gone.
absl::Status VerifyImage(proxmox::Api& api, const ProxmoxImage& image, ImageContext& context);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_TRANSFER_H_
