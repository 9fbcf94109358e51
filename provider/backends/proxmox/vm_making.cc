#include <algorithm>

#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/backends/proxmox/write_timeout.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr std::string_view kDisksInDoubt =
    "Proxmox deletes the disks before the VM, so they may be gone although the VM is still there. Destroy it again.";

constexpr std::string_view kDiskIsLeft = "Could not remove disk";

std::string_view Flag(bool flag) { return flag ? "1" : "0"; }

void AddText(Parameters& parameters, std::string_view name, std::string_view value) {
  if (!value.empty()) parameters.emplace_back(name, value);
}

Parameters ParametersOf(const CloneRequest& request, std::int64_t newid) {
  Parameters parameters = {{"newid", absl::StrCat(newid)}};
  AddText(parameters, "name", request.name);
  AddText(parameters, "target", request.target);
  if (request.full.has_value()) parameters.emplace_back("full", Flag(*request.full));
  AddText(parameters, "storage", request.storage);
  AddText(parameters, "pool", request.pool);
  AddText(parameters, "format", request.format);
  AddText(parameters, "snapname", request.snapname);
  AddText(parameters, "description", request.description);
  return parameters;
}

// A failed create takes back what it made, but for the volume of an EFI disk: each try would leave one more.
Locks LocksToWaitFor(const Parameters& parameters) {
  bool const has_efi_disk = std::any_of(parameters.begin(), parameters.end(),
                                        [](const http::Field& field) { return field.name() == "efidisk0"; });
  return has_efi_disk ? Locks::kBeforeAnything : Locks::kAny;
}

}  // namespace

template <typename Make>
absl::StatusOr<NewVm> HttpApi::WithVmid(std::int64_t vmid, std::string_view node, const Announce& announce,
                                        const CallLimits& limits, Make make) {
  constexpr int kTries = 10;
  for (int i = 1;; ++i) {
    VmId vm{vmid, std::string(node)};
    if (vmid == 0) {
      ASSIGN_OR_RETURN(vm.vmid, vmids_.Allocate(limits));
    }
    if (announce) announce(vm);
    absl::StatusOr<TaskResult> result = make(vm);
    if (result.ok()) {
      placements_.Put(vm);
      return NewVm{vm, *std::move(result)};
    }
    placements_.Forget(vm.vmid);
    if (CauseOf(result.status()) == Cause::kFileLock) {
      return WithLine(result.status(), Cat({"The volumes of VM ", absl::StrCat(vm.vmid),
                                            " may be left on their storages: delete them there."}));
    }
    if (vmid != 0) return result.status();
    bool const taken = CauseOf(result.status()) == Cause::kVmidTaken;
    // It stays taken while the VM may exist.
    if (!taken && IsDefinite(result.status())) vmids_.Release(vm.vmid);
    if (!taken || i == kTries) return result.status();
  }
}

absl::StatusOr<NewVm> HttpApi::CreateVm(const VmId& vm, const Parameters& parameters,
                                        const Announce& announce, const CallLimits& limits) {
  return WithVmid(vm.vmid, vm.node, announce, limits, [&](const VmId& target) {
    Parameters all = {{"vmid", absl::StrCat(target.vmid)}};
    all.insert(all.end(), parameters.begin(), parameters.end());
    return Run({.method = http::Method::kPost,
                .path = {"nodes", target.node, "qemu"},
                .parameters = std::move(all),
                .what = What(target, Cat({"creating it on node ", target.node})),
                .timeout = kWriteTimeout},
               OnAbandon::kStop, LocksToWaitFor(parameters), limits);
  });
}

std::shared_ptr<http::Permits> HttpApi::QueueOf(const VmId& source) {
  std::lock_guard const lock(queues_mutex_);
  std::shared_ptr<http::Permits>& queue = queues_[source.vmid];
  if (queue == nullptr) queue = std::make_shared<http::Permits>(1);
  return queue;
}

absl::StatusOr<CloneTurn> HttpApi::WaitToClone(const VmId& source, const CancelToken& cancel) {
  std::shared_ptr<http::Permits> queue = QueueOf(source);
  absl::Time const since = clock_.Now();
  ASSIGN_OR_RETURN(http::Permits::Permit permit,
                   queue->Acquire({cancel}, What(source, "waiting for other clones of it")));
  return CloneTurn{source, clock_.Now() - since, std::move(queue), std::move(permit)};
}

absl::StatusOr<NewVm> HttpApi::CloneVm(const CloneTurn& turn, const CloneRequest& request,
                                       const Announce& announce, const CallLimits& limits) {
  VmId const& source = turn.source;
  std::string const& node = request.target.empty() ? source.node : request.target;
  return WithVmid(request.newid, node, announce, limits, [&](const VmId& target) {
    return Run(
        {.method = http::Method::kPost,
         .path = PathOf(source, {"clone"}),
         .parameters = ParametersOf(request, target.vmid),
         .what = What(target, Cat({"cloning VM ", absl::StrCat(source.vmid), " to node ", target.node})),
         .timeout = kWriteTimeout},
        OnAbandon::kStop, Locks::kOfSource, limits);
  });
}

absl::StatusOr<TaskResult> HttpApi::DeleteVm(const VmId& vm, const DeleteRequest& request,
                                             const CallLimits& limits) {
  std::string const what = What(vm, "deleting it");
  auto result = Run({.method = http::Method::kDelete,
                     .path = PathOf(vm, {}),
                     .parameters = {{"purge", Flag(request.purge)},
                                    {"destroy-unreferenced-disks", Flag(request.destroy_unreferenced)}},
                     .what = what,
                     .timeout = kWriteTimeout},
                    OnAbandon::kLeave, Locks::kNone, limits);
  placements_.Forget(vm.vmid);
  ha_.Drop();
  if (result.ok()) {
    // A disk that could not be deleted is a line of the log; the task ends well all the same.
    if (result->upid.empty()) return result;
    auto const log = tasks_.ReadLog(result->upid, limits);
    for (const std::string& line : log.ok() ? *log : std::vector<std::string>()) {
      if (line.starts_with(kDiskIsLeft)) result->warnings.push_back(line);
    }
    return result;
  }
  bool const absent = CauseOf(result.status()) == Cause::kNoSuchVm;
  bool const in_doubt = absl::IsUnavailable(result.status());
  if (!absent && !in_doubt) return result;
  auto const found = FetchVm(vm.vmid, vm.node, limits);
  if (absl::IsNotFound(found.status())) return TaskResult{};
  if (!absent) return IsDefinite(result.status()) ? result : WithLine(result.status(), kDisksInDoubt);
  RETURN_IF_ERROR(found.status());
  // Somebody else may have made a VM of that number by now: the caller has to look before it is deleted.
  return absl::AbortedError(
      ToAbsl(Cat({what, ": it has moved to node ", found->vm.node,
                  "\nThe VM was not deleted. Apply again, and it is looked for there."})));
}

}  // namespace fediversity::proxmox
