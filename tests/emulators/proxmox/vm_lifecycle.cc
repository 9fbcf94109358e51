#include "tests/emulators/proxmox/vm_lifecycle.h"

#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

bool HasCloudInitDrive(const Vm& vm) {
  for (const auto& [name, value] : vm.config) {
    if (IsDrive(name) && DriveOptions(value).IsCloudInit()) return true;
  }
  return false;
}

}  // namespace

Failure StartVm(Cluster& cluster, Vm* vm, const std::string& node, int vmid, Log& log) {
  if (vm == nullptr) return Cluster::NoSuchVm(node, vmid);
  if (vm->IsTemplate()) return "you can't start a vm if it's a template";
  bool const hibernates = vm->Get("lock") == "suspended";
  if (vm->Has("lock") && !hibernates) return Cat({"VM is locked (", vm->Get("lock"), ")"});
  if (vm->running) return Cat({"VM ", std::to_string(vmid), " already running"});
  vm->config.erase("lock");
  ApplyPending(cluster, *vm);
  if (HasCloudInitDrive(*vm)) log.emplace_back("generating cloud-init ISO");
  vm->cloudinit.clear();
  vm->cloudinit_added.clear();
  for (const auto& [name, value] : vm->config) {
    if (IsDrive(name)) {
      DriveOptions const drive(value);
      bool const named = drive.file.find(':') != std::string::npos;
      if (named && cluster.FindVolume(drive.file, node) == nullptr)
        return Cat({"volume '", drive.file, "' does not exist"});
    }
    if (!IsNetwork(name)) continue;
    DriveOptions const network(value, "model");
    auto const bridge = network.options.find("bridge");
    if (bridge != network.options.end() && !cluster.settings.bridges.contains(bridge->second)) {
      return Cat({"bridge '", bridge->second, "' does not exist"});
    }
  }
  if (!vm->guest.boots) return "start failed: QEMU exited with code 1";
  vm->running = true;
  vm->paused = false;
  vm->pid = 20'000 + vmid;
  vm->started = cluster.Now();
  vm->guest.agent_silent_calls = cluster.settings.agent_silent_after_start;
  return std::nullopt;
}

void StopVm(Cluster& cluster, Vm& vm) {
  if (!vm.running) return;
  vm.running = false;
  vm.paused = false;
  ApplyPending(cluster, vm);
}

Failure DestroyVm(Cluster& cluster, int vmid, bool purge, bool unreferenced, Log& log) {
  Vm* const vm = cluster.FindVm(vmid);
  if (vm == nullptr) return Cluster::NoSuchVm(cluster.nodes.front().name, vmid);
  if (vm->Has("lock") && vm->Get("lock") != "suspended") return Cat({"VM is locked (", vm->Get("lock"), ")"});
  auto const volumes = VolumesOf(vm->config);
  for (const std::string& volume : volumes) {
    if (HasClones(cluster, volume))
      return Cat({"base volume '", volume, "' is still in use by linked cloned"});
  }
  for (const std::string& volume : volumes) {
    const Volume* const found = cluster.FindVolume(volume, vm->node);
    if (found == nullptr || found->vmid != vmid) continue;
    if (found->stuck) {
      log.push_back(Cat({"Could not remove disk '", volume, "', check manually: got lock request timeout"}));
    } else {
      cluster.RemoveVolume(volume, vm->node);
    }
  }
  for (const auto& [name, value] : vm->pending) {
    if (IsDrive(name)) cluster.RemoveVolume(DriveOptions(value).file, vm->node);
  }
  if (auto failure = ConfigIsReadOnly(cluster, *vm)) return failure;
  if (unreferenced) {
    std::vector<std::pair<std::string, std::string>> stray;
    for (const auto& [key, volume] : cluster.volumes()) {
      bool const within_reach = volume.node.empty() || volume.node == vm->node;
      if (volume.vmid == vmid && within_reach && !HasClones(cluster, volume.id)) stray.push_back(key);
    }
    for (const auto& [node, id] : stray) cluster.RemoveVolume(id, node);
  }
  if (purge) {
    log.push_back(Cat({"purging VM ", std::to_string(vmid), " from related configurations.."}));
    cluster.ha.erase("vm:" + std::to_string(vmid));
  }
  for (auto& [name, pool] : cluster.pools) pool.vms.erase(vmid);
  std::erase_if(cluster.access.acl,
                [&](const AclEntry& entry) { return entry.path == "/vms/" + std::to_string(vmid); });
  cluster.seen.erase(vmid);
  cluster.firewalls.erase(vmid);
  cluster.vms.erase(vmid);
  return std::nullopt;
}

std::optional<Reply> CheckPool(const Cluster& cluster, const Call& call) {
  if (!call.Has("pool") || cluster.pools.contains(call.Get("pool"))) return std::nullopt;
  return Error(403, Cat({"Permission check failed (pool '", call.Get("pool"), "' does not exist)\n"}));
}

bool MayAllocate(const Cluster& cluster, const Call& call, int vmid) {
  return Allowed(cluster, call.who, "/vms/" + std::to_string(vmid), "VM.Allocate") ||
         (call.Has("pool") && Allowed(cluster, call.who, "/pool/" + call.Get("pool"), "VM.Allocate"));
}

void JoinPool(Cluster& cluster, const std::string& pool, int vmid) {
  auto const found = cluster.pools.find(pool);
  if (found != cluster.pools.end()) found->second.vms.insert(vmid);
}

}  // namespace fediversity::emulators
