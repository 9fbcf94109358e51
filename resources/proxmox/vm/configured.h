#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_CONFIGURED_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_CONFIGURED_H_

#include "provider/schema/resource.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// A map of slots that the configuration names holds exactly the slots that it names: what else the VM has there is
// nobody's business. One that it leaves out shows all that the VM has. Which are which is kept in private state, since
// reading does not see the configuration.

// Notes which maps `config` names.
void RememberConfigured(const ProxmoxVm& config, schema::PrivateState& private_state);
// Empties the maps of `vm` that were not named, so that reading fills them anew.
void ForgetUnconfigured(const schema::PrivateState& private_state, ProxmoxVm& vm);
// Drops the maps of `vm` that `plan` does not have.
void ForgetUnplannedSlots(const ProxmoxVm& plan, ProxmoxVm& vm);
// Adds to the maps of `vm` the slots that only `prior` has, for a change that may not have got to removing them.
void KeepSlots(const ProxmoxVm& prior, ProxmoxVm& vm);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_CONFIGURED_H_
