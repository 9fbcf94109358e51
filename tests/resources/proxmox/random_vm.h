#ifndef FEDIVERSITY_TESTS_RESOURCES_PROXMOX_RANDOM_VM_H_
#define FEDIVERSITY_TESTS_RESOURCES_PROXMOX_RANDOM_VM_H_

#include <string>

#include "tests/emulators/proxmox/api.h"
#include "tests/support/plan_oracle/random.h"

namespace fediversity::resources {

// A configuration of a VM called `name` that validates, for a cluster with the nodes pve1 to pve3, a storage "shared"
// and a bridge vmbr0. Each part may be left out, and any of these configurations may follow any other in place.
emulators::Json RandomVm(oracle::Random& random, const std::string& name);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_PROXMOX_RANDOM_VM_H_
