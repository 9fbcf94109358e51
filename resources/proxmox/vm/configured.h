#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_CONFIGURED_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_CONFIGURED_H_

#include <string>
#include <vector>

#include "provider/schema/resource.h"
#include "resources/proxmox/vm/vm_model.h"

namespace fediversity::resources {

// A map of slots that the configuration names holds exactly the slots that it names: what else the VM has there is
// nobody's business. One that it leaves out shows all that the VM has. Which slots were named is kept in private state,
// since reading does not see the configuration, and only a slot that was named once is removed when it leaves a map.

// Notes which maps and slots `config` names, in place of what was noted before.
void RememberConfigured(const ProxmoxVm& config, schema::PrivateState& private_state);
// Notes them beside what was noted before, for a change that may not get to removing what `config` no longer names.
void AddConfigured(const ProxmoxVm& config, schema::PrivateState& private_state);
// Empties the maps of `vm` that were not named, so that reading fills them anew.
void ForgetUnconfigured(const schema::PrivateState& private_state, ProxmoxVm& vm);
// Drops the maps of `vm` that `plan` does not have.
void ForgetUnplannedSlots(const ProxmoxVm& plan, ProxmoxVm& vm);

// `prior` without the slots that stay with the VM although `plan` is without them: neither a configuration before nor
// `unset` has named them. They are added to `left`, where it is given.
struct LeftSlot {
  std::string map;  // "networks"
  std::string slot;
};
ProxmoxVm WithoutUnnamed(ProxmoxVm prior, const ProxmoxVm& plan, const schema::PrivateState& private_state,
                         std::vector<LeftSlot>* left = nullptr);
// Adds to the maps of `vm` the slots that only `prior` has, for a change that may not have got to removing them.
void KeepSlots(const ProxmoxVm& prior, ProxmoxVm& vm);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_CONFIGURED_H_
