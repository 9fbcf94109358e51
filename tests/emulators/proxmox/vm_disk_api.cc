#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

constexpr std::uint64_t kKibibyte = 1024;

bool IsSlot(const std::string& name, bool with_unused) {
  return (IsDrive(name) || (with_unused && IsUnused(name))) &&
         VmOptions(Version::kNine).Find(name) != nullptr;
}

Failure ResizeDisk(Cluster& cluster, const Call& call) {
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
  if (!call.Get("digest").empty() && call.Get("digest") != DigestOf(*vm)) {
    return "checksum mismatch (file change by other user?)";
  }
  if (vm->Has("lock")) return Cat({"VM is locked (", vm->Get("lock"), ")"});
  std::string const slot = call.Get("disk");
  if (!vm->Has(slot)) return Cat({"disk '", slot, "' does not exist"});
  DriveOptions drive(vm->Get(slot));
  if (drive.IsCdrom()) return Cat({"can't resize a cdrom"});
  Volume* const volume = cluster.FindVolume(drive.file, vm->node);
  if (volume == nullptr) return Cat({"volume '", drive.file, "' does not exist"});
  std::string const size = call.Get("size");
  bool const relative = size.starts_with('+');
  std::uint64_t const wanted = ParseSize(relative ? size.substr(1) : size) + (relative ? volume->size : 0);
  if (wanted < volume->size) return "shrinking disks is not supported";
  if (wanted == volume->size) return std::nullopt;
  // The image grows to whole KiB; the configuration keeps what was asked for.
  volume->size = (wanted + kKibibyte - 1) / kKibibyte * kKibibyte;
  if (auto failure = ConfigIsReadOnly(cluster, *vm)) return failure;
  drive.options["size"] = FormatSize(wanted);
  vm->config[slot] = drive.Print();
  return std::nullopt;
}

Reply Resize(Cluster& cluster, const Call& call) {
  if (!IsSlot(call.Get("disk"), false)) {
    return BadParameter("disk",
                        Cat({"value '", call.Get("disk"), "' does not have a value in the enumeration"}));
  }
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  auto effect = [&cluster, call](Log& log) -> Failure {
    if (auto failure = ResizeDisk(cluster, call)) return failure;
    if (!cluster.FindVm(call)->running) log.emplace_back("Image resized.");
    return std::nullopt;
  };
  return Data(cluster.StartTask(call, "resize", call.Get("vmid"), call.Vmid(), std::move(effect)));
}

Failure MoveDisk(Cluster& cluster, const Call& call, Log& log) {
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
  if (!call.Get("digest").empty() && call.Get("digest") != DigestOf(*vm)) {
    return "checksum mismatch (file change by other user?)";
  }
  std::string const slot = call.Get("disk");
  std::string const storage = call.Get("storage");
  DriveOptions drive(vm->Get(slot));
  std::string const source = drive.file;
  const Volume* const volume = cluster.FindVolume(source, vm->node);
  if (volume == nullptr) return Cat({"volume '", source, "' does not exist"});
  if (cluster.IsNine()) {
    log.push_back(Cat({"copying volume '", source, "' from current storage '", volume->storage,
                       "' to target storage '", storage, "'"}));
  }
  if (auto failure = Copy(cluster, *volume, storage, vm->node, vm->vmid, call.Get("format"), "drive " + slot,
                          drive.file, log)) {
    return Cat({"storage migration failed: ", *failure});
  }
  if (auto failure = ConfigIsReadOnly(cluster, *vm)) {
    cluster.RemoveVolume(drive.file, vm->node);
    return Cat({"storage migration failed: ", *failure});
  }
  drive.options["size"] = FormatSize(cluster.FindVolume(drive.file, vm->node)->size);
  vm->config[slot] = drive.Print();
  if (!call.Flag("delete")) {
    AddUnused(vm->config, source);
    return std::nullopt;
  }
  if (HasClones(cluster, source)) return Cat({"base volume '", source, "' is still in use by linked cloned"});
  cluster.RemoveVolume(source, vm->node);
  if (cluster.IsNine()) log.push_back(Cat({"removing source volume '", source, "' after successful copy"}));
  return std::nullopt;
}

