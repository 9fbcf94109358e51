#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_SNAPSHOT_VOLUMES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_SNAPSHOT_VOLUMES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"

namespace fediversity::resources {

// The volumes that snapshots of the VM name, each with the name of one: Proxmox neither deletes them nor hands them to
// another VM. One request, and one for each snapshot.
absl::StatusOr<std::map<std::string, std::string>> SnapshotsByVolume(proxmox::Api& api,
                                                                     const proxmox::VmId& vm,
                                                                     const CallLimits& limits);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_SNAPSHOT_VOLUMES_H_
