#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_DECODE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_DECODE_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/cluster.h"
#include "provider/backends/proxmox/guest.h"
#include "provider/backends/proxmox/storage.h"
#include "provider/backends/proxmox/task.h"
#include "provider/backends/proxmox/vm.h"

namespace fediversity::proxmox {

// The `data` of answers as values. Members may be missing, and come as text or as numbers. Internal where an answer
// has another shape altogether, for a table that is not one must not read as an empty one; `what` begins the message.

absl::StatusOr<Resources> DecodeResources(const nlohmann::json& data, std::string_view what);
absl::StatusOr<VmConfig> DecodeConfig(const nlohmann::json& data, std::string_view what);
// Only what is pending, of a VM's configuration or of its cloud-init drive.
absl::StatusOr<std::vector<PendingChange>> DecodePending(const nlohmann::json& data, std::string_view what);
// Only their names.
absl::StatusOr<std::vector<VmSnapshot>> DecodeSnapshots(const nlohmann::json& data, std::string_view what);
absl::StatusOr<VmStatus> DecodeStatus(const nlohmann::json& data, std::string_view what);
absl::StatusOr<Version> DecodeVersion(const nlohmann::json& data, std::string_view what);
absl::StatusOr<ClusterStatus> DecodeClusterStatus(const nlohmann::json& data, std::string_view what);
absl::StatusOr<Permissions> DecodePermissions(const nlohmann::json& data, std::string_view what);
absl::StatusOr<std::vector<NodeInterface>> DecodeInterfaces(const nlohmann::json& data,
                                                            std::string_view what);
// Those of virtual machines.
absl::StatusOr<std::vector<HaResource>> DecodeHa(const nlohmann::json& data, std::string_view what);
absl::StatusOr<std::vector<GuestInterface>> DecodeGuestInterfaces(const nlohmann::json& data,
                                                                  std::string_view what);
absl::StatusOr<GuestFile> DecodeGuestFile(const nlohmann::json& data, std::string_view what);
absl::StatusOr<std::vector<Storage>> DecodeStorages(const nlohmann::json& data, std::string_view node,
                                                    std::string_view what);
absl::StatusOr<std::vector<Volume>> DecodeVolumes(const nlohmann::json& data, std::string_view what);

struct TaskStatus {
  bool running = false;
  std::string exit_status;  // "OK", "WARNINGS: 2", or why it failed; empty while it runs
};
absl::StatusOr<TaskStatus> DecodeTaskStatus(const nlohmann::json& data, std::string_view what);
// Without those that have ended.
absl::StatusOr<std::vector<RunningTask>> DecodeRunningTasks(const nlohmann::json& data,
                                                            std::string_view what);
absl::StatusOr<std::vector<std::string>> DecodeTaskLog(const nlohmann::json& data, std::string_view what);

// The UPID of a task that a write started; nullopt where the answer holds none.
std::optional<std::string> DecodeUpid(const nlohmann::json& data);
// The node that a task runs on, out of "UPID:pve1:00000394:00072340:6B03EA73:qmcreate:201:root@pam!tofu:"; empty
// where it is no UPID.
std::string NodeOfUpid(std::string_view upid);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_DECODE_H_
