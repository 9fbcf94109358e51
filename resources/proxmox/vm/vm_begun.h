#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_BEGUN_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_BEGUN_H_

// What is noted (provider/base/journal.h) of VMs in the making, so that the next apply carries on with a VM whose process
// was killed before it could say that it had made it.

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "provider/base/journal.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// To be called before a VM of this VMID is made.
Journal::Note NoteVm(const Journal& journal, const proxmox::Api& api, const proxmox::VmId& vm,
                     const ProxmoxVm& plan);

struct BegunVm {
  proxmox::LocatedVm located;
  bool running = false;
  Journal::Note note;  // to be held until the VM is in state
};

// The VM of `plan`'s name that an apply of this configuration has begun within a day and no state knows: it has the VMID
// that was noted, that name, and comes from the same source. One that is no clone was made at that time, too; a clone has
// the creation time of its source. nullopt where there is none. Waits for a clone that is still being copied. A VM without
// a name that was begun is a warning, for nothing tells which configuration it is of.
absl::StatusOr<std::optional<BegunVm>> FindBegunVm(proxmox::Api& api, const Journal& journal,
                                                   const ProxmoxVm& plan, VmContext& context);

// Forgets the note of a VM that is in state by now, since somebody has imported it.
void ForgetNote(const Journal& journal, const proxmox::Api& api, const proxmox::VmId& vm);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_BEGUN_H_
