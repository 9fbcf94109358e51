#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_API_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_API_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/cluster.h"
#include "provider/backends/proxmox/guest.h"
#include "provider/backends/proxmox/settings.h"
#include "provider/backends/proxmox/storage.h"
#include "provider/backends/proxmox/task.h"
#include "provider/backends/proxmox/vm.h"
#include "provider/backends/proxmox/vm_requests.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"

namespace fediversity::proxmox {

// What a Proxmox VE cluster (8 and 9) does for us, by its HTTP API. Thread-safe.
//
// Every method answers within its limits and says in its errors what happened, to what, and what to do:
//
//   NotFound            the object of the call does not exist, for certain; of a VM only Locate() and FetchVm() say so
//   PermissionDenied    the credentials may not; names the privilege and the path
//   Unauthenticated     the credentials themselves are refused
//   InvalidArgument     the service refuses a parameter: each with its reason
//   AlreadyExists       the VMID, or whatever is to be made, is taken
//   Aborted             the configuration has changed since it was read (digest), or the VM is not on that node: it was
//                       moved or deleted since, and only Locate() and FetchVm() know which
//   FailedPrecondition  not in this state: locked, running, protected, only for root, a task that failed
//   Unavailable         no endpoint, no quorum, a node that is down. After a write, the message says so where
//                       nobody knows whether it was carried out.
//   Cancelled, DeadlineExceeded
//
// IsDefinite() in cause.h says whether a create or clone that failed certainly did nothing. Otherwise the VM may exist:
// look for it.
//
// Reads are repeated where a failure may pass; writes only where it is certain that they had no effect. Writes that
// find a lock ("can't lock file", "VM is locked") are tried again until the deadline, but for DeleteVm() and for locks
// of VMs that are being made: the VM may be another one when the lock is gone. Methods that answer a TaskResult wait for
// the task; where the wait is cancelled, they stop the task if it leaves nothing half done.
class Api {
 public:
  virtual ~Api() = default;

  // The first endpoint of the settings, by which notes (provider/base/journal.h) tell clusters apart.
  virtual const std::string& service() const = 0;

  // Whether the credentials are those of root@pam itself. No token is, not even one of root's: `args`, `affinity` and
  // devices of a node that no mapping names are refused to it.
  virtual bool is_root() const = 0;

  // --- Cluster. One listing serves all calls until a write of ours, or until it is a minute old.

  // Everything in one request.
  virtual absl::StatusOr<std::shared_ptr<const Resources>> ListResources(const CallLimits& limits) = 0;
  virtual absl::StatusOr<std::vector<VmSummary>> ListVms(const CallLimits& limits) = 0;
  virtual absl::StatusOr<std::vector<Node>> ListNodes(const CallLimits& limits) = 0;
  // Makes the next calls list anew, volumes included.
  virtual void DropListings() = 0;

  virtual absl::StatusOr<Version> ReadVersion(const CallLimits& limits) = 0;
  virtual absl::StatusOr<ClusterStatus> ReadClusterStatus(const CallLimits& limits) = 0;
  virtual absl::StatusOr<Permissions> ReadPermissions(const CallLimits& limits) = 0;
  // What the credentials may do on one path, inherited or not.
  virtual absl::StatusOr<std::set<std::string, std::less<>>> ReadPrivileges(std::string_view path,
                                                                            const CallLimits& limits) = 0;
  // Leaves out those of others where the credentials lack Sys.Audit on the node.
  virtual absl::StatusOr<std::vector<RunningTask>> ListRunningTasks(std::string_view node,
                                                                    const CallLimits& limits) = 0;
  virtual absl::StatusOr<std::vector<NodeInterface>> ListInterfaces(std::string_view node,
                                                                    const CallLimits& limits) = 0;

  // --- Reading a VM.

