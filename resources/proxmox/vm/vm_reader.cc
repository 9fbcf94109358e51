#include "resources/proxmox/vm/vm_reader.h"

#include <memory>
#include <string>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/doomed_volumes.h"
#include "resources/proxmox/vm/kept_disks.h"
#include "resources/proxmox/vm/vm_addresses.h"
#include "resources/proxmox/vm/vm_begun.h"
#include "resources/proxmox/vm/vm_identity.h"
#include "resources/proxmox/vm/vm_parts.h"
#include "resources/proxmox/vm/vm_password.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;

// In private state: the digest of the configuration when nothing of it waited for a start. It covers what waits.
constexpr std::string_view kSettled = "settled";

// What is asked about a VM only where it is not known, the listing first.
class Facts {
 public:
  Facts(Api& api, const proxmox::VmId& vm, const VmKnowledge& known, const CallLimits& limits)
      : api_(api),
        vm_(vm),
        known_(known),
        limits_(limits) {}

  // The listing lags some seconds behind. Where it says what state says, that is so; else the VM itself is asked.
  absl::StatusOr<bool> IsRunning(const ProxmoxVm& state) {
    if (known_.running.has_value()) return *known_.running;
    ASSIGN_OR_RETURN(const proxmox::VmSummary* const summary, Summary());
    bool const told = summary != nullptr && (summary->status == "running" || summary->status == "stopped");
    if (told && state.started == schema::Value<bool>(summary->status == "running")) return *state.started;
    ASSIGN_OR_RETURN(proxmox::VmStatus const status, api_.ReadStatus(vm_, limits_));
    return status.running();
  }

  absl::StatusOr<std::string> Pool() {
    if (known_.pool.has_value()) return *known_.pool;
    ASSIGN_OR_RETURN(const proxmox::VmSummary* const summary, Summary());
    return summary == nullptr ? std::string() : summary->pool;
  }

  absl::StatusOr<schema::Value<VmHighAvailability>> HighAvailability(const ProxmoxVm& state) {
    bool const wanted = state.ha.has_value() && *state.ha->state != "none";
    bool managed = wanted || known_.ha_managed.value_or(false);
    if (!managed && !known_.ha_managed.has_value()) {
      ASSIGN_OR_RETURN(const proxmox::VmSummary* const summary, Summary());
      managed = summary != nullptr && !summary->ha_state.empty();
    }
    std::optional<proxmox::HaResource> found;
    if (managed) {
      auto answer = api_.ReadHa(vm_.vmid, limits_);
      // The right to it is one on the whole cluster. Whoever configures nothing of HA need not have it.
      if (absl::IsPermissionDenied(answer.status()) && !wanted) {
        return state.ha.is_unknown() ? schema::Value<VmHighAvailability>() : state.ha;
      }
      ASSIGN_OR_RETURN(found, std::move(answer));
    }
    // "none" in configuration is the same as no HA.
    if (!found.has_value())
      return wanted || state.ha.is_unknown() ? schema::Value<VmHighAvailability>() : state.ha;
    VmHighAvailability ha;
    ha.state = found->state == "enabled" ? "started" : found->state;  // an older word for it
    if (!found->group.empty()) ha.group = found->group;
    constexpr std::int64_t kAttempts = 1;  // what the service leaves out, and means then
    ha.max_restart = found->max_restart.value_or(kAttempts);
    ha.max_relocate = found->max_relocate.value_or(kAttempts);
    return ha;
  }

  // Changes wait for a start only in a VM that runs. Whether they do is asked unless state says that none do, and
  // nobody has changed the configuration since.
  absl::StatusOr<bool> IsRebootRequired(const ProxmoxVm& state, const ProxmoxVm& found, bool unchanged) {
    if (known_.reboot_required.has_value()) return *known_.reboot_required;
    if (!*found.started || (unchanged && state.reboot_required == schema::Value<bool>(false))) return false;
    ASSIGN_OR_RETURN(auto const pending, api_.ReadPending(vm_, limits_));
    if (!pending.empty()) return true;
    bool const has_drive = found.cloud_init.has_value() && found.cloud_init->drive.has_value();
    if (!has_drive) return false;
    ASSIGN_OR_RETURN(auto const stale, api_.ReadPendingCloudInit(vm_, limits_));
    return !stale.empty();
  }

 private:
  absl::StatusOr<const proxmox::VmSummary*> Summary() {
    if (listing_ == nullptr) {
      ASSIGN_OR_RETURN(listing_, api_.ListResources(limits_));
    }
    return listing_->Find(vm_.vmid);
  }

  Api& api_;
  const proxmox::VmId& vm_;
  const VmKnowledge& known_;
  CallLimits limits_;
  std::shared_ptr<const proxmox::Resources> listing_;
};

// What configuration says of disks beside what Proxmox holds of them.
void KeepWishes(const ProxmoxVm& state, ProxmoxVm& vm) {
  if (!state.disks.has_value() || !vm.disks.has_value()) return;
  for (auto& [slot, disk] : *vm.disks) {
    auto const before = state.disks->find(slot);
    if (!disk.has_value() || before == state.disks->end() || !before->second.has_value()) continue;
    disk->import_from = before->second->import_from;
    disk->on_remove = before->second->on_remove;
    disk->keep_on_destroy = before->second->keep_on_destroy;
  }
}

