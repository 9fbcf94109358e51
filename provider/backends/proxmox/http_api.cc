#include "provider/backends/proxmox/http_api.h"

#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/ticket.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

// One listing serves a plan that reads thousands of VMs for minutes; a guest that is asked in between, or a task,
// takes less than the pause.
constexpr Reuse kWhileInUse = {.pause = absl::Minutes(1)};
// Whether there is quorum decides whether a VM counts as gone.
constexpr Reuse kForAMinute = {.pause = absl::Minutes(1), .age = absl::Minutes(1)};
constexpr const char* kListing = "listing the Proxmox cluster";
constexpr const char* kListingHa = "listing what HA manages";
constexpr const char* kClusterStatus = "reading the state of the Proxmox cluster";

absl::StatusOr<Resources> ReadListing(Client& client, const CallLimits& limits) {
  ASSIGN_OR_RETURN(json const data, client.Get({"cluster", "resources"}, kListing, limits));
  return DecodeResources(data, kListing);
}

absl::StatusOr<ClusterStatus> ReadState(Client& client, const CallLimits& limits) {
  ASSIGN_OR_RETURN(json const data, client.Get({"cluster", "status"}, kClusterStatus, limits));
  return DecodeClusterStatus(data, kClusterStatus);
}

absl::StatusOr<std::unordered_map<std::int64_t, HaResource>> ReadAllHa(Client& client,
                                                                       const CallLimits& limits) {
  ASSIGN_OR_RETURN(json const data, client.Get({"cluster", "ha", "resources"}, kListingHa, limits));
  ASSIGN_OR_RETURN(std::vector<HaResource> resources, DecodeHa(data, kListingHa));
  std::unordered_map<std::int64_t, HaResource> by_vmid;
  for (HaResource& resource : resources) by_vmid.emplace(resource.vmid, std::move(resource));
  return by_vmid;
}

bool IsRoot(const Credentials& credentials) {
  if (const auto* const login = std::get_if<Login>(&credentials)) return login->username == "root@pam";
  const auto* const ticket = std::get_if<Ticket>(&credentials);
  if (ticket == nullptr) return false;
  auto const content = ParseTicket(ticket->ticket);
  return content.has_value() && content->user == "root@pam";
}

}  // namespace

HttpApi::HttpApi(std::string service, std::unique_ptr<http::Transport> transport, Credentials credentials,
                 Clock& clock)
    : service_(std::move(service)),
      clock_(clock),
      is_root_(IsRoot(credentials)),
      client_(std::move(transport), std::move(credentials), clock),
      tasks_(client_, clock),
      vmids_(client_, [this] { return listing_.Last(); }),
      listing_([this](const CallLimits& limits) { return ReadListing(client_, limits); }, kWhileInUse,
               kListing, clock),
      ha_([this](const CallLimits& limits) { return ReadAllHa(client_, limits); }, kWhileInUse, kListingHa,
          clock),
      cluster_status_([this](const CallLimits& limits) { return ReadState(client_, limits); }, kForAMinute,
                      kClusterStatus, clock),
      version_([this](const CallLimits& limits) { return ReadVersion(limits); }, kWhileInUse, kReadingVersion,
               clock),
      volumes_(client_, kWhileInUse, clock) {}

std::vector<std::string> HttpApi::PathOf(const VmId& vm, std::vector<std::string> rest) {
  std::vector<std::string> path = {"nodes", vm.node, "qemu", absl::StrCat(vm.vmid)};
  path.insert(path.end(), rest.begin(), rest.end());
  return path;
}

std::string HttpApi::What(const VmId& vm, std::string_view doing) {
  return Cat({"VM ", absl::StrCat(vm.vmid), ": ", doing});
}

absl::StatusOr<TaskResult> HttpApi::Run(const Call& call, OnAbandon on_abandon, Locks locks,
                                        const CallLimits& limits) {
  auto result = RetryLocked(clock_, limits, locks, Cat({call.what, ": waiting for a lock"}),
                            [&] { return RunOnce(call, on_abandon, limits); });
  DropListings();
  return result;
}

absl::StatusOr<TaskResult> HttpApi::RunOnce(const Call& call, OnAbandon on_abandon,
                                            const CallLimits& limits) {
  ASSIGN_OR_RETURN(json const data, client_.Send(call, limits));
  std::optional<std::string> const upid = DecodeUpid(data);
  if (!upid.has_value()) return TaskResult{};
  return tasks_.Wait(*upid, call, on_abandon, limits);
}

}  // namespace fediversity::proxmox
