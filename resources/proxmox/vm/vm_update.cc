#include "resources/proxmox/vm/vm_update.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/disk_changes.h"
#include "resources/proxmox/vm/doomed_volumes.h"
#include "resources/proxmox/vm/drive_slots.h"
#include "resources/proxmox/vm/removed_disks.h"
#include "resources/proxmox/vm/unset.h"
#include "resources/proxmox/vm/vm_addresses.h"
#include "resources/proxmox/vm/vm_identity.h"
#include "resources/proxmox/vm/vm_parts.h"
#include "resources/proxmox/vm/vm_password.h"
#include "resources/proxmox/vm/vm_power.h"
#include "resources/proxmox/vm/vm_reboot.h"
#include "resources/proxmox/vm/vm_refusal.h"
#include "resources/proxmox/vm/vm_steps.h"
#include "resources/proxmox/vm/vm_unknowns.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;

class Change {
 public:
  Change(Api& api, const ProxmoxVm& prior, const ProxmoxVm& plan, VmContext& context)
      : api_(api),
        prior_(WithoutUnnamed(prior, plan, context.private_state())),
        plan_(plan),
        removed_(RemovedDisks(prior_, plan)),
        context_(context),
        config_(context.config()),
        limits_(context.limits()) {}

  absl::StatusOr<ProxmoxVm> Run() {
    ASSIGN_OR_RETURN(proxmox::LocatedVm located, FindVm(api_, prior_, context_));
    vm_ = located.vm;
    ASSIGN_OR_RETURN(proxmox::VmStatus const status, api_.ReadStatus(vm_, limits_));
    running_ = status.running();
    // Nothing is sent before all that can be judged is.
    VmOptions options(located.config.values);
    RETURN_IF_ERROR(RefuseExchangedDisks(removed_, options));
    ASSIGN_OR_RETURN(Todo const todo, Judge(located.config));
    RETURN_IF_ERROR(RefuseColdGrowth(running_, prior_, plan_));
    RETURN_IF_ERROR(RefuseWaitingDrives(api_, vm_, todo.disks, limits_));
    AddConfigured(config_, context_.private_state());
    MarkPassword(&prior_, plan_, context_);

    absl::Status const done = Apply(std::move(located.config));
    if (done.ok()) {
      ASSIGN_OR_RETURN(ProxmoxVm described, DescribeAsPlanned());
      // A map that is left out from now on was planned as it was, and shows all slots when it is read next.
      RememberConfigured(config_, context_.private_state());
      return described;
    }
    ProxmoxVm both = plan_;
    KeepSlots(prior_, both);
    auto const described = Describe(both);
    if (described.ok()) context_.Checkpoint(*described);
    return done;
  }

 private:
  // What is to be done to a configuration.
  struct Todo {
    VmOptions options;
    DiskChanges disks;
  };

  absl::StatusOr<Todo> Judge(const proxmox::VmConfig& config) const {
    Todo todo{.options = VmOptions(config.values), .disks = {}};
    RETURN_IF_ERROR(RefuseTakenSlots(prior_, plan_, todo.options));
    ASSIGN_OR_RETURN(todo.disks, CompareDisks(plan_, todo.options));
    RETURN_IF_ERROR(WriteVmOptions(&prior_, plan_, todo.options));
    return todo;
  }

  bool ChangesOptions(const Todo& todo) {
    proxmox::Parameters set = todo.options.ToSet();
    AddPassword(context_, set);
    return !set.empty() || !todo.options.ToRemove().empty();
  }

  // Remembers the volumes of disks that leave the VM for good.
  absl::Status DoomVolumes(const proxmox::VmConfig& config) {
    VmOptions options(config.values);
    for (const RemovedDisk& disk : removed_) {
      if (!disk.deleted) continue;
      ASSIGN_OR_RETURN(std::optional<std::string> const file, options.Get(disk.slot, "file"));
      if (file.has_value()) DoomVolume(*file, context_.private_state());
    }
    return absl::OkStatus();
  }

