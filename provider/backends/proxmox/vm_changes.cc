#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/backends/proxmox/pause.h"
#include "provider/backends/proxmox/text/slot.h"
#include "provider/backends/proxmox/text/volume_id.h"
#include "provider/backends/proxmox/write_timeout.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

// The HA manager looks every ten seconds or so. What it has not begun by then, it does not want.
constexpr absl::Duration kPatienceForManager = absl::Minutes(2);

std::string_view Flag(bool flag) { return flag ? "1" : "0"; }

// Whether a drive gets a volume that is yet to be allocated or imported.
bool MakesVolume(const http::Field& field) {
  std::optional<Slot> const slot = Slot::Find(field.name());
  bool const is_drive =
      slot.has_value() && (IsDiskBus(slot->bus) || slot->bus == Bus::kEfiDisk || slot->bus == Bus::kTpmState);
  if (!is_drive) return false;
  std::string_view volume = field.Reveal();
  volume = volume.substr(0, volume.find(','));
  if (volume.starts_with("file=")) volume.remove_prefix(5);
  auto const id = VolumeId::Parse(volume);
  return id.ok() && (id->type() == VolumeType::kNew || id->type() == VolumeType::kNewCloudInit);
}

// Whether an option that is taken away takes its volume with it.
bool DeletesVolume(const std::string& name) {
  std::optional<Slot> const slot = Slot::Find(name);
  return slot.has_value() && slot->bus == Bus::kUnused;
}

absl::Status NotMoved(std::string_view what, const VmId& vm, std::string_view ha_state) {
  return absl::FailedPreconditionError(
      ToAbsl(Cat({what, ": it is still on node ", vm.node,
                  "\nThe migration was begun, and the VM has not left that node. HA says ",
                  ha_state.empty() ? "nothing" : ha_state, ". Look at the tasks of node ", vm.node,
                  " for the reason."})));
}

absl::Status WentElsewhere(std::string_view what, const VmId& place) {
  return absl::FailedPreconditionError(ToAbsl(Cat(
      {what, ": it is on node ", place.node,
       "\nThe migration was begun, and HA or somebody else has taken it there instead. Apply again, and it "
       "is moved from there."})));
}

}  // namespace

absl::Status HttpApi::UpdateConfig(const VmId& vm, const Parameters& set,
                                   const std::vector<std::string>& remove, std::string_view digest,
                                   const CallLimits& limits) {
  if (set.empty() && remove.empty()) return absl::OkStatus();
  Parameters parameters = set;
  if (!remove.empty()) parameters.emplace_back("delete", Join(remove, ","));
  if (!digest.empty()) parameters.emplace_back("digest", digest);
  // A node that passes a request on to another waits 30 seconds for the answer. That is too short for a large volume,
  // which POST makes or deletes in a task.
  bool const in_task = std::ranges::any_of(set, MakesVolume) || std::ranges::any_of(remove, DeletesVolume);
  return Run({.method = in_task ? http::Method::kPost : http::Method::kPut,
              .path = PathOf(vm, {"config"}),
              .parameters = std::move(parameters),
              .what = What(vm, "changing its configuration"),
              .timeout = kWriteTimeout},
             OnAbandon::kLeave, Locks::kBeforeAnything, limits)
      .status();
}

absl::Status HttpApi::RevertPending(const VmId& vm, const std::vector<std::string>& keys,
                                    const CallLimits& limits) {
  if (keys.empty()) return absl::OkStatus();
  return Run({.method = http::Method::kPut,
              .path = PathOf(vm, {"config"}),
              .parameters = {{"revert", Join(keys, ",")}},
              .what = What(vm, "taking back what is pending"),
              .idempotent = true},
             OnAbandon::kLeave, Locks::kBeforeAnything, limits)
      .status();
}

absl::StatusOr<TaskResult> HttpApi::ResizeDisk(const VmId& vm, std::string_view disk, std::string_view size,
                                               std::string_view digest, const CallLimits& limits) {
  Parameters parameters = {{"disk", disk}, {"size", size}};
  if (!digest.empty()) parameters.emplace_back("digest", digest);
  return Run({.method = http::Method::kPut,
              .path = PathOf(vm, {"resize"}),
              .parameters = std::move(parameters),
              .what = What(vm, Cat({"growing ", disk, " to ", size})),
              .timeout = kWriteTimeout},
             OnAbandon::kLeave, Locks::kBeforeAnything, limits);
}