bool IsAgentAsked(const ProxmoxVm& state) {
  if (!state.agent.has_value()) return false;
  return state.agent->network_interfaces.value_or(false) || state.agent->wait_for_ip.has_value();
}

// Fills in how the VM is reached.
void DescribeAddresses(Api& api, const proxmox::VmId& id, const ProxmoxVm& state, const VmKnowledge& known,
                       const CallLimits& limits, ProxmoxVm& vm) {
  // A change that does not concern them was planned to leave them as they were.
  bool const planned = known.is_planned && state.addresses.has_value() && state.target.has_value();
  if (planned) return;
  const ProxmoxVm& last = known.before == nullptr ? state : *known.before;
  schema::Value<std::string> host_key =
      last.target.has_value() ? last.target->host_key : schema::Value<std::string>();
  std::optional<std::vector<proxmox::GuestInterface>> interfaces = known.interfaces;
  bool const asks = !interfaces.has_value() && *vm.started && IsAgentAsked(state);
  if (asks) {
    auto answer = api.ReadGuestInterfaces(id, limits);
    // It may be booting, or its agent be busy: that it says nothing does not mean that it has no address any more.
    bool const was_told = last.addresses.has_value() && last.target.has_value() && IsAgentAsked(last);
    if (!answer.ok() && was_told && HasSameMacs(last, vm)) {
      vm.addresses = last.addresses;
      vm.target = TargetOf(vm, {}, std::move(host_key));
      vm.target->host = last.target->host;
      return;
    }
    if (answer.ok()) interfaces = *std::move(answer);
  }
  if (interfaces.has_value()) {
    // A guest that was installed anew has another one.
    if (auto held = ReadHostKey(api, id, limits); held.has_value()) host_key = std::move(held);
  }
  vm.addresses = AddressesOf(vm, interfaces);
  vm.target = TargetOf(vm, interfaces, std::move(host_key));
}

}  // namespace

absl::StatusOr<proxmox::LocatedVm> FindVm(Api& api, const ProxmoxVm& state, VmContext& context) {
  ASSIGN_OR_RETURN(proxmox::LocatedVm vm,
                   api.FetchVm(*state.vmid, state.node.value_or(""), context.limits()));
  absl::Status const same = CheckSameVm(vm, context.private_state());
  if (absl::IsUnavailable(same)) RETURN_IF_ERROR(RefuseHalfMade(api, vm, context.limits()));
  RETURN_IF_ERROR(same);
  return vm;
}

absl::StatusOr<proxmox::VmConfig> ReadToChange(Api& api, const proxmox::VmId& vm, VmContext& context) {
  proxmox::LocatedVm found{.vm = vm, .config = {}};
  ASSIGN_OR_RETURN(found.config, api.ReadUnlockedConfig(vm, context.limits()));
  RETURN_IF_ERROR(CheckSameVm(found, context.private_state()));
  return std::move(found.config);
}

absl::StatusOr<ProxmoxVm> DescribeVm(Api& api, const proxmox::LocatedVm& located, const ProxmoxVm& state,
                                     VmContext& context, const VmKnowledge& known) {
  CallLimits const limits = context.limits();
  RETURN_IF_ERROR(RememberVm(located, context.private_state()));
  ProxmoxVm vm = state;
  ForgetUnconfigured(context.private_state(), vm);
  VmOptions options(located.config.values);
  RETURN_IF_ERROR(ReadVmOptions(options, vm));
  KeepWishes(state, vm);
  ForgetUnsentPassword(context.private_state(), vm);
  vm.vmid = located.vm.vmid;
  vm.node = located.vm.node;
  vm.is_template = options.Value("template") == "1";

  Facts facts(api, located.vm, known, limits);
  ASSIGN_OR_RETURN(std::string const pool, facts.Pool());
  vm.pool = pool.empty() ? schema::Value<std::string>() : schema::Value<std::string>(pool);
  bool running = false;
  if (!*vm.is_template) {
    ASSIGN_OR_RETURN(running, facts.IsRunning(state));
  }
  vm.started = running;
  RETURN_IF_ERROR(RememberKeptDisks(api, vm, located, context));
  // What an apply has planned is not what somebody has taken away.
  ProxmoxVm const none;
  RETURN_IF_ERROR(FollowDoomed(api, located.vm, known.is_planned ? none : state, options, running, context));
  ASSIGN_OR_RETURN(vm.ha, facts.HighAvailability(state));
  std::string& settled = context.private_state()[std::string(kSettled)];
  // Who says that nothing waits without having settled anything does not want to know, like the import command.
  bool const unchanged = settled.empty() || settled == located.config.digest;
  ASSIGN_OR_RETURN(bool const waits, facts.IsRebootRequired(state, vm, unchanged));
  vm.reboot_required = waits;
  if (!waits) settled = located.config.digest;

  DescribeAddresses(api, located.vm, state, known, limits, vm);
  return vm;
}

}  // namespace fediversity::resources
