#include "resources/proxmox/vm/vm_power_plan.h"

#include <optional>
#include <string>

#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

using schema::Value;
using wire::Path;

Value<std::string> HaStateOf(const ProxmoxVm& vm) {
  if (vm.ha.is_unknown()) return Value<std::string>::Unknown();
  return vm.ha.has_value() ? vm.ha->state : Value<std::string>();
}

// Whether HA keeps a VM running in this state; nullopt where it leaves the VM alone.
std::optional<bool> RunsUnderHa(const Value<std::string>& state) {
  if (!state.has_value()) return std::nullopt;
  if (*state == "started") return true;
  if (*state == "stopped" || *state == "disabled") return false;
  return std::nullopt;
}

void FollowHa(const ProxmoxVm* prior, ProxmoxVm& planned) {
  Value<std::string> const state = HaStateOf(planned);
  if (state.is_unknown()) {
    planned.started = Value<bool>::Unknown();
    return;
  }
  // Whatever HA has not brought about yet in its present state is no change.
  bool const changes = prior == nullptr || HaStateOf(*prior) != state;
  auto const runs = RunsUnderHa(state);
  if (changes && runs.has_value()) planned.started = *runs;
}

// HA carries out the request to start or stop a VM by taking it to the state that keeps it so.
void FollowPower(const ProxmoxVm& prior, ProxmoxVm& planned) {
  bool const managed = RunsUnderHa(HaStateOf(prior)).has_value() && planned.ha.has_value();
  if (!managed || planned.started == prior.started) return;
  planned.ha->state = planned.started.has_value()
                          ? Value<std::string>(*planned.started ? "started" : "stopped")
                          : Value<std::string>::Unknown();
}

}  // namespace

void CheckPower(const ProxmoxVm& config, schema::Diagnostics& diagnostics) {
  auto const runs = RunsUnderHa(HaStateOf(config));
  if (!runs.has_value() || !config.started.has_value() || *runs == *config.started) return;
  diagnostics.AddError(
      "`ha.state` contradicts `started`",
      Cat({"HA keeps a VM whose `state` is \"", *config.ha->state, "\" ", *runs ? "running" : "stopped",
           ", and `started = ", *config.started ? "true" : "false",
           "` asks for the opposite. Leave one of them out: it follows the other."}),
      Path().Child("ha").Child("state"));
}

void PlanPower(const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned,
               schema::Diagnostics& diagnostics) {
  if (!config.ha.is_null()) {
    if (config.started.is_null()) FollowHa(prior, planned);
  } else if (prior != nullptr) {
    FollowPower(*prior, planned);
  }
  if (!planned.is_template.value_or(false) || !planned.started.value_or(false)) return;
  bool const asked = config.started.has_value();
  diagnostics.AddError(
      "A template cannot run",
      asked
          ? "Templates are only cloned. Set `started = false`, or leave `template` out for a VM that runs."
          : "The VM runs. Set `started = false` as well, so that it is shut down before it becomes a template.",
      Path().Child(asked ? "started" : "template"));
}

void RefuseHaGroup(proxmox::Api& api, const ProxmoxVm* prior, const ProxmoxVm& planned, VmContext& context) {
  if (!planned.ha.has_value() || HaStateOf(planned) == Value<std::string>("none")) return;
  if (planned.ha->group.value_or("").empty() || (prior != nullptr && prior->ha == planned.ha)) return;
  // Where that cannot be told, Proxmox has the last word.
  if (api.HasHaGroups(context.limits()).value_or(true)) return;
  context.diagnostics().AddError(
      "This cluster has no HA groups",
      "Since Proxmox VE 9, rules say which nodes HA may use, and a group of before has become a rule of its name. Leave "
      "`group` out, and name the VM in a node affinity rule.",
      Path().Child("ha").Child("group"));
}

}  // namespace fediversity::resources
