#include "provider/backends/proxmox/cause.h"

#include <algorithm>
#include <utility>

#include "provider/base/status_mark.h"
#include "provider/http/delivery.h"

namespace fediversity::proxmox {
namespace {

using absl::StatusCode;

constexpr const char* kCauseMark = "fediversity/proxmox-cause";
constexpr const char* kRefusedMark = "fediversity/proxmox-refused";
constexpr const char* kEndedMark = "fediversity/proxmox-ended";

// A message has a meaning if the pattern is somewhere in it, where `#` is a number and `*` is anything. The first row
// counts.
struct Row {
  std::string_view pattern;
  Meaning meaning;
};

constexpr std::string_view kUnlockAdvice =
    "A lock that stays although nothing runs is taken away by `qm unlock` on the node.";
constexpr std::string_view kBeingMadeAdvice =
    "The VM of this number is being made, cloned or restored. Try again when that has ended; if nothing runs, `qm unlock` "
    "on the node takes the lock away.";
constexpr std::string_view kDestroyedAdvice =
    "A destruction of the VM has not ended, or failed when its disks were gone. If none runs, take the lock away with `qm "
    "unlock` on the node, and destroy it again.";
constexpr std::string_view kElsewhereAdvice =
    "It was moved to another node, or deleted, since it was looked for. Try again, and it is looked for anew.";
constexpr std::string_view kDigestAdvice =
    "Somebody changed the VM since it was read. Plan again and look at what has changed.";
constexpr std::string_view kTakenAdvice =
    "The VMID is in use. Choose another one, or leave it out and a free one is found.";
constexpr std::string_view kRootAdvice =
    "Proxmox allows this to user root@pam with a password only, and to no API token, not even to one of root.";
constexpr std::string_view kSharedAdvice =
    "Proxmox clones to another node only what both nodes see. Clone it where it is, or as a full copy.";
constexpr std::string_view kQuorumAdvice =
    "Less than half of the cluster's nodes see one another, and until they do nothing can be changed.";
constexpr std::string_view kRulesAdvice =
    "Since Proxmox VE 9, rules say which nodes HA may use. Leave the group out, and name the VM in a node affinity rule.";
constexpr std::string_view kAgentAdvice = "Install and start qemu-guest-agent in the guest.";

constexpr Row kRows[] = {
    {"Configuration file '*' does not exist", {Cause::kNoSuchVm, StatusCode::kAborted, kElsewhereAdvice}},
    {"can't lock file '/var/lock/qemu-server/*got timeout",
     {Cause::kConfigLock, StatusCode::kFailedPrecondition}},
    {"VM is locked (suspend",
     {Cause::kSuspended, StatusCode::kFailedPrecondition,
      "The VM is hibernated. Start it, or unlock it with `qm unlock` on the node, which loses what it had in memory."}},
    {"VM is locked (create)", {Cause::kBeingMade, StatusCode::kFailedPrecondition, kBeingMadeAdvice}},
    {"VM is locked (clone)", {Cause::kBeingMade, StatusCode::kFailedPrecondition, kBeingMadeAdvice}},
    {"VM is locked (destroyed)", {Cause::kOther, StatusCode::kFailedPrecondition, kDestroyedAdvice}},
    {"VM is locked", {Cause::kVmLock, StatusCode::kFailedPrecondition, kUnlockAdvice}},
    {"can't lock file '*got timeout", {Cause::kStorageLock, StatusCode::kFailedPrecondition}},
    {"cfs-lock 'file-*got lock request timeout", {Cause::kFileLock, StatusCode::kFailedPrecondition}},
    {"got lock request timeout", {Cause::kStorageLock, StatusCode::kFailedPrecondition}},
    {"no quorum", {Cause::kNoQuorum, StatusCode::kUnavailable, kQuorumAdvice}},
    // What a write into the cluster's file system says without quorum.
    {"unable to open file '/etc/pve/*Permission denied",
     {Cause::kNoQuorum, StatusCode::kUnavailable, kQuorumAdvice}},
    {"checksum mismatch (file change", {Cause::kDigest, StatusCode::kAborted, kDigestAdvice}},
    {"detected modified configuration", {Cause::kDigest, StatusCode::kAborted, kDigestAdvice}},
    {"VM # already exists", {Cause::kVmidTaken, StatusCode::kAlreadyExists, kTakenAdvice}},
    {"CT # already exists",
     {Cause::kVmidTaken, StatusCode::kAlreadyExists,
      "The VMID is in use by a container. Choose another one, or leave it out and a free one is found."}},
    {"unable to create VM #: config file already exists",
     {Cause::kVmidTaken, StatusCode::kAlreadyExists, kTakenAdvice}},
    {"already defined", {Cause::kExists, StatusCode::kAlreadyExists}},
    {"protection mode enabled",
     {Cause::kProtected, StatusCode::kFailedPrecondition, "Set `protection = false` and apply that first."}},
    {"is running - destroy failed", {Cause::kRunning, StatusCode::kFailedPrecondition, "Stop the VM first."}},
    {"if VM is running", {Cause::kRunning, StatusCode::kFailedPrecondition, "Stop the VM first."}},
    {"already running", {Cause::kRunning, StatusCode::kFailedPrecondition}},
    {"No QEMU guest agent configured",
     {Cause::kNoAgent, StatusCode::kFailedPrecondition,
      "Enable the agent in the VM's configuration; it takes effect at its next start."}},
    {"guest agent is not running", {Cause::kSilentAgent, StatusCode::kUnavailable, kAgentAdvice}},
    {"QEMU guest agent*timeout", {Cause::kSilentAgent, StatusCode::kUnavailable}},
    {"command 'guest-*' failed - got timeout", {Cause::kSilentAgent, StatusCode::kUnavailable}},
    {"unable to connect to VM # qga socket", {Cause::kSilentAgent, StatusCode::kUnavailable, kAgentAdvice}},
    {"VM quit/powerdown failed",
     {Cause::kGuestTimeout, StatusCode::kFailedPrecondition,
      "The guest did not shut down: it may lack ACPI support or a guest agent, or need more time."}},
    {" not running", {Cause::kNotRunning, StatusCode::kFailedPrecondition}},
    {"only root can set", {Cause::kRootOnly, StatusCode::kFailedPrecondition, kRootAdvice}},
    {"Only root may use this option", {Cause::kRootOnly, StatusCode::kFailedPrecondition, kRootAdvice}},
    {"Only root can pass arbitrary filesystem paths",
     {Cause::kRootOnly, StatusCode::kFailedPrecondition,
      "Name a volume of a storage, such as `local:import/image.qcow2`, in place of a path."}},
    {"(VM uses local storage)", {Cause::kLocalStorage, StatusCode::kFailedPrecondition, kSharedAdvice}},
    {"can't clone to non-shared storage",
     {Cause::kLocalStorage, StatusCode::kFailedPrecondition, kSharedAdvice}},
    {"hostname lookup '*failed",
     {Cause::kNoSuchNode, StatusCode::kFailedPrecondition,
      "The cluster has no node of that name, or the node that answers cannot resolve it."}},
    {"invalid server response: '404", {Cause::kNoSuchUrl, StatusCode::kFailedPrecondition}},
    {"invalid server response: '410", {Cause::kNoSuchUrl, StatusCode::kFailedPrecondition}},
    {"invalid server response: '500 Can't connect", {Cause::kNoSuchUrl, StatusCode::kFailedPrecondition}},
    {"no such cluster node", {Cause::kNoSuchNode, StatusCode::kFailedPrecondition}},
    {"unable to find configuration file for VM", {Cause::kNoSuchVm, StatusCode::kAborted, kElsewhereAdvice}},
    {"already a pool member", {Cause::kPoolUnchanged, StatusCode::kAlreadyExists}},
    {"is not a pool member", {Cause::kPoolUnchanged, StatusCode::kFailedPrecondition}},
    {"ha groups have been migrated to rules",
     {Cause::kNoHaGroups, StatusCode::kFailedPrecondition, kRulesAdvice}},
    {"invalid bootorder", {Cause::kBadParameter, StatusCode::kInvalidArgument}},
    {"storage '*' does not exist", {Cause::kNoSuchStorage, StatusCode::kFailedPrecondition}},
    {"pool '*' does not exist",
     {Cause::kNoSuchPool, StatusCode::kFailedPrecondition, "Create the pool, or name another one."}},
    {"does not exist", {Cause::kNoSuchThing, StatusCode::kFailedPrecondition}},
    {"not HA managed", {Cause::kNoSuchThing, StatusCode::kFailedPrecondition}},
    {"no such ", {Cause::kNoSuchThing, StatusCode::kFailedPrecondition}},
    {"unable to parse", {Cause::kBadParameter, StatusCode::kInvalidArgument}},
    {"no options specified", {Cause::kBadParameter, StatusCode::kInvalidArgument}},
    {"not allowed for linked clones",
     {Cause::kBadParameter, StatusCode::kInvalidArgument, "Make a full copy, or leave it out."}},
    {"you can't move to the same storage", {Cause::kOther, StatusCode::kFailedPrecondition}},
    {"is still in use by linked clone",
     {Cause::kOther, StatusCode::kFailedPrecondition, "Delete first the VMs that are linked clones of it."}},
    {"volume is still in use (snapshot?)", {Cause::kVolumeInUse, StatusCode::kFailedPrecondition}},
    {"you can't start a vm if it's a template", {Cause::kOther, StatusCode::kFailedPrecondition}},
    {"snapshot feature is not available", {Cause::kOther, StatusCode::kFailedPrecondition}},
    {"EFI base image '*' not found",
     {Cause::kOther, StatusCode::kFailedPrecondition, "The node lacks the firmware for this kind of VM."}},
    // Of a task whose process ended without a word.
    {"unexpected status",
     {Cause::kOther, StatusCode::kUnavailable, "Nobody knows how far it got: the next plan shows it."}},
};

// Whether `text` begins with the pattern.
bool Begins(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return true;
  std::string_view const rest = pattern.substr(1);
  if (pattern.front() == '*') {
    for (;; text.remove_prefix(1)) {
      if (Begins(text, rest)) return true;
      if (text.empty()) return false;
    }
  }
  if (pattern.front() == '#') {
    std::size_t const digits = std::min(text.find_first_not_of("0123456789"), text.size());
    return digits > 0 && Begins(text.substr(digits), rest);
  }
  return !text.empty() && text.front() == pattern.front() && Begins(text.substr(1), rest);
}

bool Holds(std::string_view message, std::string_view pattern) {
  for (; !message.empty(); message.remove_prefix(1)) {
    if (Begins(message, pattern)) return true;
  }
  return false;
}

}  // namespace

Meaning MeaningOf(std::string_view message) {
  for (const Row& row : kRows) {
    if (Holds(message, row.pattern)) return row.meaning;
  }
  return {};
}

absl::Status WithCause(absl::Status status, Cause cause) {
  return WithMark(std::move(status), kCauseMark, cause);
}

Cause CauseOf(const absl::Status& status) { return MarkOf(status, kCauseMark, Cause::kOther); }

absl::Status AsRefused(absl::Status status) { return WithMark(std::move(status), kRefusedMark, true); }

bool IsDefinite(const absl::Status& status) {
  return MarkOf(status, kRefusedMark, false) || http::DeliveryOf(status) == http::Delivery::kNotSent;
}

bool MayGoOn(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsCancelled(status) || absl::IsDeadlineExceeded(status);
}

absl::Status AsEnded(absl::Status status) { return WithMark(std::move(status), kEndedMark, true); }

bool IsOfEndedTask(const absl::Status& status) { return MarkOf(status, kEndedMark, false); }

}  // namespace fediversity::proxmox
