#include <algorithm>

#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

absl::Status Hidden(std::int64_t vmid, const absl::Status& refusal) {
  return absl::PermissionDeniedError(ToAbsl(Cat(
      {"VM ", absl::StrCat(vmid),
       ": the credentials may not see it\nIt is in no listing, which leaves out what the credentials lack "
       "VM.Audit on, so whether it exists is not known. Grant VM.Audit on /vms/",
       absl::StrCat(vmid), ", or on a path above it.\n", ToStd(refusal.message())})));
}

}  // namespace

absl::StatusOr<VmConfig> HttpApi::ReadConfig(const VmId& vm, const CallLimits& limits) {
  std::string const what = What(vm, "reading its configuration");
  ASSIGN_OR_RETURN(json const data, client_.Get(PathOf(vm, {"config"}), what, limits));
  return DecodeConfig(data, what);
}

absl::StatusOr<VmConfig> HttpApi::ReadCurrentConfig(const VmId& vm, const CallLimits& limits) {
  std::string const what = What(vm, "reading the configuration that is in effect");
  ASSIGN_OR_RETURN(json const data, client_.Get(PathOf(vm, {"config"}), what, limits, {{"current", "1"}}));
  return DecodeConfig(data, what);
}

absl::StatusOr<VmConfig> HttpApi::ReadUnlockedConfig(const VmId& vm, const CallLimits& limits) {
  auto const attempt = [&]() -> absl::StatusOr<VmConfig> {
    ASSIGN_OR_RETURN(VmConfig config, ReadConfig(vm, limits));
    const std::string* const lock = config.Find("lock");
    std::string const said = lock == nullptr ? "" : Cat({"VM is locked (", *lock, ")"});
    Meaning const meaning = MeaningOf(said);
    if (!PassesByItself(meaning.cause, Locks::kBeforeAnything)) return config;
    return WithCause(absl::Status(meaning.code, Cat({What(vm, said), "\n", meaning.advice})), meaning.cause);
  };
  return RetryLocked(clock_, limits, Locks::kBeforeAnything, What(vm, "waiting for a lock"), attempt);
}

absl::StatusOr<std::vector<PendingChange>> HttpApi::ReadPending(const VmId& vm, const CallLimits& limits) {
  std::string const what = What(vm, "reading what is pending");
  ASSIGN_OR_RETURN(json const data, client_.Get(PathOf(vm, {"pending"}), what, limits));
  return DecodePending(data, what);
}

absl::StatusOr<std::vector<PendingChange>> HttpApi::ReadPendingCloudInit(const VmId& vm,
                                                                         const CallLimits& limits) {
  std::string const what = What(vm, "reading what its cloud-init drive lacks");
  ASSIGN_OR_RETURN(json const data, client_.Get(PathOf(vm, {"cloudinit"}), what, limits));
  return DecodePending(data, what);
}

absl::StatusOr<std::vector<VmSnapshot>> HttpApi::ReadSnapshots(const VmId& vm, const CallLimits& limits) {
  std::string const what = What(vm, "reading its snapshots");
  ASSIGN_OR_RETURN(json const data, client_.Get(PathOf(vm, {"snapshot"}), what, limits));
  ASSIGN_OR_RETURN(std::vector<VmSnapshot> snapshots, DecodeSnapshots(data, what));
  for (VmSnapshot& snapshot : snapshots) {
    ASSIGN_OR_RETURN(json const values,
                     client_.Get(PathOf(vm, {"config"}), what, limits, {{"snapshot", snapshot.name}}));
    ASSIGN_OR_RETURN(snapshot.config, DecodeConfig(values, what));
  }
  return snapshots;
}

absl::StatusOr<VmStatus> HttpApi::ReadStatus(const VmId& vm, const CallLimits& limits) {
  std::string const what = What(vm, "reading its status");
  ASSIGN_OR_RETURN(json const data, client_.Get(PathOf(vm, {"status", "current"}), what, limits));
  return DecodeStatus(data, what);
}

absl::StatusOr<std::optional<VmId>> HttpApi::Place(std::int64_t vmid, bool anew, const CallLimits& limits) {
  if (anew) {
    listing_.Drop();
    placements_.Erase(vmid);
  }
  std::optional<Placements::Known> const known = placements_.Find(vmid);
  if (known.has_value() && known->node.has_value()) return VmId{vmid, *known->node};
  // A write elsewhere in the cluster does not move this VM: a listing from before it will do.
  std::shared_ptr<const Resources> listing = anew || known.has_value() ? nullptr : listing_.Last();
  if (listing == nullptr) {
    ASSIGN_OR_RETURN(listing, listing_.Get(limits));
  }
  const VmSummary* const found = listing->Find(vmid);
  return found == nullptr ? std::nullopt : std::optional(VmId{vmid, found->node});
}