  absl::Status Apply(proxmox::VmConfig config) {
    // Where the configuration names no node, the VM stays wherever it got to.
    if (!config_.node.is_null() && plan_.node.has_value() && *plan_.node != vm_.node) {
      RETURN_IF_ERROR(MigrateAsPlanned(api_, vm_, running_, plan_, context_));
      // Local disks have other volumes there, so what was read before holds no longer.
      ASSIGN_OR_RETURN(config, api_.ReadConfig(vm_, limits_));
    }
    ASSIGN_OR_RETURN(Todo todo, Judge(config));
    if (config.Find("lock") != nullptr && ChangesOptions(todo)) {
      ASSIGN_OR_RETURN(config, ReadToChange(api_, vm_, context_));
      ASSIGN_OR_RETURN(todo, Judge(config));
    }
    ASSIGN_OR_RETURN(bool const unplugged, UnplugCloudInit(api_, vm_, plan_, todo.options, config, limits_));
    if (unplugged) {
      ASSIGN_OR_RETURN(config, ReadToChange(api_, vm_, context_));
      ASSIGN_OR_RETURN(todo, Judge(config));
    }
    // Of an option that waits for a start Proxmox neither moves the volume nor grows it, so these come first.
    if (!todo.disks.empty()) {
      RETURN_IF_ERROR(ChangeDisksOf(todo.disks));
      ASSIGN_OR_RETURN(config, ReadToChange(api_, vm_, context_));
      ASSIGN_OR_RETURN(todo, Judge(config));
    }
    RETURN_IF_ERROR(DoomVolumes(config));
    RETURN_IF_ERROR(ChangeOptions(todo.options, config.digest));
    // A VM that runs may get them only when it stops.
    bool const brings_disks = BringsDisks(prior_, plan_);
    if (brings_disks && !running_) RETURN_IF_ERROR(GrowNewDisks());
    RETURN_IF_ERROR(KeepBootOrder());
    RETURN_IF_ERROR(WriteStaleCloudInit());
    if (plan_.pool.value_or("") != prior_.pool.value_or("") && !plan_.pool.is_unknown()) {
      RETURN_IF_ERROR(OnRefusedAttribute(
          api_.SetPool(vm_.vmid, plan_.pool.value_or(""), prior_.pool.value_or(""), limits_), plan_));
    }
    RETURN_IF_ERROR(StartOrStop());
    bool const runs_on = running_ && known_.running.value_or(false);
    if (brings_disks && running_ && !runs_on) RETURN_IF_ERROR(GrowNewDisks());
    // After that, since a request to stop the VM has HA take it to "stopped", whatever it was to be.
    if (!config_.ha.is_null()) {
      RETURN_IF_ERROR(ChangeHighAvailability(api_, vm_.vmid, &prior_, plan_, limits_));
    }
    if (BecomesTemplate(prior_, plan_)) {
      ASSIGN_OR_RETURN(proxmox::TaskResult const task, api_.ConvertToTemplate(vm_, limits_));
      ShowWarnings(vm_, task.warnings, context_);
    }
    RETURN_IF_ERROR(RebootIfNeeded());
    if (brings_disks && runs_on) RETURN_IF_ERROR(GrowNewDisks());
    RETURN_IF_ERROR(AwaitNewCards());
    return DeleteDoomed(api_, vm_, plan_, context_);
  }

  absl::Status ChangeOptions(VmOptions& options, const std::string& digest) {
    proxmox::Parameters set = options.ToSet();
    std::vector<std::string> const remove = options.ToRemove();
    AddPassword(context_, set);
    if (set.empty() && remove.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(OnRefusedAttribute(api_.UpdateConfig(vm_, set, remove, digest, limits_), plan_));
    UnmarkPassword(context_);
    return absl::OkStatus();
  }

  // An order that waits for a start is told of only in a VM that runs.
  absl::Status KeepBootOrder() {
    bool const exchanged = !HasSameDevices(prior_, plan_);
    bool const may_change = IsUnset(plan_, "boot")
                                ? exchanged && !prior_.boot_order.is_null()
                                : (exchanged && !running_) || prior_.reboot_required.value_or(false) ||
                                      JoinsBootOrder(prior_, plan_);
    return may_change ? RestoreBootOrder(api_, vm_, plan_, context_) : absl::OkStatus();
  }

  // Of a VM that runs; one that is started gets its drive written anew by that.
  absl::Status WriteStaleCloudInit() {
    bool const has_drive = plan_.cloud_init.has_value() && plan_.cloud_init->drive.has_value();
    if (!has_drive || !running_) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto const stale, api_.ReadPendingCloudInit(vm_, limits_));
    if (stale.empty()) return absl::OkStatus();
    absl::Status const written = api_.RegenerateCloudInit(vm_, limits_);
    // It may be stale for a change of somebody who may do more.
    if (!absl::IsPermissionDenied(written)) return written;
    context_.diagnostics().AddStatus(written, schema::Diagnostic::Severity::kWarning);
    stale_drive_ = true;
    return absl::OkStatus();
  }

  absl::Status StartOrStop() {
    bool const asked = !config_.started.is_null() || plan_.started != prior_.started;
    if (!asked) {
      known_.running = running_;
      return absl::OkStatus();
    }
    absl::Status const done = ChangePower(api_, vm_, running_, plan_, context_, known_);
    // A request that failed may have got half way.
    if (!done.ok()) known_.running.reset();
    RETURN_IF_ERROR(done);
    return known_.silence;
  }

  absl::Status ChangeDisksOf(const DiskChanges& changes) {
    std::vector<std::string> warnings;
    absl::Status const changed = ChangeDisks(api_, vm_, changes, Others::kPossible, warnings, context_);
    ShowWarnings(vm_, warnings, context_);
    return changed;
  }

