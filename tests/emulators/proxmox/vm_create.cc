#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/status.h"
#include "tests/emulators/proxmox/vm_lifecycle.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

// Makes the drives of a new VM in the order of their names; on failure those that were made go again.
Failure MakeDrives(Cluster& cluster, const Call& call, const Params& options, Params& config, Log& log) {
  auto const unmake = [&] {
    for (const std::string& volume : VolumesOf(config)) {
      const Volume* const found = cluster.FindVolume(volume, call.Get("node"));
      if (found != nullptr && found->vmid == call.Vmid()) cluster.RemoveVolume(volume, call.Get("node"));
    }
  };
  for (const auto& [option, value] : options) {
    if (!IsDrive(option)) continue;
    std::string printed;
    if (auto failure =
            MakeDrive(cluster, call.who, call.Vmid(), call.Get("node"), option, value, printed, log)) {
      unmake();
      return failure;
    }
    config[option] = printed;
  }
  return std::nullopt;
}

Failure Create(Cluster& cluster, const Call& call, const Params& options, Log& log) {
  Params config;
  for (const auto& [option, value] : options) {
    if (!IsDrive(option)) config[option] = Canonical(cluster, option, value, true);
  }
  if (auto failure = MakeDrives(cluster, call, options, config, log)) {
    cluster.vms.erase(call.Vmid());
    return Cat({"unable to create VM ", call.Get("vmid"), " - ", *failure});
  }
  if (!config.contains("smbios1")) config["smbios1"] = "uuid=" + cluster.NewUuid();
  if (!config.contains("vmgenid")) config["vmgenid"] = cluster.NewUuid();
  if (config["vmgenid"] == "0") config.erase("vmgenid");
  config["meta"] =
      Cat({"creation-qemu=", cluster.settings.qemu_version, ",ctime=", std::to_string(cluster.Wall())});
  if (!config.contains("boot")) config["boot"] = DefaultBootOrder(config);
  auto const ostype = config.find("ostype");
  if (ostype != config.end() && IsWindows(ostype->second)) {
    std::string const pinned = PinnedMachine(cluster, config["machine"]);
    if (pinned != config["machine"])
      log.push_back(Cat({"pinning machine type to '", pinned, "' for Windows guest OS"}));
    config["machine"] = pinned;
  }
  Vm& vm = cluster.vms[call.Vmid()];
  vm.config = std::move(config);
  JoinPool(cluster, call.Get("pool"), call.Vmid());
  if (call.Flag("ha-managed")) cluster.ha["vm:" + call.Get("vmid")] = {};
  if (call.Flag("start")) {
    log.emplace_back("Execute autostart");
    // Why it does not start, the server writes to the system's log only: the task ends well all the same.
    Log ignored;
    StartVm(cluster, &vm, vm.node, vm.vmid, ignored);
  }
  return std::nullopt;
}

Reply CreateVm(Cluster& cluster, const Call& call) {
  if (auto refused = RefuseWithoutQuorum(cluster)) return *refused;
  if (auto refused = CheckPool(cluster, call)) return *refused;
  if (!MayAllocate(cluster, call, call.Vmid())) return Error(403, "Permission check failed\n");
  if (call.Has("archive")) {
    if (cluster.FindVolume(call.Get("archive"), call.Get("node")) == nullptr) {
      return Died(Cat({"volume '", call.Get("archive"), "' does not exist"}));
    }
    return Error(501, "restoring an archive is not emulated\n");
  }
  Params const options = OptionsOf(cluster, call);
  if (auto refused = RefuseOptions(cluster, call, options, true)) return *refused;
  if (const Vm* const other = cluster.FindVm(call.Vmid())) {
    std::string const vmid = call.Get("vmid");
    return Died(
        Cat({"unable to create VM ", vmid, " - VM ", vmid, " already exists on node '", other->node, "'"}));
  }
  if (auto const other = cluster.containers.find(call.Vmid()); other != cluster.containers.end()) {
    std::string const vmid = call.Get("vmid");
    return Died(Cat({"unable to create VM ", vmid, " - CT ", vmid, " already exists on node '",
                     other->second.node, "'"}));
  }
  cluster.vms[call.Vmid()] = {.vmid = call.Vmid(), .node = call.Get("node"), .config = {{"lock", "create"}}};
  auto effect = [&cluster, call, options](Log& log) { return Create(cluster, call, options, log); };
  auto undo = [&cluster, vmid = call.Vmid()] { cluster.vms.erase(vmid); };
  return Data(
      cluster.StartTask(call, "qmcreate", call.Get("vmid"), call.Vmid(), std::move(effect), std::move(undo)));
}

