#include "provider/cli/import_proxmox.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "provider/backends/proxmox/vm_filter.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::cli {
namespace {

using proxmox::VmSummary;

proxmox::VmFilter FilterOf(const Options& options) {
  proxmox::VmFilter filter{
      .nodes = options.All("node"), .pools = options.All("pool"), .tags = options.All("tag")};
  if (options.Has("name")) {
    filter.name = [globs = options.All("name")](std::string_view name) {
      return FitsOneOf(std::string(name), globs);
    };
  }
  return filter;
}

bool IsWantedVmid(const VmSummary& vm, const std::vector<std::string>& vmids) {
  return vmids.empty() || std::ranges::find(vmids, std::to_string(vm.vmid)) != vmids.end();
}

absl::Status Doubt(const VmSummary& vm) {
  return absl::UnavailableError(Cat(
      {"The name of the VM is not known\nNode ", vm.node,
       " has not told it: it is offline, or the VM was made some seconds ago. So nobody knows whether the VM "
       "is wanted. Try again, or choose by --vmid, --pool, --node and --tag."}));
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
  proxmox::VmFilter const filter = FilterOf(options);
  std::vector<Found> found;
  for (const VmSummary& vm : vms) {
    // Where that is not known, reading the VM will hardly work either, and says why.
    if (vm.is_template.value_or(false) && !options.Has("templates")) continue;
    proxmox::Match const match = MatchOf(filter, vm);
    if (match == proxmox::Match::kNo || !IsWantedVmid(vm, options.All("vmid"))) continue;
    found.push_back(Describe(vm));
    if (match == proxmox::Match::kUndecided) found.back().doubt = Doubt(vm);
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