  // Where it is now: HA and people move VMs. No request of its own where the listing has it. NotFound is certain: no
  // listing has it, and the credentials would see it. PermissionDenied where it may be hidden from them.
  virtual absl::StatusOr<VmId> Locate(std::int64_t vmid, std::string_view node_hint,
                                      const CallLimits& limits) = 0;
  // Locates the VM and reads its configuration, pending values included: what a refresh needs, one request where the
  // listing is at hand. Follows a VM that moves meanwhile. NotFound as for Locate(); Unavailable, without a request,
  // where the VM is on a node that is offline.
  virtual absl::StatusOr<LocatedVm> FetchVm(std::int64_t vmid, std::string_view node_hint,
                                            const CallLimits& limits) = 0;
  // The configuration as it is to be (with what waits for a reboot), or as it is in effect.
  virtual absl::StatusOr<VmConfig> ReadConfig(const VmId& vm, const CallLimits& limits) = 0;
  virtual absl::StatusOr<VmConfig> ReadCurrentConfig(const VmId& vm, const CallLimits& limits) = 0;
  // The configuration as it is to be once no backup or the like has the VM locked: for a change that names its digest,
  // which covers the lock. FailedPrecondition where the lock outlasts the deadline. One that does not pass by itself is
  // not waited for.
  virtual absl::StatusOr<VmConfig> ReadUnlockedConfig(const VmId& vm, const CallLimits& limits) = 0;
  // Only what is pending; empty for a VM that runs as it is configured.
  virtual absl::StatusOr<std::vector<PendingChange>> ReadPending(const VmId& vm,
                                                                 const CallLimits& limits) = 0;
  // What the cloud-init drive does not hold yet.
  virtual absl::StatusOr<std::vector<PendingChange>> ReadPendingCloudInit(const VmId& vm,
                                                                          const CallLimits& limits) = 0;
  // One request, and one for each.
  virtual absl::StatusOr<std::vector<VmSnapshot>> ReadSnapshots(const VmId& vm, const CallLimits& limits) = 0;
  virtual absl::StatusOr<VmStatus> ReadStatus(const VmId& vm, const CallLimits& limits) = 0;

  // --- Making and deleting VMs.

  // A free VMID, never handed out before by this object. ReleaseVmid() takes back one that was not used after all.
  virtual absl::StatusOr<std::int64_t> AllocateVmid(const CallLimits& limits) = 0;
  virtual void ReleaseVmid(std::int64_t vmid) = 0;
  // Makes a VM on vm.node. vm.vmid 0: allocates one, and another where somebody else was faster. `vmid`, `digest`
  // and the like are not among `parameters`. A VM that is to run is started by Start(), for `start` hides failures.
  virtual absl::StatusOr<NewVm> CreateVm(const VmId& vm, const Parameters& parameters,
                                         const Announce& announce, const CallLimits& limits) = 0;
  // Clones of one source wait for one another, since the service locks the source. No deadline ends the wait, for how
  // many come first is not the caller's doing, and each of those has a deadline. Cancelled by the token.
  virtual absl::StatusOr<CloneTurn> WaitToClone(const VmId& source, const CancelToken& cancel) = 0;
  virtual absl::StatusOr<NewVm> CloneVm(const CloneTurn& turn, const CloneRequest& request,
                                        const Announce& announce, const CallLimits& limits) = 0;
  // OK only when the VM is gone. FailedPrecondition where it runs, is protected or locked. Never stopped half way.
  virtual absl::StatusOr<TaskResult> DeleteVm(const VmId& vm, const DeleteRequest& request,
                                              const CallLimits& limits) = 0;

  // --- Changing VMs.

  // Sets and removes options in one request, which the service does not carry out as one: after an error, read. In a
  // task, which is waited for, where a volume is to be made or deleted. With a digest, Aborted where the configuration
  // is not the one it stands for; nothing is done then.
  virtual absl::Status UpdateConfig(const VmId& vm, const Parameters& set,
                                    const std::vector<std::string>& remove, std::string_view digest,
                                    const CallLimits& limits) = 0;
  // Takes back what is pending for these keys.
  virtual absl::Status RevertPending(const VmId& vm, const std::vector<std::string>& keys,
                                     const CallLimits& limits) = 0;
  // `size` as the service takes it: "40G" is the size to be, "+8G" what is added. Never shrinks.
  virtual absl::StatusOr<TaskResult> ResizeDisk(const VmId& vm, std::string_view disk, std::string_view size,
                                                std::string_view digest, const CallLimits& limits) = 0;
  virtual absl::StatusOr<TaskResult> MoveDisk(const VmId& vm, const MoveDiskRequest& request,
                                              const CallLimits& limits) = 0;
  virtual absl::StatusOr<TaskResult> Migrate(const VmId& vm, const MigrateRequest& request,
                                             const CallLimits& limits) = 0;
  virtual absl::StatusOr<TaskResult> ConvertToTemplate(const VmId& vm, const CallLimits& limits) = 0;
  // Writes the cloud-init drive anew.
  virtual absl::Status RegenerateCloudInit(const VmId& vm, const CallLimits& limits) = 0;

