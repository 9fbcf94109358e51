#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_UPDATE_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_UPDATE_H_

#include <optional>
#include <string>

#include "tests/emulators/proxmox/cluster.h"
#include "tests/emulators/proxmox/disks.h"

namespace fediversity::emulators {

// The parameters of a call that are options of a VM.
Params OptionsOf(const Cluster& cluster, const Call& call);

// Refuses what the caller may not set or delete: options for root alone, and those that need a privilege of their own.
std::optional<Reply> RefuseOptions(const Cluster& cluster, const Call& call, const Params& options,
                                   bool creating);
std::optional<Reply> RefuseDeletion(const Cluster& cluster, const Call& call, const std::string& option);
// Refuses a copy of what the caller could not make: its disks on `storage`, or on theirs where that is empty.
std::optional<Reply> RefuseCopy(const Cluster& cluster, const Call& call, const Params& config,
                                const std::string& storage);

// What the server makes of a value that is no drive: a network gets its MAC, tags are put in order.
std::string Canonical(Cluster& cluster, const std::string& option, const std::string& value, bool creating);
// A machine type pinned to the running QEMU, as Windows gets it.
std::string PinnedMachine(const Cluster& cluster, const std::string& machine);
bool IsWindows(const std::string& ostype);

// Changes a VM as one PUT of its configuration does, option by option: what was done before a failure stays. Deletions
// and new values become pending and are put into effect at once where the state of the VM lets them.
std::optional<Reply> UpdateVm(Cluster& cluster, const Call& call, Vm& vm, const Params& set, Log& log);

// Puts everything pending into effect, as stopping a VM does.
void ApplyPending(Cluster& cluster, Vm& vm);
// Takes a drive or unused volume away; its volume becomes unused, or goes.
void DetachDrive(Cluster& cluster, Vm& vm, const std::string& slot, bool destroy);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_UPDATE_H_