// The volume gets a new owner and with it a new name; nothing is copied.
Failure HandOver(Cluster& cluster, const Call& call, int target_vmid, Log& log) {
  Vm* const vm = cluster.FindVm(call);
  Vm* const target = cluster.FindVm(target_vmid);
  if (vm == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
  if (target == nullptr) return Cluster::NoSuchVm(call.Get("node"), target_vmid);
  std::string const slot = call.Get("disk");
  std::string const target_slot = call.Has("target-disk") ? call.Get("target-disk") : slot;
  DriveOptions drive(vm->Get(slot));
  std::string const source = drive.file;
  const Volume* const volume = cluster.FindVolume(source, vm->node);
  if (volume == nullptr) return Cat({"volume '", source, "' does not exist"});
  Log copying;
  if (auto failure =
          Copy(cluster, *volume, volume->storage, vm->node, target_vmid, "", "drive", drive.file, copying)) {
    return failure;
  }
  cluster.RemoveVolume(source, vm->node);
  vm->config.erase(slot);
  target->config[target_slot] = drive.Print();
  log.push_back(Cat({"removing disk '", slot, "' from VM '", call.Get("vmid"), "' config"}));
  return std::nullopt;
}

Reply Reassign(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  std::string const slot = call.Get("disk");
  auto const target_vmid = ParseInteger(call.Get("target-vmid"));
  if (!target_vmid.has_value()) return BadParameter("target-vmid", "type check ('integer') failed");
  const Vm* const target = cluster.FindVm(static_cast<int>(*target_vmid));
  if (target == nullptr || target->node != vm->node) {
    return Died(Cluster::NoSuchVm(vm->node, static_cast<int>(*target_vmid)));
  }
  if (!vm->Has(slot)) return Died(Cat({"Disk '", slot, "' for VM '", call.Get("vmid"), "' does not exist"}));
  if (target->Has(call.Has("target-disk") ? call.Get("target-disk") : slot)) {
    return Died(
        Cat({"Target disk key '", slot, "' is already in use for VM '", call.Get("target-vmid"), "'"}));
  }
  if (IsInSnapshot(*vm, DriveOptions(vm->Get(slot)).file)) {
    return Died("Can't move disk used by a snapshot to another VM");
  }
  auto effect = [&cluster, call, target_vmid](Log& log) {
    return HandOver(cluster, call, static_cast<int>(*target_vmid), log);
  };
  return Data(cluster.StartTask(call, "qmmove", call.Get("vmid"), call.Vmid(), std::move(effect)));
}

Reply Move(Cluster& cluster, const Call& call) {
  std::string const slot = call.Get("disk");
  if (!IsSlot(slot, true)) {
    return BadParameter("disk", Cat({"value '", slot, "' does not have a value in the enumeration"}));
  }
  if (call.Has("target-vmid")) return Reassign(cluster, call);
  std::string const storage = call.Get("storage");
  if (storage.empty()) return BadParameter("storage", "property is missing and it is not optional");
  if (!cluster.storages.contains(storage)) return Died(Cat({"storage '", storage, "' does not exist"}));
  if (!Allowed(cluster, call.who, "/storage/" + storage, "Datastore.AllocateSpace")) {
    return Denied("/storage/" + storage, "Datastore.AllocateSpace");
  }
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  if (vm->Has("lock")) return Died(Cat({"VM is locked (", vm->Get("lock"), ")"}));
  if (!vm->Has(slot)) return Died(Cat({"disk '", slot, "' does not exist"}));
  DriveOptions const drive(vm->Get(slot));
  if (drive.IsCdrom()) return Died("you can't move a cdrom");
  const Volume* const volume = cluster.FindVolume(drive.file, vm->node);
  bool const same_format = !call.Has("format") || (volume != nullptr && volume->format == call.Get("format"));
  if (volume != nullptr && volume->storage == storage && same_format) {
    return Died("you can't move to the same storage with same format");
  }
  auto effect = [&cluster, call](Log& log) { return MoveDisk(cluster, call, log); };
  return Data(cluster.StartTask(call, "qmmove", call.Get("vmid"), call.Vmid(), std::move(effect)));
}

// A PUT of the configuration with nothing but deletions.
Reply Unlink(Cluster& cluster, const Call& call) {
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Call update = call;
  update.params["delete"] = call.Get("idlist");
  Log log;
  if (auto refused = UpdateVm(cluster, update, *vm, {}, log)) return *refused;
  return Data(nullptr);
}

bool Supports(const Cluster& cluster, const Vm& vm, const std::string& feature) {
  for (const std::string& id : VolumesOf(vm.config)) {
    const Volume* const volume = cluster.FindVolume(id, vm.node);
    if (volume == nullptr) return false;
    bool const thin = cluster.storages.at(volume->storage).type == "lvmthin";
    if (feature == "snapshot" && volume->format != "qcow2" && !thin) return false;
    if (feature == "clone" && !VolumeName(id).starts_with("base-")) return false;
  }
  return true;
}

Reply GetFeature(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json nodes = Json::array();
  bool shared = true;
  for (const std::string& id : VolumesOf(vm->config)) {
    const Volume* const volume = cluster.FindVolume(id, vm->node);
    shared = shared && volume != nullptr && volume->node.empty();
  }
  for (const Node& node : cluster.nodes) {
    if (shared || node.name == vm->node) nodes.push_back(node.name);
  }
  return Data(
      {{"hasFeature", Supports(cluster, *vm, call.Get("feature")) ? 1 : 0}, {"nodes", std::move(nodes)}});
}

}  // namespace

std::vector<Route> VmDiskRoutes() {
  const std::string vm = "/nodes/{node}/qemu/{vmid}";
  return {
      {"PUT", vm + "/resize", R"(digest str:40 disk! str size! re:\+?\d+(\.\d+)?[KMGT]? skiplock bool)",
       "/vms/{vmid} VM.Config.Disk", Resize},
      {"POST", vm + "/move_disk",
       "bwlimit int:0.. delete bool digest str:40 disk! str format enum:raw|qcow2|vmdk storage fmt:pve-storage-id "
       "target-digest str:40 target-disk str target-vmid fmt:pve-vmid",
       "/vms/{vmid} VM.Config.Disk", Move},
      {.method = "PUT",
       .pattern = vm + "/unlink",
       .parameters = "force bool idlist! fmt:pve-configid-list",
       .permission = "/vms/{vmid} VM.Config.Disk",
       .handler = Unlink,
       .waits_for_vm = true},
      {"GET", vm + "/feature", "feature! enum:snapshot|clone|copy snapname fmt:pve-configid",
       "/vms/{vmid} VM.Audit", GetFeature},
  };
}

}  // namespace fediversity::emulators
