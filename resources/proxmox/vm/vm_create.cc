#include "resources/proxmox/vm/vm_create.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/disk_changes.h"
#include "resources/proxmox/vm/unset.h"
#include "resources/proxmox/vm/vm_begun.h"
#include "resources/proxmox/vm/vm_identity.h"
#include "resources/proxmox/vm/vm_parts.h"
#include "resources/proxmox/vm/vm_password.h"
#include "resources/proxmox/vm/vm_refusal.h"
#include "resources/proxmox/vm/vm_steps.h"
#include "resources/proxmox/vm/vm_unknowns.h"

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

constexpr absl::Duration kPatienceForDoubt = absl::Seconds(10);

absl::Status RefuseExisting(const Vms& vms, const ProxmoxVm& plan) {
  for (const VmSummary& vm : vms) {
    if (plan.vmid.has_value() && vm.vmid == *plan.vmid) return Exists(vm, "vmid");
    if (plan.name.has_value() && !plan.name->empty() && vm.name == *plan.name) return Exists(vm, "name");
  }
  return absl::OkStatus();
}

// The node that is online and has the most memory free; else one that may be online.
absl::StatusOr<std::string> RoomiestNode(const std::vector<proxmox::Node>& nodes) {
  const proxmox::Node* best = nullptr;
  auto const rank = [](const proxmox::Node& node) {
    return std::pair(node.online, node.max_memory.value_or(0) - node.memory.value_or(0));
  };
  for (const proxmox::Node& node : nodes) {
    if (!node.offline && (best == nullptr || rank(node) > rank(*best))) best = &node;
  }
  if (best != nullptr) return best->name;
  return schema::OnAttribute(
      absl::UnavailableError(
          "No node is online\nThe cluster lists no node that could take the VM. Say which `node`."),
      "node");
}