absl::StatusOr<TaskResult> HttpApi::MoveDisk(const VmId& vm, const MoveDiskRequest& request,
                                             const CallLimits& limits) {
  Parameters parameters = {{"disk", request.disk}};
  std::string where;
  if (!request.storage.empty()) {
    parameters.emplace_back("storage", request.storage);
    parameters.emplace_back("delete", Flag(request.delete_source));
    if (!request.format.empty()) parameters.emplace_back("format", request.format);
    where = Cat({"storage ", request.storage});
  } else {
    std::string const target = absl::StrCat(request.target_vmid);
    parameters.emplace_back("target-vmid", target);
    if (!request.target_disk.empty()) parameters.emplace_back("target-disk", request.target_disk);
    where = Cat({request.target_disk, " of VM ", target});
  }
  if (!request.digest.empty()) parameters.emplace_back("digest", request.digest);
  return Run({.method = http::Method::kPost,
              .path = PathOf(vm, {"move_disk"}),
              .parameters = std::move(parameters),
              .what = What(vm, Cat({"moving ", request.disk, " to ", where})),
              .timeout = kWriteTimeout},
             OnAbandon::kStop, Locks::kAny, limits);
}

absl::StatusOr<TaskResult> HttpApi::Migrate(const VmId& vm, const MigrateRequest& request,
                                            const CallLimits& limits) {
  std::string const what = What(vm, Cat({"migrating it to node ", request.target}));
  Parameters parameters = {{"target", request.target}};
  if (request.online) parameters.emplace_back("online", "1");
  if (request.with_local_disks) parameters.emplace_back("with-local-disks", "1");
  if (!request.target_storage.empty()) parameters.emplace_back("targetstorage", request.target_storage);
  auto result = Run({.method = http::Method::kPost,
                     .path = PathOf(vm, {"migrate"}),
                     .parameters = std::move(parameters),
                     .what = what,
                     .timeout = kWriteTimeout},
                    OnAbandon::kStop, Locks::kAny, limits);
  placements_.Forget(vm.vmid);
  RETURN_IF_ERROR(result.status());
  // Under HA the task only tells the manager, which moves the VM when its turn comes.
  VmId const there{vm.vmid, request.target};
  bool moving = false;
  absl::Time const last_begin = clock_.Now() + kPatienceForManager;
  for (absl::Duration pause = kFirstPause;; pause = PauseAfter(pause)) {
    auto const config = ReadConfig(there, limits);
    if (config.ok()) break;
    if (CauseOf(config.status()) != Cause::kNoSuchVm) return config.status();
    auto const status = ReadStatus(vm, limits);
    if (CauseOf(status.status()) == Cause::kNoSuchVm) {
      // The listing may still have it where it was.
      ASSIGN_OR_RETURN(std::optional<VmId> const place, Place(vm.vmid, /*anew=*/true, limits));
      bool const elsewhere = place.has_value() && *place != vm && *place != there;
      if (elsewhere) return WentElsewhere(what, *place);
    }
    if (status.ok()) {
      bool const moves = status->ha_state == "migrate" || status->ha_state == "relocate";
      bool const refused = !moves && clock_.Now() > last_begin;
      if (!status->ha_managed || status->ha_state == "error" || (moving && !moves) || refused) {
        return NotMoved(what, vm, status->ha_state);
      }
      moving = moves;
    }
    if (clock_.Now() + pause >= limits.deadline) {
      return absl::DeadlineExceededError(ToAbsl(Cat(
          {what, ": it has not arrived in time\nThe HA manager was told to move it and may still do so."})));
    }
    RETURN_IF_ERROR(clock_.Sleep(pause, limits.cancel, Cat({what, ": waiting for it to arrive"})));
  }
  placements_.Put(there);
  return result;
}

absl::StatusOr<TaskResult> HttpApi::ConvertToTemplate(const VmId& vm, const CallLimits& limits) {
  return Run({.method = http::Method::kPost,
              .path = PathOf(vm, {"template"}),
              .what = What(vm, "making it a template"),
              .timeout = kWriteTimeout},
             OnAbandon::kLeave, Locks::kBeforeAnything, limits);
}

absl::Status HttpApi::RegenerateCloudInit(const VmId& vm, const CallLimits& limits) {
  return Run({.method = http::Method::kPut,
              .path = PathOf(vm, {"cloudinit"}),
              .what = What(vm, "writing its cloud-init drive"),
              .idempotent = true,
              .timeout = kWriteTimeout},
             OnAbandon::kLeave, Locks::kBeforeAnything, limits)
      .status();
}

}  // namespace fediversity::proxmox
