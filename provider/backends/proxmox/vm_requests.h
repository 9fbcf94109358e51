#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_REQUESTS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_REQUESTS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "provider/backends/proxmox/task.h"
#include "provider/backends/proxmox/vm.h"
#include "provider/http/field.h"
#include "provider/http/permits.h"

namespace fediversity::proxmox {

// Options of a VM in the service's own words: {"cores", "2"}, {"cipassword", Secret(...)}. A value given as Secret is
// in no message and no log. Booleans are "0" and "1".
using Parameters = std::vector<http::Field>;

// Called with the VM that a request is about to make, before that request is sent, and again with every other VMID
// that is tried. Once it was called and an error came back that is not definite (IsDefinite() in cause.h), the VM
// may exist.
using Announce = std::function<void(const VmId&)>;

struct NewVm {
  VmId vm;
  TaskResult task;
};

// The turn to clone a VM, which ends with this object.
struct CloneTurn {
  VmId source;
  absl::Duration waited;  // for the clones before it
  std::shared_ptr<http::Permits> queue;
  http::Permits::Permit permit;
};

struct CloneRequest {
  std::int64_t newid = 0;   // 0: a free one is found
  std::string name = {};    // this and what follows: left to the server where it is empty
  std::string target = {};  // node that gets the clone
  std::optional<bool> full = {};
  std::string storage = {};  // for full clones
  std::string pool = {};
  std::string format = {};
  std::string snapname = {};
  std::string description = {};
};

// Where a disk goes: to another storage, or to a slot of another VM.
struct MoveDiskRequest {
  std::string disk;          // "scsi0", "unused0"
  std::string storage = {};  // either this
  std::string format = {};
  bool delete_source = true;     // else the old volume stays as unusedN
  std::int64_t target_vmid = 0;  // or this
  std::string target_disk = {};
  std::string digest = {};
};

struct MigrateRequest {
  std::string target;
  bool online = false;              // while it runs
  bool with_local_disks = false;    // online: copies what is on storages that the target does not share
  std::string target_storage = {};  // "local-lvm", or pairs "a:b,c:d"
};

struct DeleteRequest {
  bool purge = true;                  // out of backup jobs, replication and HA
  bool destroy_unreferenced = false;  // volumes of that VMID that no configuration names
};

struct ShutdownRequest {
  absl::Duration timeout = absl::Seconds(180);  // for the guest
  bool force_stop = false;                      // when that is over
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_REQUESTS_H_