  // What a new disk holds tells only once it is there how large it is.
  absl::Status GrowNewDisks() {
    ASSIGN_OR_RETURN(proxmox::VmConfig const config, api_.ReadConfig(vm_, limits_));
    VmOptions options(config.values);
    ASSIGN_OR_RETURN(DiskChanges const changes, CompareDisks(plan_, options));
    return ChangeDisksOf(changes);
  }

  absl::Status RebootIfNeeded() {
    bool const still_runs = running_ && known_.running.value_or(false);
    if (!still_runs) {
      known_.reboot_required = false;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(auto const pending, api_.ReadPending(vm_, limits_));
    bool const waits = !pending.empty() || stale_drive_;
    known_.reboot_required = waits;
    if (!waits) return absl::OkStatus();
    if (plan_.reboot.value_or("never") == "when_needed") {
      known_.running.reset();
      ASSIGN_OR_RETURN(proxmox::TaskResult const task, RebootVm(api_, vm_, plan_.shutdown, limits_));
      ShowWarnings(vm_, task.warnings, context_);
      known_.running = true;
      known_.reboot_required = false;
      return absl::OkStatus();
    }
    std::vector<std::string> keys;
    keys.reserve(pending.size());
    for (const proxmox::PendingChange& change : pending) keys.push_back(change.key);
    if (stale_drive_) keys.emplace_back("its cloud-init drive");
    context_.diagnostics().AddWarning(
        "Changes wait for a reboot",
        Cat({"VM ", std::to_string(vm_.vmid), " takes up ", Join(keys, ", "),
             " at its next start. Reboot it when it suits, or set `reboot = \"when_needed\"`."}),
        wire::Path().Child("reboot"));
    return absl::OkStatus();
  }

  // A guest whose agent has told addresses before takes a moment to get those of cards that it does not know.
  absl::Status AwaitNewCards() {
    bool const waits = plan_.agent.has_value() && plan_.agent->wait_for_ip.has_value();
    bool const was_told =
        prior_.target.has_value() && prior_.target->host.has_value() && prior_.agent == plan_.agent;
    bool const runs_on = running_ && known_.running.value_or(false);
    bool const is_plugged = runs_on && !known_.reboot_required.value_or(false);
    if (!waits || !was_told || !is_plugged || !plan_.addresses.is_unknown()) return absl::OkStatus();
    ASSIGN_OR_RETURN(proxmox::VmConfig const config, api_.ReadConfig(vm_, limits_));
    ProxmoxVm held = plan_;
    VmOptions options(config.values);
    RETURN_IF_ERROR(ReadVmOptions(options, held));
    if (HasSameMacs(prior_, held)) return absl::OkStatus();
    ASSIGN_OR_RETURN(known_.interfaces, AwaitAddresses(api_, vm_, *plan_.agent->wait_for_ip, held, limits_));
    return absl::OkStatus();
  }

  absl::StatusOr<ProxmoxVm> Describe(const ProxmoxVm& vm) {
    ASSIGN_OR_RETURN(proxmox::VmConfig config, api_.ReadConfig(vm_, limits_));
    return DescribeVm(api_, {.vm = vm_, .config = std::move(config)}, vm, context_, known_);
  }

  // The plan has promised that what the configuration leaves out stays as it was. What somebody else has changed of
  // that meanwhile is no fault of this change: the next refresh shows it.
  absl::StatusOr<ProxmoxVm> DescribeAsPlanned() {
    ASSIGN_OR_RETURN(ProxmoxVm vm, Describe(plan_));
    std::vector<std::string> changed;
    if (config_.node.is_null() && plan_.node.has_value() && vm.node != plan_.node) {
      changed.push_back(Cat({"is on node ", *vm.node, ", no longer on ", *plan_.node}));
      vm.node = plan_.node;
    }
    if (config_.started.is_null() && plan_.started.has_value() && vm.started != plan_.started) {
      changed.emplace_back(*vm.started ? "was started" : "was stopped");
      vm.started = plan_.started;
    }
    if (!changed.empty()) {
      context_.diagnostics().AddWarning(
          "The VM was changed since the plan was made",
          Cat({"VM ", std::to_string(vm_.vmid), " ", Join(changed, ", and "),
               ". The configuration leaves that open, so it stays so. State shows it from the next refresh on."}));
    }
    return vm;
  }

  Api& api_;
  ProxmoxVm prior_;
  const ProxmoxVm& plan_;
  std::vector<RemovedDisk> removed_;
  VmContext& context_;
  ProxmoxVm const config_;
  CallLimits limits_;
  proxmox::VmId vm_;
  bool running_ = false;      // when the change began
  bool stale_drive_ = false;  // cloud-init's, which only a start writes anew
  VmKnowledge known_{.is_planned = true, .before = &prior_};
};

}  // namespace

absl::StatusOr<ProxmoxVm> UpdateVm(Api& api, const ProxmoxVm& prior, const ProxmoxVm& plan,
                                   VmContext& context) {
  return Change(api, prior, plan, context).Run();
}

}  // namespace fediversity::resources
