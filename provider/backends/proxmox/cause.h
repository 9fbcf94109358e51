#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CAUSE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CAUSE_H_

#include <string_view>

#include "absl/status/status.h"

namespace fediversity::proxmox {

// What a message of the service stands for, as far as callers act on it. The service has no codes of its own: most
// failures are status 500 with a sentence, and tasks end with the same sentences.
enum class Cause {
  kOther,
  kNoSuchVm,     // no configuration file on that node: it is gone, or on another one
  kNoSuchThing,  // a volume, snapshot, ...
  kNoSuchPool,
  kNoSuchStorage,
  kNoSuchNode,
  kNoSuchUrl,
  kVmidTaken,
  kExists,
  kConfigLock,   // another request or task works on the configuration: passes by itself
  kVmLock,       // a backup, migration, ... of the VM: passes by itself
  kBeingMade,    // a create, restore or clone: what has the VMID then need not be what was looked at
  kStorageLock,  // another allocation: passes by itself, but part of the request may be done
  kFileLock,     // another write of a file of the cluster, such as that of pools: the same
  kSuspended,    // locked until somebody resumes it
  kDigest,       // the configuration has changed
  kRunning,
  kNotRunning,
  kProtected,
  kRootOnly,  // refused to every API token
  kNoQuorum,
  kLocalStorage,   // a clone on another node would need disks that this node does not share
  kNoAgent,        // the VM has no guest agent configured
  kSilentAgent,    // the guest agent does not answer
  kGuestTimeout,   // the guest did not shut down in time
  kVolumeInUse,    // a snapshot names it, or another drive
  kPoolUnchanged,  // the VM is in the pool already, or was not in it
  kBadParameter,
  kNoHaGroups,  // since version 9
};

struct Meaning {
  Cause cause = Cause::kOther;
  absl::StatusCode code = absl::StatusCode::kInternal;
  std::string_view advice = {};  // what to do about it; empty where the message says it all
};

// The meaning of a message, for which this is the one table. kOther where it is not known.
Meaning MeaningOf(std::string_view message);

// The cause that a status carries; kOther where it carries none.
absl::Status WithCause(absl::Status status, Cause cause);
Cause CauseOf(const absl::Status& status);

// Marks the error of a request that the service refused before it did anything.
absl::Status AsRefused(absl::Status status);
// Whether the request that ended so certainly did nothing: it was refused at once, or never sent. Of requests that do
// their work in a task; one that changes a configuration may have done a part before it was refused.
bool IsDefinite(const absl::Status& status);

// Whether a write that ended so may be under way still, or done: its answer was lost, or nobody waited for it.
bool MayGoOn(const absl::Status& status);

// Marks the error of a task that has ended: what it did is done, and no more will be.
absl::Status AsEnded(absl::Status status);
bool IsOfEndedTask(const absl::Status& status);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CAUSE_H_
