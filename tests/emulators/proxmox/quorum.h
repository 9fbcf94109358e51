#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_QUORUM_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_QUORUM_H_

#include <optional>
#include <string_view>

#include "tests/emulators/proxmox/cluster.h"

namespace fediversity::emulators {

// How writes end while the cluster has lost its quorum; nothing while it has it. Which method ends how was captured for
// creating, cloning, starting, configuring and deleting VMs and for creating users; the others follow those that do the
// same inside.

// Of what asks for quorum before it begins.
std::optional<Reply> RefuseWithoutQuorum(const Cluster& cluster);
// Of what writes the file of a VM: "unable to open file '/etc/pve/nodes/...' - Permission denied".
Failure ConfigIsReadOnly(const Cluster& cluster, const Vm& vm);
// Of what changes a file of the whole cluster: RefuseFileLock(cluster, "create pool failed", "file-user_cfg").
std::optional<Reply> RefuseFileLock(const Cluster& cluster, std::string_view what, std::string_view lock);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_QUORUM_H_
