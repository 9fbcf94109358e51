#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_HTTP_API_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_HTTP_API_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "provider/backends/proxmox/api.h"
#include "provider/backends/proxmox/client.h"
#include "provider/backends/proxmox/lock_retry.h"
#include "provider/backends/proxmox/placements.h"
#include "provider/backends/proxmox/shared_read.h"
#include "provider/backends/proxmox/tasks.h"
#include "provider/backends/proxmox/vmids.h"
#include "provider/backends/proxmox/volume_listings.h"
#include "provider/http/permits.h"
#include "provider/http/transport.h"

namespace fediversity::proxmox {

// The Api over HTTP. MakeApi() in api.h opens it on a cluster; its methods are in one file for each part of the
// API: cluster_reads.cc, vm_reads.cc, vm_making.cc, vm_changes.cc, power.cc, ha.cc, guest.cc and images.cc.
class HttpApi final : public Api {
 public:
  // `clock` must outlive it.
  HttpApi(std::string service, std::unique_ptr<http::Transport> transport, Credentials credentials,
          Clock& clock);

  const std::string& service() const override { return service_; }
  bool is_root() const override { return is_root_; }
  absl::StatusOr<std::shared_ptr<const Resources>> ListResources(const CallLimits& limits) override;
  absl::StatusOr<std::vector<VmSummary>> ListVms(const CallLimits& limits) override;
  absl::StatusOr<std::vector<Node>> ListNodes(const CallLimits& limits) override;
  void DropListings() override {
    listing_.Drop();
    volumes_.Drop();
  }
  absl::StatusOr<Version> ReadVersion(const CallLimits& limits) override;
  absl::StatusOr<ClusterStatus> ReadClusterStatus(const CallLimits& limits) override;
  absl::StatusOr<Permissions> ReadPermissions(const CallLimits& limits) override;
  absl::StatusOr<std::set<std::string, std::less<>>> ReadPrivileges(std::string_view path,
                                                                    const CallLimits& limits) override;
  absl::StatusOr<std::vector<RunningTask>> ListRunningTasks(std::string_view node,
                                                            const CallLimits& limits) override;
  absl::StatusOr<std::vector<NodeInterface>> ListInterfaces(std::string_view node,
                                                            const CallLimits& limits) override;

  absl::StatusOr<VmId> Locate(std::int64_t vmid, std::string_view node_hint,
                              const CallLimits& limits) override;
  absl::StatusOr<LocatedVm> FetchVm(std::int64_t vmid, std::string_view node_hint,
                                    const CallLimits& limits) override;
  absl::StatusOr<VmConfig> ReadConfig(const VmId& vm, const CallLimits& limits) override;
  absl::StatusOr<VmConfig> ReadCurrentConfig(const VmId& vm, const CallLimits& limits) override;
  absl::StatusOr<VmConfig> ReadUnlockedConfig(const VmId& vm, const CallLimits& limits) override;
  absl::StatusOr<std::vector<PendingChange>> ReadPending(const VmId& vm, const CallLimits& limits) override;
  absl::StatusOr<std::vector<PendingChange>> ReadPendingCloudInit(const VmId& vm,
                                                                  const CallLimits& limits) override;
  absl::StatusOr<std::vector<VmSnapshot>> ReadSnapshots(const VmId& vm, const CallLimits& limits) override;
  absl::StatusOr<VmStatus> ReadStatus(const VmId& vm, const CallLimits& limits) override;

  absl::StatusOr<std::int64_t> AllocateVmid(const CallLimits& limits) override {
    return vmids_.Allocate(limits);
  }
  void ReleaseVmid(std::int64_t vmid) override { vmids_.Release(vmid); }
  absl::StatusOr<NewVm> CreateVm(const VmId& vm, const Parameters& parameters, const Announce& announce,
                                 const CallLimits& limits) override;
  absl::StatusOr<CloneTurn> WaitToClone(const VmId& source, const CancelToken& cancel) override;
  absl::StatusOr<NewVm> CloneVm(const CloneTurn& turn, const CloneRequest& request, const Announce& announce,
                                const CallLimits& limits) override;
  absl::StatusOr<TaskResult> DeleteVm(const VmId& vm, const DeleteRequest& request,
                                      const CallLimits& limits) override;

  absl::Status UpdateConfig(const VmId& vm, const Parameters& set, const std::vector<std::string>& remove,
                            std::string_view digest, const CallLimits& limits) override;
  absl::Status RevertPending(const VmId& vm, const std::vector<std::string>& keys,
                             const CallLimits& limits) override;
  absl::StatusOr<TaskResult> ResizeDisk(const VmId& vm, std::string_view disk, std::string_view size,
                                        std::string_view digest, const CallLimits& limits) override;
  absl::StatusOr<TaskResult> MoveDisk(const VmId& vm, const MoveDiskRequest& request,
                                      const CallLimits& limits) override;
  absl::StatusOr<TaskResult> Migrate(const VmId& vm, const MigrateRequest& request,
                                     const CallLimits& limits) override;
  absl::StatusOr<TaskResult> ConvertToTemplate(const VmId& vm, const CallLimits& limits) override;
  absl::Status RegenerateCloudInit(const VmId& vm, const CallLimits& limits) override;

