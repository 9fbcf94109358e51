#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/vm_lifecycle.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

// What a clone has of the configuration of its source, apart from its drives.
Params Inherited(Cluster& cluster, const Params& source) {
  Params config;
  for (const auto& [name, value] : source) {
    if (IsUnused(name) || IsDrive(name) || name == "template" || name == "lock" || name == "snaptime")
      continue;
    config[name] = value;
    if (IsNetwork(name)) {
      DriveOptions network(value, "model");
      const auto& models = VmOptions(Version::kNine).Find("net0")->options;
      for (auto& [option, mac] : network.options) {
        const Property* const known = models->Find(option);
        if (known != nullptr && known->kind == Property::Kind::kKeyAlias) {
          network.file = option + "=" + cluster.NewMac();
          network.options.erase(option);
          break;
        }
      }
      config[name] = network.Print();
    }
  }
  std::string smbios;
  for (const std::string& piece : Split(source.contains("smbios1") ? source.at("smbios1") : "", ',')) {
    if (!piece.empty() && !piece.starts_with("uuid=")) smbios += "," + piece;
  }
  config["smbios1"] = "uuid=" + cluster.NewUuid() + smbios;
  if (source.contains("vmgenid")) config["vmgenid"] = cluster.NewUuid();
  return config;
}

struct Copying {
  bool full = true;
  int newid = 0;
  std::string node;     // of the new VM
  std::string storage;  // "" for that of each source
  std::string format;
};

Failure CopyDrives(Cluster& cluster, const Call& call, const Vm& source, const Params& from,
                   const Copying& copying, Params& config, Log& log) {
  for (const std::string& slot : DriveSlots()) {
    auto const found = from.find(slot);
    if (found == from.end()) continue;
    DriveOptions drive(found->second);
    if (drive.IsCloudInit()) {
      std::string const storage = drive.file.substr(0, drive.file.find(':'));
      std::string printed;
      if (auto failure = MakeDrive(cluster, call.who, copying.newid, copying.node, slot,
                                   storage + ":cloudinit", printed, log)) {
        return failure;
      }
      config[slot] = printed;
      continue;
    }
    if (drive.IsCdrom()) {
      config[slot] = found->second;
      continue;
    }
    const Volume* const volume = cluster.FindVolume(drive.file, source.node);
    if (volume == nullptr) return Cat({"volume '", drive.file, "' does not exist"});
    bool const is_base = VolumeName(drive.file).starts_with("base-");
    if (!copying.full && !is_base)
      return Cat({"Linked clone feature is not supported for drive '", slot, "'"});
    if (copying.full) {
      std::string const storage = copying.storage.empty() ? volume->storage : copying.storage;
      if (auto failure = Copy(cluster, *volume, storage, copying.node, copying.newid, copying.format,
                              "drive " + slot, drive.file, log)) {
        return failure;
      }
      drive.options["size"] = FormatSize(cluster.FindVolume(drive.file, copying.node)->size);
    } else {
      drive.file = LinkedCopy(cluster, *volume, copying.node, copying.newid, slot, log);
    }
    config[slot] = drive.Print();
  }
  return std::nullopt;
}

// The configuration that a clone is made from, null where there is no such snapshot.
const Params* Cloned(const Vm& source, const std::string& snapshot) {
  if (snapshot.empty()) return &source.config;
  auto const found = std::ranges::find(source.snapshots, snapshot, &Snapshot::name);
  return found == source.snapshots.end() ? nullptr : &found->config;
}

