#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_LIFECYCLE_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_LIFECYCLE_H_

#include "tests/emulators/proxmox/cluster.h"
#include "tests/emulators/proxmox/disks.h"

namespace fediversity::emulators {

// Starts a VM: pending changes come into effect, and its cloud-init drive is made anew.
Failure StartVm(Cluster& cluster, Vm* vm, const std::string& node, int vmid, Log& log);
// Takes its power away; pending changes come into effect.
void StopVm(Cluster& cluster, Vm& vm);
// Removes a VM with its volumes; `unreferenced` takes those along that carry its number without being in use.
Failure DestroyVm(Cluster& cluster, int vmid, bool purge, bool unreferenced, Log& log);

// What an operation that names a pool needs; nothing where the pool is there.
std::optional<Reply> CheckPool(const Cluster& cluster, const Call& call);
// VM.Allocate at the new VM or in the pool that is to have it.
bool MayAllocate(const Cluster& cluster, const Call& call, int vmid);
void JoinPool(Cluster& cluster, const std::string& pool, int vmid);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_LIFECYCLE_H_