Reply DeleteVm(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  std::string const vmid = call.Get("vmid");
  if (vm->Get("protection") == "1")
    return Died(Cat({"can't remove VM ", vmid, " - protection mode enabled"}));
  if (cluster.ha.contains("vm:" + vmid) && !call.Flag("purge")) {
    return Died(Cat({"unable to remove VM ", vmid, " - used in HA resources and purge parameter not set."}));
  }
  if (vm->running) return Died(Cat({"VM ", vmid, " is running - destroy failed"}));
  auto effect = [&cluster, call](Log& log) -> Failure {
    const Vm* const target = cluster.FindVm(call.Vmid());
    if (target != nullptr && target->running)
      return Cat({"VM ", call.Get("vmid"), " is running - destroy failed"});
    return DestroyVm(cluster, call.Vmid(), call.Flag("purge"), call.Flag("destroy-unreferenced-disks"), log);
  };
  return Data(cluster.StartTask(call, "qmdestroy", vmid, call.Vmid(), std::move(effect)));
}

Reply ListVms(Cluster& cluster, const Call& call) {
  Json rows = Json::array();
  for (const auto& [vmid, vm] : cluster.vms) {
    if (vm.node != call.Get("node")) continue;
    if (!Allowed(cluster, call.who, "/vms/" + std::to_string(vmid), "VM.Audit")) continue;
    Json row = LiveStatus(cluster, vm, call.Flag("full"));
    row.erase("nics");
    rows.push_back(std::move(row));
  }
  return Data(std::move(rows));
}

Reply GetCurrent(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json data = LiveStatus(cluster, *vm, true);
  auto const managed = cluster.ha.find("vm:" + call.Get("vmid"));
  data["ha"] = {{"managed", managed == cluster.ha.end() ? 0 : 1}};
  if (managed != cluster.ha.end()) {
    bool const acts = cluster.settings.has_ha_manager;
    data["ha"]["state"] = acts ? Json(managed->second.state) : Json(nullptr);
    if (!cluster.IsNine())
      data["ha"]["group"] = managed->second.group.empty() ? Json(nullptr) : Json(managed->second.group);
  }
  if (DriveOptions(vm->Get("agent"), "enabled").file == "1") data["agent"] = 1;
  if (vm->Has("vga")) {
    DriveOptions const vga(vm->Get("vga"), "type");
    auto const clipboard = vga.options.find("clipboard");
    data["clipboard"] = clipboard == vga.options.end() ? Json(nullptr) : Json(clipboard->second);
    if (vga.file.starts_with("qxl")) data["spice"] = 1;
  }
  return Data(std::move(data));
}

Reply GetIndex(Cluster&, const Call&) {
  Json rows = Json::array();
  for (const char* const name :
       {"config", "pending", "cloudinit", "unlink", "status", "agent", "clone", "move_disk", "migrate",
        "snapshot", "template", "resize", "feature", "firewall"}) {
    rows.push_back({{"subdir", name}});
  }
  return Data(std::move(rows));
}

}  // namespace

std::vector<Route> VmRoutes() {
  const std::string vm = "/nodes/{node}/qemu/{vmid}";
  return {
      {"GET", "/nodes/{node}/qemu", "full bool", "", ListVms},
      {.method = "POST",
       .pattern = "/nodes/{node}/qemu",
       .parameters =
           "vmid! fmt:pve-vmid archive str:255 bwlimit int:0.. force bool ha-managed^ bool "
           "import-working-storage fmt:pve-storage-id live-restore bool pool fmt:pve-poolid start bool "
           "storage fmt:pve-storage-id unique bool",
       .handler = CreateVm,
       .vm_options = true},
      {"GET", vm, "", "", GetIndex},
      {"DELETE", vm, "destroy-unreferenced-disks bool purge bool skiplock bool", "/vms/{vmid} VM.Allocate",
       DeleteVm},
      {"GET", vm + "/status/current", "", "/vms/{vmid} VM.Audit", GetCurrent},
  };
}

}  // namespace fediversity::emulators
