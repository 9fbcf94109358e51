#include "resources/proxmox/vm/snapshot_volumes.h"

#include "provider/base/status_macros.h"
#include "resources/proxmox/vm/drive_slots.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

absl::StatusOr<std::map<std::string, std::string>> SnapshotsByVolume(proxmox::Api& api,
                                                                     const proxmox::VmId& vm,
                                                                     const CallLimits& limits) {
  ASSIGN_OR_RETURN(auto const snapshots, api.ReadSnapshots(vm, limits));
  std::map<std::string, std::string> names;
  for (const proxmox::VmSnapshot& snapshot : snapshots) {
    VmOptions options(snapshot.config.values);
    ASSIGN_OR_RETURN(auto const volumes, VolumesBySlot(options));
    for (const auto& [slot, volume] : volumes) names.try_emplace(volume, snapshot.name);
  }
  return names;
}

}  // namespace fediversity::resources