Failure CloneVm(Cluster& cluster, const Call& call, const Copying& copying, Log& log) {
  const Vm* const source = cluster.FindVm(call);
  if (source == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
  if (cluster.IsNine()) {
    log.push_back(Cat({"creating a clone of VM ", call.Get("vmid"), " with ID ", call.Get("newid")}));
  }
  const Params* const held = Cloned(*source, call.Get("snapname"));
  if (held == nullptr) return Cat({"snapshot '", call.Get("snapname"), "' does not exist"});
  Params const from = *held;
  Params config = Inherited(cluster, from);
  if (auto failure = CopyDrives(cluster, call, *source, from, copying, config, log)) {
    for (const std::string& volume : VolumesOf(config)) cluster.RemoveVolume(volume, copying.node);
    cluster.vms.erase(copying.newid);
    return Cat({"clone failed: ", *failure});
  }
  config["name"] = call.Has("name") ? call.Get("name") : Cat({"Copy-of-VM-", source->Get("name")});
  if (call.Has("description")) config["description"] = call.Get("description");
  Guest const guest = source->guest;
  Vm& clone = cluster.vms[copying.newid];
  clone.config = std::move(config);
  clone.guest = guest;
  JoinPool(cluster, call.Get("pool"), copying.newid);
  return std::nullopt;
}

// Whether all that its drives name, CD-ROMs too, is on shared storage.
bool IsShared(const Cluster& cluster, const Params& config) {
  return std::ranges::none_of(config, [&](const auto& option) {
    if (!IsDrive(option.first)) return false;
    std::string const file = DriveOptions(option.second).file;
    auto const storage = cluster.storages.find(file.substr(0, file.find(':')));
    return storage != cluster.storages.end() && !storage->second.shared;
  });
}

std::optional<Reply> RefuseTarget(Cluster& cluster, const Copying& copying, const Vm& source) {
  if (cluster.FindNode(copying.node) == nullptr)
    return Died(Cat({"no such cluster node '", copying.node, "'"}));
  if (copying.node == source.node || copying.storage.empty()) return std::nullopt;
  if (cluster.storages[copying.storage].shared) return std::nullopt;
  return Died(Cat({"can't clone to non-shared storage '", copying.storage, "'"}));
}

// Refuses what cannot be copied so, where `from` is the configuration that is copied.
std::optional<Reply> RefuseSource(const Cluster& cluster, const Call& call, const Vm& source,
                                  const Params& from, const Copying& copying) {
  for (const char* const parameter : {"storage", "format"}) {
    if (copying.full || !call.Has(parameter)) continue;
    return Died(Cat({"parameter '", parameter, "' not allowed for linked clones"}));
  }
  if (auto refused = RefuseCopy(cluster, call, from, copying.storage)) return refused;
  if (copying.node != source.node && !IsShared(cluster, from)) {
    return Died(Cat({"can't clone VM to node '", copying.node, "' (VM uses local storage)"}));
  }
  if (cluster.vms.contains(copying.newid)) {
    return Died(Cat({"unable to create VM ", call.Get("newid"), ": config file already exists"}));
  }
  if (copying.full && source.running && !call.Has("snapname") && from.contains("tpmstate0")) {
    return Died("cannot clone TPM state while VM is running");
  }
  return std::nullopt;
}

// The storage that a full clone writes to: the one that was asked for, or that of the first disk.
std::string StorageOfCopies(const Cluster& cluster, const Vm& source, const std::string& asked) {
  if (!asked.empty()) return asked;
  for (const std::string& id : VolumesOf(source.config)) {
    if (const Volume* const volume = cluster.FindVolume(id, source.node)) return volume->storage;
  }
  return {};
}

Reply Clone(Cluster& cluster, const Call& call) {
  if (auto refused = CheckPool(cluster, call)) return *refused;
  int const newid = static_cast<int>(ParseInteger(call.Get("newid")).value_or(0));
  if (!MayAllocate(cluster, call, newid)) return Denied("/vms/" + call.Get("newid"), "VM.Allocate");
  std::string const storage = call.Get("storage");
  if (!storage.empty() && !cluster.storages.contains(storage)) {
    return Died(Cat({"storage '", storage, "' does not exist"}));
  }
  const Vm* const source = cluster.FindVm(call);
  if (source == nullptr) {
    return Died(Cat({"unable to find configuration file for VM ", call.Get("vmid"), " on node '",
                     call.Get("node"), "'"}));
  }
  Copying const copying{.full = call.Flag("full", !source->IsTemplate()),
                        .newid = newid,
                        .node = call.Has("target") ? call.Get("target") : source->node,
                        .storage = storage,
                        .format = call.Get("format")};
  if (auto refused = RefuseTarget(cluster, copying, *source)) return *refused;
  if (auto refused = RefuseWithoutQuorum(cluster)) return *refused;
  if (source->Has("lock")) return Died(Cat({"VM is locked (", source->Get("lock"), ")"}));
  const Params* const from = Cloned(*source, call.Get("snapname"));
  if (from == nullptr) return Died(Cat({"snapshot '", call.Get("snapname"), "' does not exist"}));
  if (auto refused = RefuseSource(cluster, call, *source, *from, copying)) return *refused;
  cluster.vms[newid] = {.vmid = newid, .node = copying.node, .config = {{"lock", "clone"}}};
  auto effect = [&cluster, call, copying](Log& log) { return CloneVm(cluster, call, copying, log); };
  auto undo = [&cluster, newid] { cluster.vms.erase(newid); };
  bool const holds = copying.full && cluster.settings.clones_hold_locks;
  return Data(cluster.StartTask(call, "qmclone", call.Get("vmid"), holds ? call.Vmid() : 0, std::move(effect),
                                std::move(undo), {},
                                holds ? StorageOfCopies(cluster, *source, storage) : ""));
}

// Renames the disks of a VM to those of a base, from which linked clones are made.
void MakeBase(Cluster& cluster, Vm& vm, const std::string& only) {
  for (auto& [name, value] : vm.config) {
    if (!IsDrive(name) || (!only.empty() && name != only)) continue;
    DriveOptions drive(value);
    if (drive.IsCdrom() || VolumeName(drive.file).starts_with("base-")) continue;
    const Volume* const found = cluster.FindVolume(drive.file, vm.node);
    if (found == nullptr) continue;
    Volume volume = *found;
    auto const at = drive.file.rfind("vm-");
    if (at == std::string::npos) continue;
    cluster.RemoveVolume(volume.id, vm.node);
    drive.file.replace(at, 2, "base");
    volume.id = drive.file;
    cluster.AddVolume(std::move(volume));
    value = drive.Print();
  }
}

Reply MakeTemplate(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  if (vm->Has("lock")) return Died(Cat({"VM is locked (", vm->Get("lock"), ")"}));
  if (!vm->snapshots.empty()) return Died("unable to create template, because VM contains snapshots");
  if (vm->IsTemplate() && !call.Has("disk")) return Died("you can't convert a template to a template");
  if (vm->running) return Died("you can't convert a VM to template if VM is running");
  auto effect = [&cluster, call](Log&) -> Failure {
    Vm* const target = cluster.FindVm(call);
    if (target == nullptr) return Cluster::NoSuchVm(call.Get("node"), call.Vmid());
    if (auto failure = ConfigIsReadOnly(cluster, *target)) return failure;
    target->config["template"] = "1";
    MakeBase(cluster, *target, call.Get("disk"));
    return std::nullopt;
  };
  return Data(cluster.StartTask(call, "qmtemplate", call.Get("vmid"), call.Vmid(), std::move(effect)));
}

}  // namespace

std::vector<Route> VmCloneRoutes() {
  return {
      {"POST", "/nodes/{node}/qemu/{vmid}/clone",
       "bwlimit int:0.. description str format enum:raw|qcow2|vmdk full bool name fmt:dns-name newid! fmt:pve-vmid "
       "pool fmt:pve-poolid snapname fmt:pve-configid storage fmt:pve-storage-id target fmt:pve-node",
       "/vms/{vmid} VM.Clone", Clone},
      {"POST", "/nodes/{node}/qemu/{vmid}/template", "disk str", "/vms/{vmid} VM.Allocate", MakeTemplate},
  };
}

}  // namespace fediversity::emulators
