#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STATUS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STATUS_H_

#include <string>

#include "tests/emulators/proxmox/cluster.h"

namespace fediversity::emulators {

// What vmstatus of the Perl code finds about a VM right now; `full` adds what needs to ask QEMU.
Json LiveStatus(const Cluster& cluster, const Vm& vm, bool full);

// What the status daemon hands to /cluster/resources about a VM.
Json SeenStatus(const Cluster& cluster, const Vm& vm);

// One row of a VM in /cluster/resources or among the members of a pool: who and where it is at once, all else as the
// status daemon last saw it.
Json ResourceRow(const Cluster& cluster, const Vm& vm);

// Figures of the machine itself, made up but steady.
constexpr std::int64_t kNodeMemory = 25'276'063'744;
constexpr std::int64_t kNodeDisk = 270'553'174'016;

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STATUS_H_
