#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"

namespace fediversity::emulators {
namespace {

Snapshot* FindSnapshot(Vm& vm, const std::string& name) {
  auto const found = std::ranges::find(vm.snapshots, name, &Snapshot::name);
  return found == vm.snapshots.end() ? nullptr : &*found;
}

Reply List(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json rows = Json::array();
  for (const Snapshot& snapshot : vm->snapshots) {
    Json row = {{"name", snapshot.name},
                {"description", snapshot.description},
                {"snaptime", snapshot.time},
                {"vmstate", 0}};
    if (!snapshot.parent.empty()) row["parent"] = snapshot.parent;
    if (!snapshot.state.empty()) row["snapstate"] = snapshot.state;
    rows.push_back(std::move(row));
  }
  Json current = {{"name", "current"},
                  {"description", "You are here!"},
                  {"digest", DigestOf(*vm)},
                  {"running", vm->running ? 1 : 0}};
  if (!vm->current_parent.empty()) current["parent"] = vm->current_parent;
  rows.push_back(std::move(current));
  return Data(std::move(rows));
}

Failure Take(Cluster& cluster, const Call& call, Log& log) {
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
  if (vm->Has("lock")) return Cat({"VM is locked (", vm->Get("lock"), ")"});
  if (auto failure = ConfigIsReadOnly(cluster, *vm)) return failure;
  std::string const name = call.Get("snapname");
  if (FindSnapshot(*vm, name) != nullptr) return Cat({"snapshot name '", name, "' already used"});
  Log lines;
  for (const auto& [slot, value] : vm->config) {
    if (!IsDrive(slot) || DriveOptions(value).IsCdrom()) continue;
    const Volume* const volume = cluster.FindVolume(DriveOptions(value).file, vm->node);
    bool const able = volume != nullptr &&
                      (volume->format == "qcow2" || cluster.storages[volume->storage].type == "lvmthin");
    if (!able) return "snapshot feature is not available";
    lines.push_back(Cat({"snapshotting 'drive-", slot, "' (", volume->id, ")"}));
  }
  log.insert(log.end(), lines.begin(), lines.end());
  vm->snapshots.push_back({.name = name,
                           .description = call.Get("description"),
                           .parent = vm->current_parent,
                           .time = cluster.Wall(),
                           .config = vm->config});
  vm->current_parent = name;
  return std::nullopt;
}

// A task about one snapshot of a VM that is there and not locked.
Reply About(Cluster& cluster, const Call& call, const char* type,
            void (*act)(Cluster&, Vm&, const Snapshot&)) {
  auto effect = [&cluster, call, act](Log&) -> Failure {
    Vm* const vm = cluster.FindVm(call);
    if (vm == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
    const Snapshot* const snapshot = FindSnapshot(*vm, call.Get("snapname"));
    if (snapshot == nullptr) return Cat({"snapshot '", call.Get("snapname"), "' does not exist"});
    if (vm->Has("lock")) return Cat({"VM is locked (", vm->Get("lock"), ")"});
    if (auto failure = ConfigIsReadOnly(cluster, *vm)) return failure;
    act(cluster, *vm, Snapshot(*snapshot));
    return std::nullopt;
  };
  return Data(cluster.StartTask(call, type, call.Get("vmid"), call.Vmid(), std::move(effect)));
}

Reply Create(Cluster& cluster, const Call& call) {
  if (call.Get("snapname") == "current")
    return BadParameter("snapname", "unable to use snapshot name 'current'");
  auto effect = [&cluster, call](Log& log) { return Take(cluster, call, log); };
  return Data(cluster.StartTask(call, "qmsnapshot", call.Get("vmid"), call.Vmid(), std::move(effect)));
}

Reply Delete(Cluster& cluster, const Call& call) {
  return About(cluster, call, "qmdelsnapshot", [](Cluster&, Vm& vm, const Snapshot& gone) {
    for (Snapshot& other : vm.snapshots) {
      if (other.parent == gone.name) other.parent = gone.parent;
    }
    if (vm.current_parent == gone.name) vm.current_parent = gone.parent;
    std::erase_if(vm.snapshots, [&](const Snapshot& one) { return one.name == gone.name; });
  });
}

Reply Rollback(Cluster& cluster, const Call& call) {
  return About(cluster, call, "qmrollback", [](Cluster& its_cluster, Vm& vm, const Snapshot& to) {
    for (const auto& [slot, value] : to.config) {
      DriveOptions const drive(value);
      if (!IsDrive(slot) || drive.IsCdrom()) continue;
      Volume* const volume = its_cluster.FindVolume(drive.file, vm.node);
      auto const size = drive.options.find("size");
      if (volume != nullptr && size != drive.options.end()) volume->size = ParseSize(size->second);
    }
    vm.running = false;
    vm.config = to.config;
    vm.pending.clear();
    vm.removed.clear();
    vm.current_parent = to.name;
  });
}

}  // namespace

std::vector<Route> VmSnapshotRoutes() {
  const std::string path = "/nodes/{node}/qemu/{vmid}/snapshot";
  return {
      {"GET", path, "", "/vms/{vmid} VM.Audit", List},
      {"POST", path, "description str snapname! fmt:pve-configid vmstate bool", "/vms/{vmid} VM.Snapshot",
       Create},
      {"DELETE", path + "/{snapname}", "force bool", "/vms/{vmid} VM.Snapshot", Delete},
      {"POST", path + "/{snapname}/rollback", "start bool", "/vms/{vmid} VM.Snapshot|VM.Snapshot.Rollback",
       Rollback},
  };
}

}  // namespace fediversity::emulators
