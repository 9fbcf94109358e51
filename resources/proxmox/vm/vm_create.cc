#include "resources/proxmox/vm/vm_create.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provider/backends/proxmox/cause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/disk_changes.h"
#include "resources/proxmox/vm/vm_begun.h"
#include "resources/proxmox/vm/vm_identity.h"
#include "resources/proxmox/vm/vm_parts.h"
#include "resources/proxmox/vm/vm_steps.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;
using proxmox::VmId;
using proxmox::VmSummary;

absl::Status Exists(const VmSummary& vm, std::string_view attribute) {
  std::string const vmid = std::to_string(vm.vmid);
  return schema::OnAttribute(
      absl::AlreadyExistsError(Cat(
          {"The VM exists already\nVM ", vmid, " \"", vm.name, "\" on node ", vm.node, " has this `",
           attribute,
           "`. Nothing was changed. If an apply was cut short, or somebody made it by hand, import it:\n\n"
           "import {\n  to = fediversity_proxmox_vm.<name>\n  id = \"",
           vmid, "\"\n}\n\nelse choose another `", attribute, "`."})),
      attribute);
}

using Vms = std::vector<VmSummary>;

absl::Status RefuseExisting(const Vms& vms, const ProxmoxVm& plan) {
  for (const VmSummary& vm : vms) {
    if (plan.vmid.has_value() && vm.vmid == *plan.vmid) return Exists(vm, "vmid");
    if (plan.name.has_value() && !plan.name->empty() && vm.name == *plan.name) return Exists(vm, "name");
  }
  return absl::OkStatus();
}

// The node that is online and has the most memory free.
absl::StatusOr<std::string> RoomiestNode(const std::vector<proxmox::Node>& nodes) {
  const proxmox::Node* best = nullptr;
  auto const free = [](const proxmox::Node& node) {
    return node.max_memory.value_or(0) - node.memory.value_or(0);
  };
  for (const proxmox::Node& node : nodes) {
    if (node.online && (best == nullptr || free(node) > free(*best))) best = &node;
  }
  if (best != nullptr) return best->name;
  return schema::OnAttribute(
      absl::UnavailableError(
          "No node is online\nThe cluster lists no node that could take the VM. Say which `node`."),
      "node");
}

absl::StatusOr<const VmSummary*> FindSource(const Vms& vms, const std::string& source) {
  auto const at = wire::Path().Child("clone").Child("source");
  std::int64_t vmid = 0;
  auto const [end, error] = std::from_chars(source.data(), source.data() + source.size(), vmid);
  bool const is_number = error == std::errc() && end == source.data() + source.size();
  std::vector<const VmSummary*> found;
  for (const VmSummary& vm : vms) {
    if (is_number && vm.vmid == vmid) return &vm;
    if (vm.name == source) found.push_back(&vm);
  }
  // A name that a template and VMs share means the template.
  if (found.size() > 1 && std::ranges::count_if(found, &VmSummary::is_template) == 1) {
    std::erase_if(found, [](const VmSummary* vm) { return !vm->is_template; });
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return schema::OnAttribute(
        absl::FailedPreconditionError(Cat(
            {"The source of the clone is not there\nNo VM or template that the credentials may see has the VMID or "
             "name \"",
             source, "\". Check its spelling, and that the credentials have VM.Audit and VM.Clone on it."})),
        at);
  }
  std::vector<std::string> vmids;
  vmids.reserve(found.size());
  for (const VmSummary* const vm : found) vmids.push_back(std::to_string(vm->vmid));
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat({"Several VMs are called \"", source, "\"\nThey have the VMIDs ",
                                         Join(vmids, ", "), ". Name the one to clone by its VMID."})),
      at);
}

// A VM in the making: what it needs until it is in state.
class Creation {
 public:
  Creation(Api& api, VmNames& names, const Journal& journal, const ProxmoxVm& plan, VmContext& context)
      : api_(api),
        names_(names),
        journal_(journal),
        plan_(plan),
        context_(context),
        limits_(context.limits()) {}

