#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STORAGE_STATUS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STORAGE_STATUS_H_

#include "tests/emulators/proxmox/cluster.h"

namespace fediversity::emulators {

// One row of a node, in /nodes and /cluster/resources: whoever lacks Sys.Audit sees its name and state.
Json NodeRow(const Cluster& cluster, const Identity& who, const Node& node);

// The rows of storages in /cluster/resources, one for each node that has it.
void AddStorageRows(const Cluster& cluster, const Identity& who, Json& rows);

// How full a storage is on a node: total, used, avail, and what else both listings share.
Json StorageUsage(const Cluster& cluster, const Storage& storage, const std::string& node);

bool IsOn(const Storage& storage, const std::string& node);
bool MaySee(const Cluster& cluster, const Identity& who, const std::string& storage);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STORAGE_STATUS_H_
