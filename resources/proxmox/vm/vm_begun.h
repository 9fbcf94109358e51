#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_BEGUN_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_BEGUN_H_

// What is noted (provider/base/journal.h) of VMs in the making, so that the next apply carries on with a VM whose process
// was killed before it could say that it had made it.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/api.h"
#include "provider/base/journal.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// What tells a VM of this VMID that is about to be made from any other that may get its VMID, some lines of text.
std::string VmNoteOf(const proxmox::VmId& vm, const ProxmoxVm& plan);
// To be called before it is made.
Journal::Note NoteVm(const Journal& journal, const proxmox::Api& api, std::string_view note);

// Whether this is the VM of the note. Unavailable while it is being made: then nothing tells.
absl::StatusOr<bool> IsNotedVm(const std::string& note, const proxmox::LocatedVm& vm);

// Whether its lock says so: it has its whole configuration when that is gone.
bool IsBeingMade(const proxmox::LocatedVm& vm);

// FailedPrecondition for a VM that is locked by a task that makes it, and that no task makes.
absl::Status RefuseHalfMade(proxmox::Api& api, const proxmox::LocatedVm& vm, const CallLimits& limits);

struct BegunVm {
  proxmox::LocatedVm located;
  bool running = false;
  Journal::Note note;  // to be held until the VM is in state
};

// The VM of a note once the task that makes it has ended; nullopt where there is none, or somebody else's has its VMID.
// Waits for as long as `limits` allow.
absl::StatusOr<std::optional<BegunVm>> FindNotedVm(proxmox::Api& api, const std::string& note,
                                                   const CallLimits& limits);

// The VM of `plan`'s name that an apply of this configuration has begun within a day and no state knows: it has the VMID
// that was noted, that name, and comes from the same source. One that is no clone was made at that time, too; a clone has
// the creation time of its source. nullopt where there is none. Waits for a clone that is still being copied; one
// that nobody copies is FailedPrecondition. A VM without a name that was begun, for nothing tells which configuration it is
// of, and one that was begun longer ago are warnings.
absl::StatusOr<std::optional<BegunVm>> FindBegunVm(proxmox::Api& api, const Journal& journal,
                                                   const ProxmoxVm& plan, VmContext& context);

// Forgets the note of a VM that is in state by now, since somebody has imported it.
void ForgetNote(const Journal& journal, const proxmox::Api& api, const proxmox::VmId& vm);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_BEGUN_H_
