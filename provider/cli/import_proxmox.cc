#include "provider/cli/import_proxmox.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/time/clock.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::cli {
namespace {

using proxmox::VmSummary;

bool IsOneOf(const std::string& text, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::ranges::find(wanted, text) != wanted.end();
}

bool HasAll(const VmSummary& vm, const std::vector<std::string>& wanted) {
  auto const tags = proxmox::ParseTags(vm.tags);
  return std::ranges::all_of(wanted, [&tags](const std::string& text) {
    auto const sought = proxmox::ParseTags(text);
    return std::ranges::includes(tags, sought);
  });
}

// By what every listing tells of a VM.
bool MayBeWanted(const VmSummary& vm, const Options& options) {
  if (vm.is_template && !options.Has("templates")) return false;
  return IsOneOf(vm.pool, options.All("pool")) && IsOneOf(vm.node, options.All("node")) &&
         IsOneOf(std::to_string(vm.vmid), options.All("vmid"));
}

// By what the VM's node tells of it.
bool HasNameAndTags(const VmSummary& vm, const Options& options) {
  return FitsOneOf(vm.name, options.All("name")) && HasAll(vm, options.All("tag"));
}

// Whether the node has told nothing of the VM, neither its name nor its tags, although they are asked for.
bool IsDoubtful(const VmSummary& vm, const Options& options) {
  bool const asked = options.Has("name") || options.Has("tag");
  return asked && vm.status == "unknown" && vm.name.empty();
}

absl::Status Doubt(const VmSummary& vm) {
  return absl::UnavailableError(Cat(
      {"The name and the tags of the VM are not known\nNode ", vm.node,
       " has not told them: it is offline, or the VM was made some seconds ago. So nobody knows whether the VM "
       "is wanted. Try again, or choose by --vmid, --pool and --node."}));
}

Found Describe(const VmSummary& vm) {
  std::string const vmid = std::to_string(vm.vmid);
  Found found{.type_name = "fediversity_proxmox_vm",
              .name = vm.name.empty() ? Cat({"vm_", vmid}) : vm.name,
              .title = vm.name.empty() ? Cat({"VM ", vmid}) : Cat({"VM ", vmid, " (", vm.name, ")"}),
              .id = vmid};
  // The listing is as young as it can be, and what waits for a start is not printed: neither is asked for VM by VM.
  if (vm.status == "running" || vm.status == "stopped") {
    found.known = {{"started", wire::Value::Bool(vm.status == "running")},
                   {"reboot_required", wire::Value::Bool(false)}};
  }
  return found;
}

absl::Status ExpectVmids(const std::vector<VmSummary>& vms, const std::vector<std::string>& vmids) {
  for (const std::string& vmid : vmids) {
    bool const seen =
        std::ranges::any_of(vms, [&vmid](const VmSummary& vm) { return std::to_string(vm.vmid) == vmid; });
    if (seen) continue;
    return absl::NotFoundError(
        Cat({"There is no VM ", vmid, " among those that the credentials may see. VM.Audit on /vms/", vmid,
             " lets them see it, if it exists."}));
  }
  return absl::OkStatus();
}

// Whether all other attributes of an object are null.
bool HasOnly(const wire::Value& object, std::string_view attribute) {
  return object.kind() == wire::Value::Kind::kMap &&
         std::ranges::all_of(object.entries(), [attribute](const wire::Value::Entry& entry) {
           return entry.first == attribute || entry.second.is_null();
         });
}

}  // namespace

absl::StatusOr<std::vector<Found>> FindVms(const Options& options, const Surroundings& surroundings) {
  ASSIGN_OR_RETURN(auto const api, surroundings.backends.proxmox.Get());
  ASSIGN_OR_RETURN(std::vector<VmSummary> vms,
                   api->ListVms({.cancel = surroundings.cancel, .deadline = absl::Now() + kLongestListing}));
  RETURN_IF_ERROR(ExpectVmids(vms, options.All("vmid")));
  std::ranges::sort(vms, {}, &VmSummary::vmid);
  std::vector<Found> found;
  for (const VmSummary& vm : vms) {
    if (!MayBeWanted(vm, options)) continue;
    if (IsDoubtful(vm, options)) {
      found.push_back(Describe(vm));
      found.back().doubt = Doubt(vm);
    } else if (HasNameAndTags(vm, options)) {
      found.push_back(Describe(vm));
    }
  }
  if (!found.empty()) return found;
  return absl::NotFoundError(Cat({"No VM is left to import: the credentials see ", std::to_string(vms.size()),
                                  ", and the options leave none of them. Templates are left only with "
                                  "--templates."}));
}

void LoosenVm(wire::Value& vm) {
  vm.Set("node", wire::Value::Null());
  const wire::Value* const description = vm.Find("description");
  if (description != nullptr && *description == wire::Value::String(""))
    vm.Set("description", wire::Value::Null());
  const wire::Value* const tags = vm.Find("tags");
  if (tags != nullptr && *tags == wire::Value::Set({})) vm.Set("tags", wire::Value::Null());
  const wire::Value* const is_template = vm.Find("template");
  if (is_template != nullptr && *is_template == wire::Value::Bool(false))
    vm.Set("template", wire::Value::Null());
  if (const wire::Value* const smbios = vm.Find("smbios"); smbios != nullptr && HasOnly(*smbios, "uuid")) {
    vm.Set("smbios", wire::Value::Null());
  }
  wire::Value* const disks = vm.FindMutable("disks");
  if (disks == nullptr || disks->kind() != wire::Value::Kind::kMap) return;
  std::vector<std::string> slots;
  for (const auto& [slot, disk] : disks->entries()) slots.push_back(slot);
  for (const std::string& slot : slots) {
    wire::Value* const disk = disks->FindMutable(slot);
    const wire::Value* const storage = disk->Find("storage");
    if (storage != nullptr && !storage->is_null()) disk->Set("volume", wire::Value::Null());
  }
}

}  // namespace fediversity::cli
