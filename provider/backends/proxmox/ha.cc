#include <charconv>

#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

std::string SidOf(std::int64_t vmid) { return absl::StrCat("vm:", vmid); }

Parameters ParametersOf(const HaRequest& request) {
  Parameters parameters = {{"state", request.state}};
  if (request.group.has_value()) parameters.emplace_back("group", *request.group);
  if (request.comment.has_value()) parameters.emplace_back("comment", *request.comment);
  if (request.max_restart.has_value())
    parameters.emplace_back("max_restart", absl::StrCat(*request.max_restart));
  if (request.max_relocate.has_value())
    parameters.emplace_back("max_relocate", absl::StrCat(*request.max_relocate));
  return parameters;
}

}  // namespace

absl::StatusOr<std::optional<HaResource>> HttpApi::ReadHa(std::int64_t vmid, const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const HaByVmid> const all, ha_.Get(limits));
  auto const found = all->find(vmid);
  return found == all->end() ? std::nullopt : std::optional(found->second);
}

absl::StatusOr<bool> HttpApi::HasHaGroups(const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Version> const version, version_.Get(limits));
  int major = 0;
  auto const [end, error] =
      std::from_chars(version->version.data(), version->version.data() + version->version.size(), major);
  return error == std::errc() && major < 9;
}

absl::Status HttpApi::SetHa(std::int64_t vmid, const HaRequest& request, const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::optional<HaResource> const present, ReadHa(vmid, limits));
  Call call{.parameters = ParametersOf(request), .what = What({vmid, ""}, "setting what HA does with it")};
  if (present.has_value()) {
    call.method = http::Method::kPut;
    call.path = {"cluster", "ha", "resources", SidOf(vmid)};
    call.idempotent = true;
  } else {
    call.method = http::Method::kPost;
    call.path = {"cluster", "ha", "resources"};
    call.parameters.emplace_back("sid", SidOf(vmid));
  }
  auto const result = Run(call, OnAbandon::kLeave, Locks::kOfCluster, limits);
  ha_.Drop();
  // From now on the manager decides where it is.
  placements_.Forget(vmid);
  return result.status();
}

absl::Status HttpApi::RemoveHa(std::int64_t vmid, const CallLimits& limits) {
  auto const result = Run({.method = http::Method::kDelete,
                           .path = {"cluster", "ha", "resources", SidOf(vmid)},
                           .what = What({vmid, ""}, "taking it out of HA"),
                           .idempotent = true},
                          OnAbandon::kLeave, Locks::kOfCluster, limits);
  ha_.Drop();
  if (CauseOf(result.status()) == Cause::kNoSuchThing) return absl::OkStatus();
  return result.status();
}

absl::Status HttpApi::SetPool(std::int64_t vmid, std::string_view pool, std::string_view old_pool,
                              const CallLimits& limits) {
  if (pool == old_pool) return absl::OkStatus();
  Call call{.method = http::Method::kPut, .path = {"pools"}, .idempotent = true};
  call.parameters = {{"poolid", pool.empty() ? old_pool : pool}, {"vms", absl::StrCat(vmid)}};
  if (pool.empty()) {
    call.parameters.emplace_back("delete", "1");
    call.what = What({vmid, ""}, Cat({"taking it out of pool ", old_pool}));
  } else {
    call.parameters.emplace_back("allow-move", "1");
    call.what = What({vmid, ""}, Cat({"putting it into pool ", pool}));
  }
  absl::Status const status = Run(call, OnAbandon::kLeave, Locks::kOfCluster, limits).status();
  if (CauseOf(status) == Cause::kPoolUnchanged) return absl::OkStatus();
  return status;
}

}  // namespace fediversity::proxmox