  absl::StatusOr<VmId> FromNothing() {
    VmOptions options;
    RETURN_IF_ERROR(WriteVmOptions(nullptr, plan_, options));
    proxmox::Parameters parameters = options.ToSet();
    AddPassword(nullptr, plan_, context_, parameters);
    if (plan_.pool.has_value() && !plan_.pool->empty()) parameters.push_back({"pool", *plan_.pool});
    VmId vm{.vmid = plan_.vmid.value_or(0), .node = plan_.node.value_or("")};
    if (vm.node.empty()) {
      ASSIGN_OR_RETURN(auto const nodes, api_.ListNodes(limits_));
      ASSIGN_OR_RETURN(vm.node, RoomiestNode(nodes));
    }
    return Made(api_.CreateVm(vm, parameters, Announce(), limits_));
  }

  absl::StatusOr<VmId> FromSource(const Vms& vms) {
    ASSIGN_OR_RETURN(const VmSummary* const source, FindSource(vms, *plan_.clone->source));
    proxmox::CloneRequest request{.newid = plan_.vmid.value_or(0),
                                  .name = plan_.name.value_or(""),
                                  .target = plan_.node.value_or(""),
                                  .storage = plan_.clone->storage.value_or(""),
                                  .pool = plan_.pool.value_or(""),
                                  .format = plan_.clone->format.value_or(""),
                                  .snapname = plan_.clone->snapshot.value_or("")};
    if (request.target == source->node) request.target.clear();
    if (plan_.clone->full.has_value()) {
      request.full = *plan_.clone->full;
    } else if (!request.storage.empty() || !request.format.empty()) {
      request.full = true;  // only copies can go elsewhere
    }
    VmId const original{.vmid = source->vmid, .node = source->node};
    auto made = api_.CloneVm(original, request, Announce(), limits_);
    // Proxmox clones to another node only what both see. A copy can be made beside its source, and move.
    if (proxmox::CauseOf(made.status()) == proxmox::Cause::kLocalStorage && request.full.value_or(true)) {
      request.target.clear();
      request.full = true;
      made = api_.CloneVm(original, request, Announce(), limits_);
    }
    return Made(made);
  }

 private:
  proxmox::Announce Announce() {
    return [this](const VmId& vm) {
      announced_ = vm;
      note_ = NoteVm(journal_, api_, vm, plan_);
      names_.Add(vm.vmid, plan_.name.value_or(""));
    };
  }

  absl::StatusOr<VmId> Made(const absl::StatusOr<proxmox::NewVm>& made) {
    if (made.ok()) {
      ShowWarnings(made->vm, made->task.warnings, context_);
      return made->vm;
    }
    absl::Status const& why = made.status();
    if (announced_.vmid == 0 || absl::IsInvalidArgument(why) || absl::IsPermissionDenied(why) ||
        absl::IsUnauthenticated(why) || absl::IsAlreadyExists(why)) {
      return why;
    }
    return Uncertain(why);
  }

  // The request was sent and failed. What it left is kept in state, so that nothing stays behind unseen.
  absl::StatusOr<VmId> Uncertain(const absl::Status& why) {
    auto const found = api_.FetchVm(announced_.vmid, announced_.node, limits_);
    if (absl::IsNotFound(found.status())) return why;
    ProxmoxVm partial = plan_;
    partial.vmid = announced_.vmid;
    partial.node = announced_.node;
    if (found.ok()) {
      // Somebody else may have got this VMID in the meantime, under another name.
      const std::string* const name = found->config.Find("name");
      if (plan_.name.has_value() && (name == nullptr || *name != *plan_.name)) return why;
      RETURN_IF_ERROR(RememberVm(*found, context_.private_state()));
    }
    context_.Checkpoint(partial);
    return absl::Status(why.code(),
                        Cat({ToStd(why.message()), "\n\nVM ", std::to_string(announced_.vmid), " on node ",
                             announced_.node, found.ok() ? " exists" : " may exist",
                             " nevertheless. It is in state, marked as tainted: the next apply makes it "
                             "anew. `tofu untaint` keeps it as it is."}));
  }

  Api& api_;
  VmNames& names_;
  const Journal& journal_;
  const ProxmoxVm& plan_;
  VmContext& context_;
  CallLimits limits_;
  VmId announced_;
  Journal::Note note_;
};

// Whether a new VM is as planned only after its configuration was looked at: clones have what their source had, and
// disks with a content of their own its size.
bool NeedsAdjustment(const ProxmoxVm& plan) {
  return plan.clone.has_value() || BringsDisks(ProxmoxVm(), plan);
}

