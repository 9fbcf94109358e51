#include "provider/backends/proxmox/cause.h"

#include <utility>

#include "provider/base/status_mark.h"
#include "provider/http/delivery.h"

namespace fediversity::proxmox {
namespace {

using absl::StatusCode;

constexpr const char* kCauseMark = "fediversity/proxmox-cause";

// A message has a meaning if it holds `text`, and after it, where that is not empty, `then`. The first row counts.
struct Row {
  std::string_view text;
  std::string_view then;
  Meaning meaning;
};

constexpr std::string_view kLockAdvice =
    "It is tried again until the operation's time is over. A lock that stays although nothing runs is taken away by "
    "`qm unlock` on the node.";

constexpr Row kRows[] = {
    {"Configuration file '", "does not exist", {Cause::kNoSuchVm, StatusCode::kNotFound}},
    {"can't lock file '/var/lock/qemu-server/",
     "got timeout",
     {Cause::kConfigLock, StatusCode::kFailedPrecondition, kLockAdvice}},
    {"VM is locked (suspend",
     "",
     {Cause::kSuspended, StatusCode::kFailedPrecondition,
      "The VM is hibernated. Start it, or unlock it with `qm unlock` on the node, which loses what it had in memory."}},
    {"VM is locked", "", {Cause::kVmLock, StatusCode::kFailedPrecondition, kLockAdvice}},
    {"can't lock file '", "got timeout", {Cause::kStorageLock, StatusCode::kFailedPrecondition, kLockAdvice}},
    {"cfs-lock '", "no quorum", {Cause::kNoQuorum, StatusCode::kUnavailable}},
    {"got lock request timeout", "", {Cause::kStorageLock, StatusCode::kFailedPrecondition, kLockAdvice}},
    {"no quorum", "", {Cause::kNoQuorum, StatusCode::kUnavailable}},
    // What a write into the cluster's file system says without quorum.
    {"unable to open file '/etc/pve/", "Permission denied", {Cause::kNoQuorum, StatusCode::kUnavailable}},
    {"checksum mismatch (file change",
     "",
     {Cause::kDigest, StatusCode::kAborted,
      "Somebody changed the VM since it was read. Plan again and look at what has changed."}},
    {"detected modified configuration",
     "",
     {Cause::kDigest, StatusCode::kAborted,
      "Somebody changed the VM since it was read. Plan again and look at what has changed."}},
    {"unable to create VM ",
     " already exists",
     {Cause::kVmidTaken, StatusCode::kAlreadyExists,
      "The VMID is in use. Choose another one, or leave it out and a free one is found."}},
    {"VM ",
     " already exists",
     {Cause::kVmidTaken, StatusCode::kAlreadyExists,
      "The VMID is in use. Choose another one, or leave it out and a free one is found."}},
    {"CT ",
     " already exists",
     {Cause::kVmidTaken, StatusCode::kAlreadyExists,
      "The VMID is in use by a container. Choose another one, or leave it out and a free one is found."}},
    {"unable to create VM ", ": config file already exists", {Cause::kVmidTaken, StatusCode::kAlreadyExists}},
    {"already defined", "", {Cause::kExists, StatusCode::kAlreadyExists}},
    {"protection mode enabled",
     "",
     {Cause::kProtected, StatusCode::kFailedPrecondition, "Set `protection = false` and apply that first."}},
    {"is running - destroy failed",
     "",
     {Cause::kRunning, StatusCode::kFailedPrecondition, "Stop the VM first."}},
    {"if VM is running", "", {Cause::kRunning, StatusCode::kFailedPrecondition, "Stop the VM first."}},
    {"already running", "", {Cause::kRunning, StatusCode::kFailedPrecondition}},
    {"No QEMU guest agent configured",
     "",
     {Cause::kNoAgent, StatusCode::kFailedPrecondition,
      "Enable the agent in the VM's configuration; it takes effect at its next start."}},
    {"guest agent is not running",
     "",
     {Cause::kSilentAgent, StatusCode::kUnavailable, "Install and start qemu-guest-agent in the guest."}},
    {"QEMU guest agent", "timeout", {Cause::kSilentAgent, StatusCode::kUnavailable}},
    {"VM quit/powerdown failed",
     "",
     {Cause::kGuestTimeout, StatusCode::kFailedPrecondition,
      "The guest did not shut down: it may lack ACPI support or a guest agent, or need more time."}},
    {" is not running", "", {Cause::kNotRunning, StatusCode::kFailedPrecondition}},
    {" not running", "", {Cause::kNotRunning, StatusCode::kFailedPrecondition}},
    {"only root can set",
     "",
     {Cause::kRootOnly, StatusCode::kFailedPrecondition,
      "Proxmox allows this to user root@pam with a password only, and to no API token, not even to one of root."}},
    {"Only root may use this option",
     "",
     {Cause::kRootOnly, StatusCode::kFailedPrecondition,
      "Proxmox allows this to user root@pam with a password only, and to no API token, not even to one of root."}},
    {"Only root can pass arbitrary filesystem paths",
     "",
     {Cause::kRootOnly, StatusCode::kFailedPrecondition,
      "Name a volume of a storage, such as `local:import/image.qcow2`, in place of a path."}},
    {"(VM uses local storage)",
     "",
     {Cause::kLocalStorage, StatusCode::kFailedPrecondition,
      "Proxmox clones to another node only what both nodes see. Clone it where it is, or as a full copy."}},
    {"can't clone to non-shared storage",
     "",
     {Cause::kLocalStorage, StatusCode::kFailedPrecondition,
      "Proxmox clones to another node only what both nodes see. Clone it where it is, or as a full copy."}},
    {"hostname lookup '",
     "failed",
     {Cause::kNoSuchNode, StatusCode::kFailedPrecondition,
      "The cluster has no node of that name, or the node that answers cannot resolve it."}},
    {"no such cluster node", "", {Cause::kNoSuchNode, StatusCode::kFailedPrecondition}},
    {"unable to find configuration file for VM", "", {Cause::kNoSuchVm, StatusCode::kNotFound}},
    {"already a pool member", "", {Cause::kPoolUnchanged, StatusCode::kAlreadyExists}},
    {"is not a pool member", "", {Cause::kPoolUnchanged, StatusCode::kFailedPrecondition}},
    {"storage '", "' does not exist", {Cause::kNoSuchStorage, StatusCode::kFailedPrecondition}},
    {"does not exist", "", {Cause::kNoSuchThing, StatusCode::kFailedPrecondition}},
    {"not HA managed", "", {Cause::kNoSuchThing, StatusCode::kFailedPrecondition}},
    {"no such ", "", {Cause::kNoSuchThing, StatusCode::kFailedPrecondition}},
    {"unable to parse", "", {Cause::kBadParameter, StatusCode::kInvalidArgument}},
    {"no options specified", "", {Cause::kBadParameter, StatusCode::kInvalidArgument}},
};

constexpr std::string_view kQuorumAdvice =
    "Less than half of the cluster's nodes see one another, and until they do nothing can be changed.";

}  // namespace

Meaning MeaningOf(std::string_view message) {
  for (const Row& row : kRows) {
    std::size_t const found = message.find(row.text);
    if (found == message.npos) continue;
    if (!row.then.empty() && message.find(row.then, found + row.text.size()) == message.npos) continue;
    Meaning meaning = row.meaning;
    if (meaning.cause == Cause::kNoQuorum) meaning.advice = kQuorumAdvice;
    return meaning;
  }
  return {};
}

absl::Status WithCause(absl::Status status, Cause cause) {
  return WithMark(std::move(status), kCauseMark, cause);
}

Cause CauseOf(const absl::Status& status) { return MarkOf(status, kCauseMark, Cause::kOther); }

bool IsDefinite(const absl::Status& status) {
  bool const open =
      absl::IsUnavailable(status) || absl::IsCancelled(status) || absl::IsDeadlineExceeded(status);
  return !open || http::DeliveryOf(status) == http::Delivery::kNotSent;
}

}  // namespace fediversity::proxmox
