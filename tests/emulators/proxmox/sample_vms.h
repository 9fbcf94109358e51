#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_SAMPLE_VMS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_SAMPLE_VMS_H_

#include "tests/emulators/proxmox/cluster.h"

namespace fediversity::emulators {

// Adds VMs from VMID 100 on, as a cluster that grew over the years has them: on every node, of several sizes, in pools,
// with tags, some with cloud-init, some with an agent, most of them running. For storages as they are by default.
void AddSampleVms(Cluster& cluster, int count);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_SAMPLE_VMS_H_
