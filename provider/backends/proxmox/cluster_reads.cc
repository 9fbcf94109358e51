#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

using nlohmann::json;

absl::StatusOr<std::shared_ptr<const Resources>> HttpApi::ListResources(const CallLimits& limits) {
  return listing_.Get(limits);
}

absl::StatusOr<std::vector<VmSummary>> HttpApi::ListVms(const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Resources> const resources, listing_.Get(limits));
  return resources->vms;
}

absl::StatusOr<std::vector<Node>> HttpApi::ListNodes(const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Resources> const resources, listing_.Get(limits));
  return resources->nodes;
}

absl::StatusOr<Version> HttpApi::ReadVersion(const CallLimits& limits) {
  ASSIGN_OR_RETURN(json const data, client_.Get({"version"}, kReadingVersion, limits));
  return DecodeVersion(data, kReadingVersion);
}

absl::StatusOr<ClusterStatus> HttpApi::ReadClusterStatus(const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const ClusterStatus> const status, cluster_status_.Get(limits));
  return *status;
}

absl::StatusOr<Permissions> HttpApi::ReadPermissions(const CallLimits& limits) {
  constexpr const char* kWhat = "reading what the credentials may do";
  ASSIGN_OR_RETURN(json const data, client_.Get({"access", "permissions"}, kWhat, limits));
  return DecodePermissions(data, kWhat);
}

absl::StatusOr<std::set<std::string, std::less<>>> HttpApi::ReadPrivileges(std::string_view path,
                                                                           const CallLimits& limits) {
  std::string const what = Cat({"reading what the credentials may do on ", path});
  ASSIGN_OR_RETURN(json const data, client_.Get({"access", "permissions"}, what, limits, {{"path", path}}));
  ASSIGN_OR_RETURN(Permissions const permissions, DecodePermissions(data, what));
  std::set<std::string, std::less<>> names;
  if (auto const found = permissions.find(path); found != permissions.end()) {
    for (const auto& [name, inherited] : found->second) names.insert(name);
  }
  return names;
}

absl::StatusOr<std::vector<RunningTask>> HttpApi::ListRunningTasks(std::string_view node,
                                                                   const CallLimits& limits) {
  std::string const what = Cat({"node ", node, ": listing the tasks that run"});
  ASSIGN_OR_RETURN(json const data, client_.Get({"nodes", std::string(node), "tasks"}, what, limits,
                                                {{"source", "active"}, {"limit", "500"}}));
  return DecodeRunningTasks(data, what);
}

absl::StatusOr<std::vector<NodeInterface>> HttpApi::ListInterfaces(std::string_view node,
                                                                   const CallLimits& limits) {
  std::string const what = Cat({"node ", node, ": listing its network devices"});
  ASSIGN_OR_RETURN(json const data, client_.Get({"nodes", std::string(node), "network"}, what, limits));
  return DecodeInterfaces(data, what);
}

}  // namespace fediversity::proxmox