absl::Status Adjust(Api& api, const VmId& vm, const ProxmoxVm& plan, bool begun, VmContext& context) {
  CallLimits const limits = context.limits();
  ASSIGN_OR_RETURN(proxmox::VmConfig const config, api.ReadConfig(vm, limits));
  RETURN_IF_ERROR(RememberVm({.vm = vm, .config = config}, context.private_state()));
  VmOptions options(config.values);
  ASSIGN_OR_RETURN(DiskChanges const changes, CompareDisks(plan, options));
  if (plan.clone.has_value() || begun) {
    RETURN_IF_ERROR(WriteVmOptions(nullptr, plan, options));
    proxmox::Parameters set = options.ToSet();
    AddPassword(nullptr, plan, context, set);
    if (!set.empty()) RETURN_IF_ERROR(api.UpdateConfig(vm, set, {}, config.digest, limits));
  }
  std::vector<std::string> warnings;
  absl::Status const changed = ChangeDisks(api, vm, changes, Others::kNone, warnings, limits);
  ShowWarnings(vm, warnings, context);
  return changed;
}

// From the new VM, or one that was `begun` before, to the one that was planned. `known` says what it is like.
absl::Status Finish(Api& api, VmId& vm, const ProxmoxVm& plan, const std::optional<BegunVm>& begun,
                    VmContext& context, VmKnowledge& known) {
  CallLimits const limits = context.limits();
  bool const running = begun.has_value() && begun->running;
  RETURN_IF_ERROR(MigrateAsPlanned(api, vm, running, plan, context));
  if (NeedsAdjustment(plan) || begun.has_value()) {
    RETURN_IF_ERROR(Adjust(api, vm, plan, begun.has_value(), context));
  }
  bool const is_template = begun.has_value() && begun->located.config.Find("template") != nullptr;
  if (plan.is_template.value_or(false) && !is_template) {
    ASSIGN_OR_RETURN(proxmox::TaskResult const task, api.ConvertToTemplate(vm, limits));
    ShowWarnings(vm, task.warnings, context);
  }
  RETURN_IF_ERROR(ChangeHighAvailability(api, vm.vmid, nullptr, plan, limits));
  return ChangePower(api, vm, running, plan, context, known);
}

}  // namespace

absl::StatusOr<ProxmoxVm> CreateVm(Api& api, VmNames& names, const Journal& journal, const ProxmoxVm& plan,
                                   VmContext& context) {
  CallLimits const limits = context.limits();
  RememberConfigured(context.config(), context.private_state());
  Creation creation(api, names, journal, plan, context);
  VmId vm;
  ASSIGN_OR_RETURN(std::optional<BegunVm> const begun, FindBegunVm(api, journal, plan, context));
  if (begun.has_value()) {
    vm = begun->located.vm;
    names.Add(vm.vmid, *plan.name);
  } else {
    ASSIGN_OR_RETURN(Vms const vms, names.List(api, limits));
    RETURN_IF_ERROR(RefuseExisting(vms, plan));
    ASSIGN_OR_RETURN(vm, plan.clone.has_value() ? creation.FromSource(vms) : creation.FromNothing());
  }
  ProxmoxVm made = plan;
  made.vmid = vm.vmid;
  made.node = vm.node;
  context.Checkpoint(made);

  VmKnowledge known{.running = false, .pool = plan.pool.value_or(""), .ha_managed = plan.ha.has_value()};
  // One that was begun and runs already may hold what waits.
  if (!begun.has_value() || !begun->running) known.reboot_required = false;
  absl::Status finished = Finish(api, vm, plan, begun, context, known);
  proxmox::LocatedVm located{.vm = vm, .config = {}};
  auto config = api.ReadConfig(vm, limits);
  if (config.ok()) {
    located.config = *std::move(config);
  } else {
    finished.Update(config.status());
  }
  if (!finished.ok()) {
    context.Unfinished(absl::Status(
        finished.code(), Cat({"VM ", std::to_string(vm.vmid), " was made, but is not finished\n",
                              ToStd(finished.message()), "\n\nIt is in state; the next apply carries on."})));
  }
  return DescribeVm(api, located, std::move(made), context, known);
}

}  // namespace fediversity::resources
