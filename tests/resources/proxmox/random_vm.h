#ifndef FEDIVERSITY_TESTS_RESOURCES_PROXMOX_RANDOM_VM_H_
#define FEDIVERSITY_TESTS_RESOURCES_PROXMOX_RANDOM_VM_H_

#include <string>

#include "tests/emulators/proxmox/api.h"
#include "tests/support/plan_oracle/random.h"

namespace fediversity::resources {

// What the configurations of one VM have in common.
struct VmLife {
  std::string name;
  std::string source;  // what it is cloned from; empty for a VM made from nothing
  int gigabytes = 1;   // of each disk. They only grow.
};

// A configuration of that VM that validates, for a cluster with the nodes pve1 to pve3, a shared storage "shared"
// and a bridge vmbr0. Each part may be left out, and each of these configurations may follow one that was made before,
// in place.
emulators::Json RandomVm(oracle::Random& random, VmLife& life);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_PROXMOX_RANDOM_VM_H_