// `node` is where the clone is to be; empty where that is left open.
absl::StatusOr<const VmSummary*> FindSource(const Vms& vms, const std::string& source,
                                            const std::string& node) {
  auto const at = wire::Path().Child("clone").Child("source");
  std::int64_t vmid = 0;
  auto const [end, error] = std::from_chars(source.data(), source.data() + source.size(), vmid);
  bool const is_number = error == std::errc() && end == source.data() + source.size();
  std::vector<const VmSummary*> found;
  for (const VmSummary& vm : vms) {
    if (is_number && vm.vmid == vmid) return &vm;
    if (vm.name == source) found.push_back(&vm);
  }
  // A name that templates and VMs share means a template.
  auto const is_template = [](const VmSummary* vm) { return vm->is_template.value_or(false); };
  if (std::ranges::any_of(found, is_template)) std::erase_if(found, std::not_fn(is_template));
  // And one that each node has means the node's own.
  auto const is_there = [&node](const VmSummary* vm) { return vm->node == node; };
  if (found.size() > 1 && std::ranges::count_if(found, is_there) == 1) {
    std::erase_if(found, std::not_fn(is_there));
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
      absl::FailedPreconditionError(
          Cat({"Several VMs are called \"", source, "\"\nThey have the VMIDs ", Join(vmids, ", "),
               ". Name the one to clone by its VMID, or the node that it is on."})),
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
        context_(context) {}

  absl::StatusOr<VmId> FromNothing() {
    VmOptions options;
    RETURN_IF_ERROR(WriteVmOptions(nullptr, plan_, options));
    proxmox::Parameters parameters = options.ToSet();
    AddPassword(context_, parameters);
    if (plan_.pool.has_value() && !plan_.pool->empty()) parameters.push_back({"pool", *plan_.pool});
    VmId vm{.vmid = plan_.vmid.value_or(0), .node = plan_.node.value_or("")};
    if (vm.node.empty()) {
      ASSIGN_OR_RETURN(auto const nodes, api_.ListNodes(context_.limits()));
      ASSIGN_OR_RETURN(vm.node, RoomiestNode(nodes));
    }
    return Made(api_.CreateVm(vm, parameters, Announce(), context_.limits()));
  }

  absl::StatusOr<VmId> FromSource(const Vms& vms) {
    ASSIGN_OR_RETURN(const VmSummary* const source,
                     FindSource(vms, *plan_.clone->source, plan_.node.value_or("")));
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
    ASSIGN_OR_RETURN(proxmox::CloneTurn const turn,
                     api_.WaitToClone({.vmid = source->vmid, .node = source->node}, context_.cancel()));
    context_.Extend(turn.waited);
    auto made = api_.CloneVm(turn, request, Announce(), context_.limits());
    // Proxmox clones to another node only what both see. A copy can be made beside its source, and move.
    if (proxmox::CauseOf(made.status()) == proxmox::Cause::kLocalStorage && request.full.value_or(true)) {
      request.target.clear();
      request.full = true;
      made = api_.CloneVm(turn, request, Announce(), context_.limits());
    }
    return Made(made);
  }

  // The VM, where it was found only by looking after a request that ended in doubt.
  std::optional<BegunVm> TakeBegun() { return std::exchange(begun_, std::nullopt); }

 private:
  proxmox::Announce Announce() {
    return [this](const VmId& vm) {
      announced_ = vm;
      told_ = VmNoteOf(vm, plan_);
      note_ = NoteVm(journal_, api_, told_);
      RememberBegunVm(told_, context_.private_state());
      names_.Add(vm.vmid, plan_.name.value_or(""));
    };
  }

  absl::StatusOr<VmId> Made(const absl::StatusOr<proxmox::NewVm>& made) {
    if (made.ok()) {
      ShowWarnings(made->vm, made->task.warnings, context_);
      return made->vm;
    }
    absl::Status const why = OnRefusedAttribute(made.status(), plan_);
    if (announced_.vmid == 0 || proxmox::IsDefinite(why)) return why;
    return proxmox::MayGoOn(why) ? InDoubt(why) : Failed(why);
  }

  // A task that failed takes back what it made, as a rule. What is there all the same goes with the next apply.
  absl::StatusOr<VmId> Failed(const absl::Status& why) {
    auto const found = api_.FetchVm(announced_.vmid, announced_.node, context_.limits());
    if (!found.ok()) return why;
    auto const is_it = IsNotedVm(told_, *found);
    bool const somebody_elses = is_it.ok() && !*is_it;
    if (somebody_elses) return why;
    if (is_it.ok()) RETURN_IF_ERROR(RememberVm(*found, context_.private_state()));
    return Tainted(why, "exists nevertheless");
  }

  // Whether the VM was made, nobody has said. If it is there, that is answer enough.
  absl::StatusOr<VmId> InDoubt(const absl::Status& why) {
    bool const given_up = absl::IsCancelled(why) || absl::IsDeadlineExceeded(why);
    // What has ended the request must not end the look at what became of it.
    CancelToken const uninterrupted;
    CallLimits const limits =
        given_up ? CallLimits{uninterrupted, absl::Now() + kPatienceForDoubt} : context_.limits();
    auto found = FindNotedVm(api_, told_, limits);
    if (!found.ok()) return Tainted(why, Cat({"may exist: ", ToStd(found.status().message())}));
    if (!found->has_value()) {
      // The request may still be on its way.
      note_.Keep();
      return why;
    }
    begun_ = **std::move(found);
    begun_->note = std::move(note_);
    return begun_->located.vm;
  }

  // In state, so that nothing stays behind unseen; never without what tells it from a VM that gets its VMID later.
  absl::Status Tainted(const absl::Status& why, std::string_view what) {
    ProxmoxVm partial = plan_;
    partial.vmid = announced_.vmid;
    partial.node = announced_.node;
    context_.Checkpoint(partial);
    return {why.code(),
            Cat({ToStd(why.message()), "\n\nVM ", std::to_string(announced_.vmid), " on node ",
                 announced_.node, " ", what,
                 "\nIt is in state, marked as tainted: the next apply makes it anew. `tofu untaint` keeps "
                 "it as it is."})};
  }

  Api& api_;
  VmNames& names_;
  const Journal& journal_;
  const ProxmoxVm& plan_;
  VmContext& context_;
  VmId announced_;
  std::string told_;  // the text of the note
  Journal::Note note_;
  std::optional<BegunVm> begun_;
};

// Whether a new VM holds options that nobody asked for and the plan may be without: clones have what their source had,
// and Proxmox gives a boot order to whatever has none.
bool HasOwnOptions(const ProxmoxVm& plan) {
  return plan.clone.has_value() || (plan.unset.has_value() && !plan.unset->items.empty());
}

// Whether a new VM is as planned only after its configuration was looked at: disks with a content of their own have its
// size, too.
bool NeedsAdjustment(const ProxmoxVm& plan) { return HasOwnOptions(plan) || BringsDisks(ProxmoxVm(), plan); }

// What the VM that is there has of what is planned; slots that the plan does not name are left as they are.
absl::StatusOr<ProxmoxVm> Inherited(VmOptions& options, const ProxmoxVm& plan) {
  ProxmoxVm inherited = plan;
  RETURN_IF_ERROR(ReadVmOptions(options, inherited));
  ForgetUnplannedSlots(plan, inherited);
  return inherited;
}

// Puts into `options` what is planned of the VM that is there. What it had of that before.
absl::StatusOr<ProxmoxVm> WritePlan(const ProxmoxVm& plan, VmOptions& options) {
  ASSIGN_OR_RETURN(ProxmoxVm inherited, Inherited(options, plan));
  RETURN_IF_ERROR(RemoveUnset(nullptr, plan, options));
  RETURN_IF_ERROR(WriteVmOptions(&inherited, plan, options));
  return inherited;
}

// Brings the options of `config` to what is planned. Whether they have to be read anew.
absl::StatusOr<bool> AdjustOptions(Api& api, const VmId& vm, const ProxmoxVm& plan, proxmox::VmConfig config,
                                   VmContext& context) {
  CallLimits const limits = context.limits();
  VmOptions options(config.values);
  ASSIGN_OR_RETURN(ProxmoxVm const inherited, WritePlan(plan, options));
  ASSIGN_OR_RETURN(bool const unplugged, UnplugCloudInit(api, vm, plan, options, config, limits));
  if (unplugged) {
    ASSIGN_OR_RETURN(config, ReadToChange(api, vm, context));
    options = VmOptions(config.values);
    RETURN_IF_ERROR(WritePlan(plan, options).status());
  }
  proxmox::Parameters set = options.ToSet();
  std::vector<std::string> const remove = options.ToRemove();
  AddPassword(context, set);
  if (!set.empty() || !remove.empty()) {
    RETURN_IF_ERROR(OnRefusedAttribute(api.UpdateConfig(vm, set, remove, config.digest, limits), plan));
  }
  UnmarkPassword(context);
  if (!HasSameDevices(inherited, plan)) RETURN_IF_ERROR(RestoreBootOrder(api, vm, plan, context));
  // What a new disk holds tells only once it is there how large it is.
  return BringsDisks(inherited, plan);
}

absl::Status Adjust(Api& api, const VmId& vm, const ProxmoxVm& plan, bool begun, VmContext& context) {
  CallLimits const limits = context.limits();
  ASSIGN_OR_RETURN(proxmox::VmConfig config, api.ReadConfig(vm, limits));
  RETURN_IF_ERROR(RememberVm({.vm = vm, .config = config}, context.private_state()));
  if (HasOwnOptions(plan) || begun) {
    if (config.Find("lock") != nullptr) {
      ASSIGN_OR_RETURN(config, ReadToChange(api, vm, context));
    }
    ASSIGN_OR_RETURN(bool const brought, AdjustOptions(api, vm, plan, config, context));
    if (brought) {
      ASSIGN_OR_RETURN(config, api.ReadConfig(vm, limits));
    }
  }
  VmOptions options(config.values);
  ASSIGN_OR_RETURN(DiskChanges const changes, CompareDisks(plan, options));
  std::vector<std::string> warnings;
  absl::Status const changed = ChangeDisks(api, vm, changes, Others::kNone, warnings, context);
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
  RememberConfigured(context.config(), context.private_state());
  MarkPassword(nullptr, plan, context);
  Creation creation(api, names, journal, plan, context);
  VmId vm;
  ASSIGN_OR_RETURN(std::optional<BegunVm> begun, FindBegunVm(api, journal, plan, context));
  if (begun.has_value()) {
    vm = begun->located.vm;
    names.Add(vm.vmid, *plan.name);
  } else {
    ASSIGN_OR_RETURN(Vms const vms, names.List(api, context.limits()));
    RETURN_IF_ERROR(RefuseExisting(vms, plan));
    ASSIGN_OR_RETURN(vm, plan.clone.has_value() ? creation.FromSource(vms) : creation.FromNothing());
    begun = creation.TakeBegun();
    bool const is_configured = !plan.clone.has_value() && !begun.has_value();
    if (is_configured) UnmarkPassword(context);
  }
  if (begun.has_value()) RETURN_IF_ERROR(RememberVm(begun->located, context.private_state()));
  ProxmoxVm made = plan;
  made.vmid = vm.vmid;
  made.node = vm.node;
  context.Checkpoint(made);

  VmKnowledge known{.is_planned = true,
                    .running = false,
                    .pool = plan.pool.value_or(""),
                    .ha_managed = plan.ha.has_value()};
  // One that was begun and runs already may hold what waits.
  if (!begun.has_value() || !begun->running) known.reboot_required = false;
  absl::Status finished = Finish(api, vm, plan, begun, context, known);
  // Nothing is left to carry on with: the VM runs, and reading asks the agent again.
  context.diagnostics().AddStatus(known.silence, schema::Diagnostic::Severity::kWarning);
  proxmox::LocatedVm located{.vm = vm, .config = {}};
  auto config = api.ReadConfig(vm, context.limits());
  if (config.ok()) {
    located.config = *std::move(config);
  } else {
    finished.Update(config.status());
  }
  if (!finished.ok()) {
    absl::Status const unfinished(
        finished.code(), Cat({"VM ", std::to_string(vm.vmid), " was made, but is not finished\n",
                              ToStd(finished.message()), "\n\nIt is in state; the next apply carries on."}));
    context.Unfinished(schema::OnAttribute(unfinished, schema::AttributeOf(finished)));
  }
  return DescribeVm(api, located, made, context, known);
}

}  // namespace fediversity::resources