  // --- Power. Verified by the VM's status, for tasks end well on VMs that are already there, and under HA before
  // anything has happened.

  virtual absl::StatusOr<TaskResult> Start(const VmId& vm, const CallLimits& limits) = 0;
  virtual absl::StatusOr<TaskResult> Shutdown(const VmId& vm, const ShutdownRequest& request,
                                              const CallLimits& limits) = 0;
  virtual absl::StatusOr<TaskResult> Stop(const VmId& vm, const CallLimits& limits) = 0;
  // Shuts the guest down and starts it with what was pending.
  virtual absl::StatusOr<TaskResult> Reboot(const VmId& vm, absl::Duration timeout,
                                            const CallLimits& limits) = 0;

  // --- High availability and pools.

  // nullopt where HA does not manage the VM. One request serves all VMs, as with the listing.
  virtual absl::StatusOr<std::optional<HaResource>> ReadHa(std::int64_t vmid, const CallLimits& limits) = 0;
  // Whether HA has groups, as it had up to version 8. One request serves all calls.
  virtual absl::StatusOr<bool> HasHaGroups(const CallLimits& limits) = 0;
  // Adds the VM to HA or changes it there.
  virtual absl::Status SetHa(std::int64_t vmid, const HaRequest& request, const CallLimits& limits) = 0;
  // OK where it was not there.
  virtual absl::Status RemoveHa(std::int64_t vmid, const CallLimits& limits) = 0;
  // Puts the VM into `pool`, out of the one that it is in; an empty `pool` only takes it out of `old_pool`.
  virtual absl::Status SetPool(std::int64_t vmid, std::string_view pool, std::string_view old_pool,
                               const CallLimits& limits) = 0;

  // --- Guest agent. FailedPrecondition where the VM has none configured or does not run; Unavailable where it does
  // not answer. Tried once.

  virtual absl::StatusOr<std::vector<GuestInterface>> ReadGuestInterfaces(const VmId& vm,
                                                                          const CallLimits& limits) = 0;
  virtual absl::StatusOr<GuestFile> ReadGuestFile(const VmId& vm, std::string_view path,
                                                  const CallLimits& limits) = 0;

  // --- Storages and images.

  virtual absl::StatusOr<std::vector<Storage>> ListStorages(std::string_view node,
                                                            const CallLimits& limits) = 0;
  // `content` limits it to one kind; empty for all. Leaves out what the credentials may not see. As with the cluster,
  // one listing serves all calls until a write of ours, or until it is a minute old.
  virtual absl::StatusOr<std::shared_ptr<const std::vector<Volume>>> ListVolumes(
      std::string_view node, std::string_view storage, std::string_view content,
      const CallLimits& limits) = 0;
  // What stands behind a URL, asked by the node with HEAD, and thus no more than a hint: cause kNoSuchUrl where it is
  // certain that a download would get nothing.
  virtual absl::Status TryUrl(std::string_view node, std::string_view url, bool verify_certificates,
                              const CallLimits& limits) = 0;
  virtual absl::StatusOr<TaskResult> DownloadUrl(const DownloadRequest& request,
                                                 const CallLimits& limits) = 0;
  // Reads the file piece by piece. FailedPrecondition where it cannot be read or changes meanwhile.
  virtual absl::StatusOr<TaskResult> Upload(const UploadRequest& request, const CallLimits& limits) = 0;
  // OK where there was no such volume.
  virtual absl::StatusOr<TaskResult> DeleteVolume(std::string_view node, std::string_view volid,
                                                  const CallLimits& limits) = 0;
};

// Opens nothing yet: the first request does. `clock` must outlive it. InvalidArgument where the settings are wrong,
// FailedPrecondition where the environment's proxy is.
absl::StatusOr<std::unique_ptr<Api>> MakeApi(const Settings& settings, const Environment& environment,
                                             const Logger& logger, Clock& clock);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_API_H_
