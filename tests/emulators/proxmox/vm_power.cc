#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/vm_lifecycle.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

constexpr std::int64_t kShutdownTimeout = 180;  // seconds
constexpr const char* kPowerdownFailed = "VM quit/powerdown failed - got timeout";

// How long a guest is given to go down by itself.
Instant ShutdownTime(const Call& call) {
  return std::chrono::seconds(ParseInteger(call.Get("timeout")).value_or(kShutdownTimeout));
}

// Asks the HA manager, for a VM that it looks after; nothing for others.
std::optional<Reply> ThroughHa(Cluster& cluster, const Call& call, const char* type, const char* state) {
  std::string const sid = "vm:" + call.Get("vmid");
  auto const resource = cluster.ha.find(sid);
  if (resource == cluster.ha.end() || resource->second.state == "ignored") return std::nullopt;
  auto effect = [&cluster, sid, state](Log& log) -> Failure {
    auto const found = cluster.ha.find(sid);
    if (found == cluster.ha.end()) return Cat({"no such resource '", sid, "'"});
    found->second.state = state;
    found->second.changed = cluster.Now();
    log.push_back(Cat({"Requesting HA ", state, " for VM ", sid.substr(3)}));
    return std::nullopt;
  };
  return Data(cluster.StartTask(call, type, call.Get("vmid"), 0, std::move(effect)));
}

Reply Start(Cluster& cluster, const Call& call) {
  if (auto refused = RefuseWithoutQuorum(cluster)) return *refused;
  if (auto reply = ThroughHa(cluster, call, "hastart", "started")) return *reply;
  auto effect = [&cluster, call](Log& log) {
    return StartVm(cluster, cluster.FindVm(call), call.Get("node"), call.Vmid(), log);
  };
  return Data(cluster.StartTask(call, "qmstart", call.Get("vmid"), call.Vmid(), std::move(effect)));
}

// A task that does something with a VM that is there and not locked.
Reply OnVm(Cluster& cluster, const Call& call, const char* type, std::function<Failure(Vm&, Log&)> act,
           std::optional<Instant> duration = {}) {
  auto effect = [&cluster, call, act = std::move(act)](Log& log) -> Failure {
    Vm* const vm = cluster.FindVm(call);
    if (vm == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
    if (vm->Has("lock")) return Cat({"VM is locked (", vm->Get("lock"), ")"});
    return act(*vm, log);
  };
  return Data(cluster.StartTask(call, type, call.Get("vmid"), call.Vmid(), std::move(effect), {}, duration));
}

Reply Stop(Cluster& cluster, const Call& call) {
  if (auto reply = ThroughHa(cluster, call, "hastop", "stopped")) return *reply;
  return OnVm(cluster, call, "qmstop", [&cluster](Vm& vm, Log&) -> Failure {
    StopVm(cluster, vm);
    return std::nullopt;
  });
}

// Lets the guest go down, in the log of a task; false if it does not.
bool GoDown(Cluster& cluster, Vm& vm, Log& log) {
  bool const agent = DriveOptions(vm.Get("agent"), "enabled").file == "1";
  if (vm.running && agent && !vm.guest.agent_runs) {
    log.push_back(Cat({"QEMU Guest Agent is not running - VM ", std::to_string(vm.vmid),
                       " qmp command 'guest-ping' failed - got timeout"}));
  }
  if (vm.running && !vm.guest.answers_shutdown) return false;
  StopVm(cluster, vm);
  return true;
}

std::optional<Instant> TimeToGoDown(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr || !vm->running || vm->guest.answers_shutdown) return std::nullopt;
  return ShutdownTime(call);
}

Reply Shutdown(Cluster& cluster, const Call& call) {
  if (auto reply = ThroughHa(cluster, call, "hastop", "stopped")) return *reply;
  auto act = [&cluster, force = call.Flag("forceStop")](Vm& vm, Log& log) -> Failure {
    if (GoDown(cluster, vm, log)) return std::nullopt;
    if (!force) return kPowerdownFailed;
    log.emplace_back("VM quit/powerdown failed - terminating now with SIGTERM");
    StopVm(cluster, vm);
    return std::nullopt;
  };
  return OnVm(cluster, call, "qmshutdown", std::move(act), TimeToGoDown(cluster, call));
}

Reply Reboot(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  if (!vm->running) return Died(Cat({"VM ", call.Get("vmid"), " not running"}));
  auto act = [&cluster](Vm& target, Log& log) -> Failure {
    if (!GoDown(cluster, target, log)) return kPowerdownFailed;
    return StartVm(cluster, &target, target.node, target.vmid, log);
  };
  return OnVm(cluster, call, "qmreboot", std::move(act), TimeToGoDown(cluster, call));
}

Failure NotRunning(const Vm& vm) { return Cat({"VM ", std::to_string(vm.vmid), " not running"}); }

Reply Reset(Cluster& cluster, const Call& call) {
  return OnVm(cluster, call, "qmreset", [&cluster](Vm& vm, Log&) -> Failure {
    if (!vm.running) return NotRunning(vm);
    vm.started = cluster.Now();
    return std::nullopt;
  });
}

Reply Suspend(Cluster& cluster, const Call& call) {
  return OnVm(cluster, call, "qmpause", [](Vm& vm, Log&) -> Failure {
    if (!vm.running) return NotRunning(vm);
    vm.paused = true;
    return std::nullopt;
  });
}

Reply Resume(Cluster& cluster, const Call& call) {
  return OnVm(cluster, call, "qmresume", [](Vm& vm, Log&) -> Failure {
    if (!vm.running) return NotRunning(vm);
    vm.paused = false;
    return std::nullopt;
  });
}

}  // namespace

std::vector<Route> VmPowerRoutes() {
  const std::string status = "/nodes/{node}/qemu/{vmid}/status/";
  const std::string power = "/vms/{vmid} VM.PowerMgmt";
  return {
      {"POST", status + "start",
       "force-cpu str machine { aw-bits^ num:32..64 enable-s3 bool enable-s4 bool type* str:40 viommu enum:intel|virtio } "
       "nets-host-mtu str with-conntrack-state^ bool migratedfrom fmt:pve-node migration_network fmt:CIDR "
       "migration_type enum:secure|insecure skiplock bool stateuri str:128 targetstorage str timeout int:0..",
       power, Start},
      {"POST", status + "stop",
       "keepActive bool migratedfrom fmt:pve-node overrule-shutdown bool skiplock bool timeout int:0..",
       power, Stop},
      {"POST", status + "shutdown", "forceStop bool keepActive bool skiplock bool timeout int:0..", power,
       Shutdown},
      {"POST", status + "reboot", "timeout int:0..", power, Reboot},
      {"POST", status + "reset", "skiplock bool", power, Reset},
      {"POST", status + "suspend", "skiplock bool statestorage fmt:pve-storage-id todisk bool", power,
       Suspend},
      {"POST", status + "resume", "nocheck bool skiplock bool", power, Resume},
  };
}

}  // namespace fediversity::emulators