  absl::StatusOr<TaskResult> Start(const VmId& vm, const CallLimits& limits) override;
  absl::StatusOr<TaskResult> Shutdown(const VmId& vm, const ShutdownRequest& request,
                                      const CallLimits& limits) override;
  absl::StatusOr<TaskResult> Stop(const VmId& vm, const CallLimits& limits) override;
  absl::StatusOr<TaskResult> Reboot(const VmId& vm, absl::Duration timeout,
                                    const CallLimits& limits) override;

  absl::StatusOr<std::optional<HaResource>> ReadHa(std::int64_t vmid, const CallLimits& limits) override;
  absl::StatusOr<bool> HasHaGroups(const CallLimits& limits) override;
  absl::Status SetHa(std::int64_t vmid, const HaRequest& request, const CallLimits& limits) override;
  absl::Status RemoveHa(std::int64_t vmid, const CallLimits& limits) override;
  absl::Status SetPool(std::int64_t vmid, std::string_view pool, std::string_view old_pool,
                       const CallLimits& limits) override;

  absl::StatusOr<std::vector<GuestInterface>> ReadGuestInterfaces(const VmId& vm,
                                                                  const CallLimits& limits) override;
  absl::StatusOr<GuestFile> ReadGuestFile(const VmId& vm, std::string_view path,
                                          const CallLimits& limits) override;

  absl::StatusOr<std::vector<Storage>> ListStorages(std::string_view node, const CallLimits& limits) override;
  absl::StatusOr<std::shared_ptr<const std::vector<Volume>>> ListVolumes(std::string_view node,
                                                                         std::string_view storage,
                                                                         std::string_view content,
                                                                         const CallLimits& limits) override;
  absl::Status TryUrl(std::string_view node, std::string_view url, bool verify_certificates,
                      const CallLimits& limits) override;
  absl::StatusOr<TaskResult> DownloadUrl(const DownloadRequest& request, const CallLimits& limits) override;
  absl::StatusOr<TaskResult> Upload(const UploadRequest& request, const CallLimits& limits) override;
  absl::StatusOr<TaskResult> DeleteVolume(std::string_view node, std::string_view volid,
                                          const CallLimits& limits) override;

 private:
  using HaByVmid = std::unordered_map<std::int64_t, HaResource>;

  // {"nodes", node, "qemu", vmid, rest...}
  static std::vector<std::string> PathOf(const VmId& vm, std::vector<std::string> rest);
  // "VM 100: <doing>".
  static std::string What(const VmId& vm, std::string_view doing);

  // One write, repeated while a lock is in the way, and the task that it starts.
  absl::StatusOr<TaskResult> Run(const Call& call, OnAbandon on_abandon, Locks locks,
                                 const CallLimits& limits);
  absl::StatusOr<TaskResult> RunOnce(const Call& call, OnAbandon on_abandon, const CallLimits& limits);

  // Where the VM is as far as it is known: by our writes, by the last listing, or by a new one.
  absl::StatusOr<std::optional<VmId>> Place(std::int64_t vmid, bool anew, const CallLimits& limits);
  // Unavailable where the listing says that the node is offline.
  absl::Status ExpectOnline(const VmId& vm);
  // For a VM that is in no listing: its configuration if it is there after all, else why not; see Locate().
  absl::StatusOr<LocatedVm> Probe(std::int64_t vmid, std::string_view node_hint, const CallLimits& limits);
  absl::Status ExpectQuorum(std::int64_t vmid, const CallLimits& limits);

  // `make` is tried with `vmid`, or where that is 0 with free ones until one is not taken by somebody else.
  template <typename Make>
  absl::StatusOr<NewVm> WithVmid(std::int64_t vmid, std::string_view node, const Announce& announce,
                                 const CallLimits& limits, Make make);
  std::shared_ptr<http::Permits> QueueOf(const VmId& source);

  enum class Power { kRunning, kStopped };
  // Waits until the VM is so: for as long as `patience` or, under HA, as the limits allow.
  absl::Status ExpectPower(const VmId& vm, Power wanted, absl::Duration patience, std::string_view doing,
                           const CallLimits& limits);

  static constexpr const char* kReadingVersion = "reading the version of Proxmox";

  std::string service_;
  Clock& clock_;
  bool is_root_;
  Client client_;
  Tasks tasks_;
  Vmids vmids_;
  SharedRead<Resources> listing_;
  SharedRead<HaByVmid> ha_;
  SharedRead<ClusterStatus> cluster_status_;
  SharedRead<Version> version_;
  VolumeListings volumes_;
  Placements placements_;
  std::mutex queues_mutex_;
  std::map<std::int64_t, std::shared_ptr<http::Permits>> queues_;  // by the VMID of what is cloned
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_HTTP_API_H_
