#include "provider/backends/proxmox/volume_listings.h"

#include <utility>

#include "provider/backends/proxmox/decode.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

VolumeListings::Listing& VolumeListings::Find(const std::string& node, const std::string& storage,
                                              const std::string& content) {
  std::lock_guard const lock(mutex_);
  std::string const key = Cat({node, "/", storage, "/", content});
  auto const found = listings_.find(key);
  if (found != listings_.end()) return found->second;
  std::string const what = Cat({"storage ", storage, " on node ", node, ": listing its volumes"});
  auto read = [this, node, storage, content,
               what](const CallLimits& limits) -> absl::StatusOr<std::vector<Volume>> {
    Parameters parameters;
    if (!content.empty()) parameters.emplace_back("content", content);
    ASSIGN_OR_RETURN(nlohmann::json const data, client_.Get({"nodes", node, "storage", storage, "content"},
                                                            what, limits, std::move(parameters)));
    return DecodeVolumes(data, what);
  };
  return listings_.try_emplace(key, std::move(read), reuse_, what, clock_).first->second;
}

absl::StatusOr<std::shared_ptr<const std::vector<Volume>>> VolumeListings::Get(std::string_view node,
                                                                               std::string_view storage,
                                                                               std::string_view content,
                                                                               const CallLimits& limits) {
  return Find(std::string(node), std::string(storage), std::string(content)).Get(limits);
}

void VolumeListings::Drop() {
  std::lock_guard const lock(mutex_);
  for (auto& [key, listing] : listings_) listing.Drop();
}

}  // namespace fediversity::proxmox
