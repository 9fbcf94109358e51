#include "resources/proxmox/vm/vm_identity.h"

#include <string>
#include <utility>

#include "provider/backends/proxmox/text/guest_identity.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/format.h"
#include "resources/proxmox/vm/vm_begun.h"

namespace fediversity::resources {
namespace {

using proxmox::GuestIdentity;

constexpr std::string_view kUuid = "uuid";
constexpr std::string_view kCreated = "created";
constexpr std::string_view kBegun = "begun";

GuestIdentity Remembered(const schema::PrivateState& private_state) {
  GuestIdentity identity;
  if (auto const uuid = private_state.find(kUuid); uuid != private_state.end()) identity.uuid = uuid->second;
  if (auto const created = private_state.find(kCreated); created != private_state.end()) {
    auto const seconds = IntegerFormat::Parse(created->second);
    if (seconds.ok()) identity.created = *seconds;
  }
  return identity;
}

// Proxmox writes a configuration that has nothing but a lock before it makes a VM, and when it has deleted one.
absl::Status ExpectWhole(const proxmox::LocatedVm& vm) {
  std::string const vmid = std::to_string(vm.vm.vmid);
  if (IsBeingMade(vm)) {
    return absl::UnavailableError(Cat(
        {"A VM with VMID ", vmid, " is being made\nOn node ", vm.vm.node, " it is locked (",
         *vm.config.Find("lock"),
         ") and has no identity yet, so nothing tells whether it is the VM of this configuration. Nothing was "
         "changed. Try again when the task that makes it has ended."}));
  }
  if (vm.config.Holds("lock", "destroyed")) {
    return absl::UnavailableError(Cat(
        {"VM ", vmid, " is being deleted\nOn node ", vm.vm.node,
         " its disks are gone, and its configuration is not. Nothing was changed. Try again when the task that "
         "deletes it has ended; if none runs, take the lock away with `qm unlock ",
         vmid, "` on the node, and destroy it."}));
  }
  return absl::OkStatus();
}

}  // namespace

void RememberBegunVm(std::string note, schema::PrivateState& private_state) {
  private_state[std::string(kBegun)] = std::move(note);
}

absl::Status RememberVm(const proxmox::LocatedVm& vm, schema::PrivateState& private_state) {
  ASSIGN_OR_RETURN(GuestIdentity const identity, GuestIdentity::FromConfig(vm.config.values));
  if (!identity.uuid.empty()) private_state[std::string(kUuid)] = identity.uuid;
  if (identity.created.has_value()) private_state[std::string(kCreated)] = std::to_string(*identity.created);
  bool const is_known = !identity.uuid.empty() || identity.created.has_value();
  if (is_known) private_state.erase(std::string(kBegun));
  return absl::OkStatus();
}

absl::Status CheckSameVm(const proxmox::LocatedVm& vm, const schema::PrivateState& private_state) {
  ASSIGN_OR_RETURN(GuestIdentity const found, GuestIdentity::FromConfig(vm.config.values));
  if (found == GuestIdentity()) RETURN_IF_ERROR(ExpectWhole(vm));
  GuestIdentity const expected = Remembered(private_state);
  bool is_same = expected.Compare(found) != proxmox::IdentityMatch::kOther;
  // Of one whose creation ended in doubt no more is known than what was asked for.
  auto const begun = private_state.find(kBegun);
  if (begun != private_state.end()) {
    ASSIGN_OR_RETURN(is_same, IsNotedVm(begun->second, vm));
  }
  if (is_same) return absl::OkStatus();
  std::string const vmid = std::to_string(vm.vm.vmid);
  return absl::FailedPreconditionError(Cat(
      {"VMID ", vmid, " belongs to another VM now\nState knows VM ", vmid, " with ",
       begun == private_state.end() ? expected.ToText()
                                    : "the name and time of a creation that was cut short",
       "; what has this VMID on node ", vm.vm.node, " has ", found.ToText(),
       ". The VM was deleted, or restored from a backup as a new one, outside of this configuration. Nothing was "
       "changed. If the VM of this configuration is gone, take it out of state with `tofu state rm`, and apply makes a "
       "new one; to manage the VM that is there now, import it afterwards."}));
}

}  // namespace fediversity::resources