absl::Status HttpApi::ExpectOnline(const VmId& vm) {
  std::shared_ptr<const Resources> const listing = listing_.Last();
  const Node* const node = listing == nullptr ? nullptr : listing->FindNode(vm.node);
  if (node == nullptr || !node->offline) return absl::OkStatus();
  return absl::UnavailableError(
      ToAbsl(Cat({What(vm, "its node is offline"), "\nThe VM is on node ", vm.node,
                  ", which the cluster cannot reach. Start the node, or wait until HA has moved the VM."})));
}

absl::Status HttpApi::ExpectQuorum(std::int64_t vmid, const CallLimits& limits) {
  auto const status = cluster_status_.Get(limits);
  // Whoever may not read it takes the answers of the cluster as they are.
  if (absl::IsPermissionDenied(status.status())) return absl::OkStatus();
  RETURN_IF_ERROR(status.status());
  if ((*status)->quorate) return absl::OkStatus();
  return absl::UnavailableError(ToAbsl(Cat(
      {"VM ", absl::StrCat(vmid),
       ": the node that answers is cut off from its cluster\nIt does not know the VM, but without quorum it "
       "may not know what the other nodes do. Name other nodes in `endpoints`, or restore the cluster."})));
}

absl::StatusOr<LocatedVm> HttpApi::Probe(std::int64_t vmid, std::string_view node_hint,
                                         const CallLimits& limits) {
  std::shared_ptr<const Resources> const listing = listing_.Last();
  std::string node(node_hint);
  // The node may be gone from the cluster as well; any other tells as much about what the credentials may see.
  if (listing != nullptr && (node.empty() || listing->FindNode(node) == nullptr)) {
    auto const& nodes = listing->nodes;
    auto best = std::ranges::find(nodes, true, &Node::online);
    if (best == nodes.end()) best = std::ranges::find(nodes, false, &Node::offline);
    if (best != nodes.end()) node = best->name;
  }
  if (node.empty()) {
    return absl::UnavailableError(
        ToAbsl(Cat({"VM ", absl::StrCat(vmid),
                    ": no node of the cluster is online that could tell whether it exists"})));
  }
  VmId const vm{vmid, node};
  RETURN_IF_ERROR(ExpectOnline(vm));
  auto config = ReadConfig(vm, limits);
  if (config.ok()) return LocatedVm{vm, *std::move(config)};
  if (absl::IsPermissionDenied(config.status())) return Hidden(vmid, config.status());
  if (CauseOf(config.status()) != Cause::kNoSuchVm) return config.status();
  RETURN_IF_ERROR(ExpectQuorum(vmid, limits));
  bool const is_container = listing != nullptr && listing->containers.contains(vmid);
  return absl::NotFoundError(
      ToAbsl(Cat({"VM ", absl::StrCat(vmid), " does not exist\n",
                  is_container ? "That VMID is one of a container, and containers are no VMs."
                               : "No node has it, and the credentials would see it.",
                  "\n", ToStd(config.status().message())})));
}

absl::StatusOr<VmId> HttpApi::Locate(std::int64_t vmid, std::string_view node_hint,
                                     const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::optional<VmId> const place, Place(vmid, /*anew=*/false, limits));
  if (place.has_value()) return *place;
  ASSIGN_OR_RETURN(LocatedVm const found, Probe(vmid, node_hint, limits));
  return found.vm;
}

absl::StatusOr<LocatedVm> HttpApi::FetchVm(std::int64_t vmid, std::string_view node_hint,
                                           const CallLimits& limits) {
  constexpr int kMoves = 3;
  for (int i = 0; i < kMoves; ++i) {
    ASSIGN_OR_RETURN(std::optional<VmId> const place, Place(vmid, /*anew=*/i > 0, limits));
    if (!place.has_value()) return Probe(vmid, node_hint, limits);
    RETURN_IF_ERROR(ExpectOnline(*place));
    auto config = ReadConfig(*place, limits);
    if (config.ok()) return LocatedVm{*place, *std::move(config)};
    if (CauseOf(config.status()) != Cause::kNoSuchVm) return config.status();
  }
  return absl::UnavailableError(
      ToAbsl(Cat({"VM ", absl::StrCat(vmid),
                  ": it moves from node to node while it is read\nTry again once it rests."})));
}

}  // namespace fediversity::proxmox
