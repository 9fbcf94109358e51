#include <map>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"

namespace fediversity::emulators {
namespace {

// Where volumes of a storage go: "local:shared,local-lvm:other", or one name for all.
std::string TargetStorage(const std::string& mapping, const std::string& storage) {
  for (const std::string& pair : SplitList(mapping)) {
    auto const colon = pair.find(':');
    if (colon == std::string::npos) return pair == "1" ? storage : pair;
    if (pair.substr(0, colon) == storage) return pair.substr(colon + 1);
  }
  return storage;
}

std::vector<Volume> LocalVolumes(Cluster& cluster, const Vm& vm) {
  std::vector<Volume> local;
  for (const std::string& id : VolumesOf(vm.config)) {
    const Volume* const volume = cluster.FindVolume(id, vm.node);
    if (volume != nullptr && !volume->node.empty()) local.push_back(*volume);
  }
  return local;
}

// Takes a volume along to another node, under a free name.
Failure MoveVolume(Cluster& cluster, const Volume& volume, const std::string& storage,
                   const std::string& target, Vm& vm, Log& log) {
  std::string const old = volume.id;
  Volume const copy = volume;
  std::string moved;
  bool const taken = cluster.FindVolume(old, target) != nullptr;
  if (storage == copy.storage && !taken) {
    Volume there = copy;
    there.node = target;
    moved = old;
    cluster.RemoveVolume(old, copy.node);
    cluster.AddVolume(std::move(there));
  } else {
    std::string const format = cluster.storages[storage].HasFiles() ? copy.format : "raw";
    if (auto failure = Allocate(cluster, storage, target, vm.vmid, copy.size, format, moved, log))
      return failure;
    cluster.RemoveVolume(old, copy.node);
  }
  log.push_back(Cat({"found local disk '", old, "'"}));
  std::string const with_options = old + ",";
  for (auto& [name, value] : vm.config) {
    if (value == old) {
      value = moved;
    } else if (value.starts_with(with_options)) {
      value.replace(0, old.size(), moved);
    }
  }
  return std::nullopt;
}

Failure Migrate(Cluster& cluster, const Call& call, Log& log) {
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
  if (vm->Has("lock")) return Cat({"VM is locked (", vm->Get("lock"), ")"});
  std::string const target = call.Get("target");
  const Node* const node = cluster.FindNode(target);
  if (node == nullptr || !node->online) {
    return Cat({"Can't connect to destination address using public key"});
  }
  auto const local = LocalVolumes(cluster, *vm);
  if (vm->running && !local.empty() && !call.Flag("with-local-disks")) {
    return "Problem found while scanning volumes - can't live migrate attached local disks without with-local-disks "
           "option";
  }
  for (const Volume& volume : local) {
    std::string const storage = TargetStorage(call.Get("targetstorage"), volume.storage);
    if (!cluster.storages.contains(storage)) return Cat({"storage '", storage, "' does not exist"});
    if (HasClones(cluster, volume.id)) {
      return Cat({"can't migrate '", volume.id, "' - base volume is in use by linked clones"});
    }
    if (auto failure = MoveVolume(cluster, volume, storage, target, *vm, log)) return failure;
  }
  log.push_back(
      Cat({"starting migration of VM ", call.Get("vmid"), " to node '", target, "' (", node->ip, ")"}));
  vm->node = target;
  log.emplace_back("migration finished successfully (duration 00:00:01)");
  return std::nullopt;
}

// The manager moves the VM when it gets to it; without a delay at once, and with disks that are only here, too.
Failure AskManager(Cluster& cluster, const Call& call, Log& log) {
  auto const resource = cluster.ha.find("vm:" + call.Get("vmid"));
  if (resource == cluster.ha.end()) return Cat({"no such resource 'vm:", call.Get("vmid"), "'"});
  if (cluster.settings.ha_delay.count() == 0) return Migrate(cluster, call, log);
  log.push_back(Cat({"Requesting HA migration for VM ", call.Get("vmid"), " to node ", call.Get("target")}));
  resource->second.move_to = call.Get("target");
  resource->second.changed = cluster.Now();
  return std::nullopt;
}

// Who names other storages needs rights on them, and the right to change disks.
std::optional<Reply> RefuseTargetStorage(const Cluster& cluster, const Call& call) {
  std::string const mapping = call.Get("targetstorage");
  if (mapping.empty() || mapping == "1") return std::nullopt;
  std::string const vm_path = "/vms/" + call.Get("vmid");
  if (!Allowed(cluster, call.who, vm_path, "VM.Config.Disk")) return Denied(vm_path, "VM.Config.Disk");
  for (const std::string& pair : SplitList(mapping)) {
    std::string const storage = pair.substr(pair.find(':') + 1);
    if (!cluster.storages.contains(storage)) return Died(Cat({"storage '", storage, "' does not exist"}));
    std::string const path = "/storage/" + storage;
    if (!Allowed(cluster, call.who, path, "Datastore.AllocateSpace")) {
      return Denied(path, "Datastore.AllocateSpace");
    }
  }
  return std::nullopt;
}

Reply PostMigrate(Cluster& cluster, const Call& call) {
  std::string const target = call.Get("target");
  if (target == call.Get("node")) return BadParameter("target", "target is local node.");
  if (auto refused = RefuseWithoutQuorum(cluster)) return *refused;
  if (cluster.FindNode(target) == nullptr) return Died(Cat({"no such cluster node '", target, "'"}));
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  if (vm->Has("lock")) return Died(Cat({"VM is locked (", vm->Get("lock"), ")"}));
  if (vm->running && !call.Flag("online")) return Died("can't migrate running VM without --online");
  if (auto refused = RefuseTargetStorage(cluster, call)) return *refused;
  auto const resource = cluster.ha.find("vm:" + call.Get("vmid"));
  if (resource != cluster.ha.end() && resource->second.state != "ignored") {
    return Data(cluster.StartTask(call, "hamigrate", call.Get("vmid"), call.Vmid(),
                                  [&cluster, call](Log& log) { return AskManager(cluster, call, log); }));
  }
  // What still runs on the VM does not see the lock.
  if (cluster.tasks.Holder(call.Vmid()) == nullptr) vm->config["lock"] = "migrate";
  auto unlock = [&cluster, vmid = call.Vmid()] {
    Vm* const moved = cluster.FindVm(vmid);
    if (moved != nullptr && moved->Get("lock") == "migrate") moved->config.erase("lock");
  };
  auto effect = [&cluster, call, unlock](Log& log) {
    unlock();
    return Migrate(cluster, call, log);
  };
  return Data(cluster.StartTask(call, "qmigrate", call.Get("vmid"), call.Vmid(), std::move(effect), unlock));
}

Reply GetMigrate(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json disks = Json::array();
  for (const Volume& volume : LocalVolumes(cluster, *vm)) {
    disks.push_back({{"volid", volume.id}, {"size", volume.size}, {"cdrom", 0}, {"is_unused", 0}});
  }
  Json nodes = Json::array();
  for (const Node& node : cluster.nodes) {
    if (node.online && node.name != vm->node) nodes.push_back(node.name);
  }
  return Data({{"running", vm->running ? 1 : 0},
               {"local_disks", std::move(disks)},
               {"local_resources", Json::array()},
               {"mapped-resources", Json::array()},
               {"allowed_nodes", std::move(nodes)},
               {"not_allowed_nodes", Json::object()}});
}

}  // namespace

std::vector<Route> VmMigrateRoutes() {
  const std::string path = "/nodes/{node}/qemu/{vmid}/migrate";
  return {
      {"GET", path, "target fmt:pve-node", "/vms/{vmid} VM.Migrate", GetMigrate},
      {"POST", path,
       "bwlimit int:0.. force bool migration_network fmt:CIDR migration_type enum:secure|insecure online bool "
       "target! fmt:pve-node targetstorage str with-conntrack-state^ bool with-local-disks bool",
       "/vms/{vmid} VM.Migrate", PostMigrate},
  };
}

}  // namespace fediversity::emulators
