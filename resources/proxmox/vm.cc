#include "resources/proxmox/vm.h"

#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_resource.h"
#include "resources/proxmox/vm/bpg_state.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/vm_begun.h"
#include "resources/proxmox/vm/vm_create.h"
#include "resources/proxmox/vm/vm_delete.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_parts.h"
#include "resources/proxmox/vm/vm_plan.h"
#include "resources/proxmox/vm/vm_power_plan.h"
#include "resources/proxmox/vm/vm_reader.h"
#include "resources/proxmox/vm/vm_update.h"
#include "resources/proxmox/vm/vm_validate.h"

namespace fediversity::resources {
namespace {

class ProxmoxVmResource final : public schema::Resource<ProxmoxVm> {
 public:
  ProxmoxVmResource(const Slot<proxmox::Api>& api, const Journal& journal) : api_(api), journal_(journal) {}

  void Validate(const ProxmoxVm& config, schema::Diagnostics& diagnostics) const override {
    ValidateVm(config, diagnostics);
  }

  void KeepSpelling(const ProxmoxVm& known, ProxmoxVm& fresh) const override { KeepVmSpelling(known, fresh); }

  absl::Status Plan(VmContext& context, const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned,
                    std::vector<wire::Path>&) const override {
    // Where it is not known yet whose credentials they will be, Proxmox has the last word.
    auto const api = api_.Get();
    if (api.ok()) RefuseHaGroup(**api, prior, planned, context);
    return PlanVm(prior, config, planned, !api.ok() || (*api)->is_root(), context);
  }

  absl::StatusOr<ProxmoxVm> Read(ProxmoxVm state, VmContext& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    ASSIGN_OR_RETURN(proxmox::LocatedVm const vm, FindVm(*api, state, context));
    ForgetNote(journal_, *api, vm.vm);
    return DescribeVm(*api, vm, state, context);
  }

  absl::StatusOr<ProxmoxVm> Create(ProxmoxVm plan, VmContext& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    return CreateVm(*api, names_, journal_, plan, context);
  }

  absl::StatusOr<ProxmoxVm> Update(ProxmoxVm prior, ProxmoxVm plan, VmContext& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    return UpdateVm(*api, prior, plan, context);
  }

  absl::Status Delete(ProxmoxVm state, VmContext& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    RETURN_IF_ERROR(DeleteVm(*api, state, context));
    names_.Forget(*state.vmid);
    return absl::OkStatus();
  }

  // "204", "pve1/204" or the VM's name.
  absl::StatusOr<std::optional<ProxmoxVm>> ParseImportId(std::string_view id) const override {
    ProxmoxVm vm;
    std::string_view number = id;
    if (std::size_t const slash = id.find('/'); slash != std::string_view::npos) {
      vm.node = std::string(id.substr(0, slash));
      number = id.substr(slash + 1);
    }
    std::int64_t vmid = 0;
    auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), vmid);
    if (error == std::errc() && end == number.data() + number.size()) {
      vm.vmid = vmid;
    } else if (vm.node.is_null() && !id.empty()) {
      vm.name = std::string(id);
    } else {
      return absl::InvalidArgumentError(
          Cat({"Import id not understood\n\"", id,
               "\" is no VM. Give its VMID (\"204\"), node and VMID (\"pve1/204\"), or its "
               "name (\"alice-social\")."}));
    }
    return vm;
  }

  absl::Status Import(ProxmoxVm& state, VmContext& context) override {
    // What a VM has none of is empty, as a configuration says that takes it away.
    state.description = "";
    state.tags = schema::Set<std::string>();
    if (state.vmid.has_value()) return RefuseContainer(*state.vmid, context.limits());
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    ASSIGN_OR_RETURN(auto const vms, names_.List(*api, context.limits()));
    std::vector<std::string> found;
    for (const proxmox::VmSummary& vm : vms) {
      if (vm.name != *state.name) continue;
      found.push_back(std::to_string(vm.vmid));
      state.vmid = vm.vmid;
      state.node = vm.node;
    }
    if (found.size() == 1) return absl::OkStatus();
    return absl::InvalidArgumentError(
        found.empty() ? Cat({"No VM has this name\nNo VM that the credentials may see is called \"",
                             *state.name, "\". Import it by its VMID."})
                      : Cat({"Several VMs have this name\n", Join(found, ", "), " are called \"", *state.name,
                             "\". Import by VMID."}));
  }

  absl::StatusOr<std::optional<ProxmoxVm>> Move(const schema::ForeignState& source,
                                                schema::PrivateState& private_state) const override {
    ASSIGN_OR_RETURN(std::optional<ProxmoxVm> vm, FromBpg(source));
    if (vm.has_value()) RememberConfigured(*vm, private_state);  // their slots are those that were configured
    return vm;
  }

  absl::Duration DefaultTimeout(std::string_view) const override { return absl::Minutes(30); }

 private:
  // The host would only say that there is no such VM. Whatever else is wrong is told by the read that follows.
  absl::Status RefuseContainer(std::int64_t vmid, const CallLimits& limits) const {
    auto const api = api_.Get();
    if (!api.ok()) return absl::OkStatus();
    auto const listing = (*api)->ListResources(limits);
    if (!listing.ok() || !(*listing)->containers.contains(vmid)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        Cat({"This VMID is that of a container\n", std::to_string(vmid),
             " is a container (LXC), and only virtual machines are imported."}));
  }

  const Slot<proxmox::Api>& api_;
  const Journal& journal_;
  VmNames names_;
};

}  // namespace

std::unique_ptr<schema::AnyResource> MakeProxmoxVm(const Slot<proxmox::Api>& api, const Journal& journal) {
  return schema::MakeResource<ProxmoxVm>(kProxmoxVm, std::make_unique<ProxmoxVmResource>(api, journal));
}

}  // namespace fediversity::resources
