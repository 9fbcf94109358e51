#include "tests/emulators/proxmox/disks.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "provider/base/text.h"
#include "tests/emulators/common/pattern.h"

namespace fediversity::emulators {
namespace {

constexpr std::uint64_t kEfiSize = 540'672;
constexpr std::uint64_t kSmallEfiSize = 131'072;
constexpr std::uint64_t kMebibyte = 1024 * 1024;
constexpr std::uint64_t kTpmSize = 4 * kMebibyte;
constexpr std::uint64_t kCloudInitSize = 4 * kMebibyte;
constexpr std::uint64_t kGreatestFile = 16ULL << 40;  // of ext4

std::string StorageOf(const std::string& id) { return id.substr(0, id.find(':')); }

const Storage* FindStorage(const Cluster& cluster, const std::string& name) {
  auto const found = cluster.storages.find(name);
  return found == cluster.storages.end() ? nullptr : &found->second;
}

std::string NoStorage(const std::string& name) { return Cat({"storage '", name, "' does not exist"}); }

// The id of a volume by its name: files stand in a folder of the VM.
std::string VolumeId(const Storage& storage, int vmid, const std::string& name) {
  return storage.HasFiles() ? Cat({storage.name, ":", std::to_string(vmid), "/", name})
                            : storage.name + ":" + name;
}

// The first disk name of a VM that no volume of that storage has.
std::string FreeDiskName(const Cluster& cluster, const Storage& storage, const std::string& node, int vmid) {
  std::set<int> taken;
  Pattern const pattern("(?:vm|base)-" + std::to_string(vmid) + "-disk-(\\d+)(?:\\..*)?");
  for (const auto& [key, volume] : cluster.volumes()) {
    if (volume.storage != storage.name || (!volume.node.empty() && volume.node != node)) continue;
    auto const number = pattern.Groups(VolumeName(volume.id));
    if (!number.empty()) taken.insert(std::stoi(number.front()));
  }
  int number = 0;
  while (taken.contains(number)) ++number;
  return Cat({"vm-", std::to_string(vmid), "-disk-", std::to_string(number)});
}

void LogAllocation(const Cluster& cluster, const Volume& volume, Log& log) {
  const Storage& storage = *FindStorage(cluster, volume.storage);
  if (!storage.HasFiles()) {
    log.push_back(Cat({"  Logical volume \"", VolumeName(volume.id), "\" created."}));
    return;
  }
  std::string const size = std::to_string(volume.size);
  std::string const format =
      volume.format == "qcow2"
          ? Cat({"fmt=qcow2 cluster_size=65536 extended_l2=off preallocation=metadata compression_type=zlib size=",
                 size, " lazy_refcounts=off refcount_bits=16"})
          : Cat({"fmt=", volume.format, " size=", size, " preallocation=off"});
  log.push_back(Cat({"Formatting '", VolumePath(cluster, volume), "', ", format}));
}

void LogTransfer(std::uint64_t size, int times, Log& log) {
  std::string const human = HumanSize(size);
  log.push_back(Cat({"transferred 0.0 B of ", human, " (0.00%)"}));
  for (int count = 0; count < times; ++count) {
    log.push_back(Cat({"transferred ", human, " of ", human, " (100.00%)"}));
  }
}

void LogCreated(const std::string& slot, const DriveOptions& drive, Log& log) {
  log.push_back(Cat({slot, ": successfully created disk '", drive.Print(), "'"}));
}

Failure MakeCloudInit(Cluster& cluster, int vmid, const std::string& node, const std::string& slot,
                      DriveOptions& drive, Log& log) {
  const Storage* const storage = FindStorage(cluster, StorageOf(drive.file));
  if (storage == nullptr) return NoStorage(StorageOf(drive.file));
  std::string const format = storage->HasFiles() ? "qcow2" : "raw";
  std::string const name =
      Cat({"vm-", std::to_string(vmid), "-cloudinit", storage->HasFiles() ? ".qcow2" : ""});
  drive.file = VolumeId(*storage, vmid, name);
  drive.options["media"] = "cdrom";
  drive.options.erase("format");
  drive.options.erase("size");
  if (cluster.FindVolume(drive.file, node) == nullptr) {
    const Volume& volume = cluster.AddVolume({.id = drive.file,
                                              .storage = storage->name,
                                              .node = node,
                                              .vmid = vmid,
                                              .format = format,
                                              .size = kCloudInitSize,
                                              .used = 266'240});
    LogAllocation(cluster, volume, log);
  }
  LogCreated(slot, drive, log);
  return std::nullopt;
}

Failure MakeEfi(Cluster& cluster, int vmid, const std::string& node, DriveOptions& drive, Log& log) {
  bool const small = !drive.options.contains("efitype") || drive.options["efitype"] == "2m";
  if (!cluster.settings.has_efi_images) {
    return Cat(
        {"EFI base image '/usr/share/pve-edk2-firmware//OVMF_CODE", small ? "" : "_4M", ".fd' not found"});
  }
  std::uint64_t const size = small ? kSmallEfiSize : kEfiSize;
  std::string format = "raw";
  if (drive.options.contains("format")) format = drive.options["format"];
  std::string id;
  if (auto failure = Allocate(cluster, StorageOf(drive.file), node, vmid, size, format, id, log))
    return failure;
  cluster.FindVolume(id, node)->used = size;
  LogTransfer(size, 2, log);
  if (drive.options["pre-enrolled-keys"] == "1" && !cluster.settings.has_virt_fw_vars) {
    std::string const command =
        "virt-fw-vars --input /usr/share/pve-edk2-firmware//OVMF_VARS_4M.ms.fd --print --verbose";
    return Cat({"command '", command, "' failed: open3: exec of ", command,
                " failed: No such file or directory at /usr/share/perl5/PVE/",
                cluster.IsNine() ? "Cmd.pm line 174." : "Tools.pm line 527."});
  }
  if (drive.options["pre-enrolled-keys"].empty()) drive.options.erase("pre-enrolled-keys");
  drive.file = id;
  drive.options["size"] = FormatSize(size);
  return std::nullopt;
}

Failure MakeNew(Cluster& cluster, int vmid, const std::string& node, const std::string& slot,
                DriveOptions& drive, Log& log) {
  std::string const format = drive.options.contains("format") ? drive.options["format"] : "";
  if (slot == "efidisk0") {
    if (auto failure = MakeEfi(cluster, vmid, node, drive, log)) return failure;
  } else {
    // Asked for in GiB, allocated in KiB.
    constexpr double kKibibytes = 1024.0 * 1024.0;
    double const gibibytes = std::stod(drive.file.substr(drive.file.find(':') + 1));
    std::uint64_t size = static_cast<std::uint64_t>(std::ceil(gibibytes * kKibibytes)) * 1024;
    if (slot == "tpmstate0") size = kTpmSize;
    std::string id;
    if (auto failure = Allocate(cluster, StorageOf(drive.file), node, vmid, size, format, id, log))
      return failure;
    drive.file = id;
    drive.options["size"] = FormatSize(size);
  }
  drive.options.erase("format");
  LogCreated(slot, drive, log);
  return std::nullopt;
}

Failure Import(Cluster& cluster, int vmid, const std::string& node, const std::string& slot,
               DriveOptions& drive, Log& log) {
  std::string const source = drive.options["import-from"];
  if (source.starts_with('/')) {
    return "Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 581.";
  }
  const Storage* const from = FindStorage(cluster, StorageOf(source));
  if (from == nullptr) return NoStorage(StorageOf(source));
  const Volume* const volume = cluster.FindVolume(source, node);
  if (volume == nullptr) {
    std::string const name = source.substr(source.find(':') + 1);
    return Cat({"failed to stat '", from->path, "/", name, "'"});
  }
  std::string const format = drive.options.contains("format") ? drive.options["format"] : "";
  std::string id;
  if (auto failure = Copy(cluster, *volume, StorageOf(drive.file), node, vmid, format, "drive", id, log))
    return failure;
  drive.file = id;
  drive.options.erase("import-from");
  drive.options.erase("format");
  drive.options["size"] = FormatSize(cluster.FindVolume(id, node)->size);
  LogCreated(slot, drive, log);
  return std::nullopt;
}

Failure UseExisting(Cluster& cluster, const std::string& node, DriveOptions& drive) {
  const Storage* const storage = FindStorage(cluster, StorageOf(drive.file));
  if (storage == nullptr) return NoStorage(StorageOf(drive.file));
  std::string const name = drive.file.substr(drive.file.find(':') + 1);
  static const Pattern kFile("(iso|import|vztmpl|snippets|backup)/[^/]+|\\d+/[^/]+(/\\d+/[^/]+)?");
  static const Pattern kBlock("(vm|base|snap)-\\d+-\\S+");
  if (storage->HasFiles() && !kFile.Matches(name)) {
    return Cat({"unable to parse directory volume name '", name, "'"});
  }
  if (!storage->HasFiles() && !kBlock.Matches(name)) {
    return Cat({"unable to parse lvm volume name '", name, "'"});
  }
  const Volume* const volume = cluster.FindVolume(drive.file, node);
  if (volume == nullptr) return Cat({"volume '", drive.file, "' does not exist"});
  drive.options.erase("format");
  drive.options.erase("size");
  if (!drive.IsCloudInit()) drive.options["size"] = FormatSize(volume->size);
  return std::nullopt;
}

}  // namespace

std::string VolumeName(const std::string& id) {
  auto const slash = id.rfind('/');
  return slash == std::string::npos ? id.substr(id.find(':') + 1) : id.substr(slash + 1);
}

std::string VolumePath(const Cluster& cluster, const Volume& volume) {
  const Storage* const storage = FindStorage(cluster, volume.storage);
  std::string const root = storage == nullptr ? "" : storage->path;
  if (volume.content == "iso") return Cat({root, "/template/iso/", VolumeName(volume.id)});
  if (volume.content != "images") return Cat({root, "/", volume.content, "/", VolumeName(volume.id)});
  return Cat({root, "/images/", std::to_string(volume.vmid), "/", VolumeName(volume.id)});
}

Failure Allocate(Cluster& cluster, const std::string& storage_name, const std::string& node, int vmid,
                 std::uint64_t size, std::string format, std::string& id, Log& log) {
  const Storage* const storage = FindStorage(cluster, storage_name);
  if (storage == nullptr) return NoStorage(storage_name);
  if (!storage->content.contains("images"))
    return Cat({"storage '", storage_name, "' does not support vm images"});
  if (format.empty()) format = "raw";
  if (!storage->HasFiles() && format != "raw") return Cat({"unsupported format '", format, "'"});
  std::string const suffix = storage->HasFiles() ? "." + format : "";
  Volume volume{.id = VolumeId(*storage, vmid, FreeDiskName(cluster, *storage, node, vmid) + suffix),
                .storage = storage_name,
                .node = node,
                .vmid = vmid,
                .format = format,
                .size = size};
  LogAllocation(cluster, volume, log);
  if (size > kGreatestFile) {
    return Cat({"unable to create image: qemu-img: ", VolumePath(cluster, volume),
                ": The image size is too large for file format '", format, "'"});
  }
  id = volume.id;
  cluster.AddVolume(std::move(volume));
  return std::nullopt;
}

Failure Copy(Cluster& cluster, const Volume& source, const std::string& storage_name, const std::string& node,
             int vmid, const std::string& format, const std::string& label, std::string& id, Log& log) {
  const Storage* const storage = FindStorage(cluster, storage_name);
  if (storage == nullptr) return NoStorage(storage_name);
  std::string wanted = format.empty() ? source.format : format;
  if (!storage->HasFiles() && format.empty()) wanted = "raw";
  if (storage->HasFiles() && wanted != "raw" && wanted != "qcow2" && wanted != "vmdk") wanted = "raw";
  log.push_back(Cat({"create full clone of ", label, " (", source.id, ")"}));
  std::uint64_t const size = source.virtual_size != 0 ? source.virtual_size : source.size;
  std::string const source_format = source.format;
  if (auto failure = Allocate(cluster, storage_name, node, vmid, size, wanted, id, log)) return failure;
  if (cluster.IsNine()) log.push_back(Cat({"allocated target volume '", id, "'"}));
  LogTransfer(size, source_format == "raw" && wanted == "raw" ? 2 : 1, log);
  return std::nullopt;
}

std::string LinkedCopy(Cluster& cluster, const Volume& base, const std::string& node, int vmid,
                       const std::string& slot, Log& log) {
  Storage const storage = *FindStorage(cluster, base.storage);
  std::string const id_text = std::to_string(vmid);
  std::string const name = FreeDiskName(cluster, storage, node, vmid) + (storage.HasFiles() ? ".qcow2" : "");
  std::string const base_name = base.id.substr(base.id.find(':') + 1);
  Volume volume{
      .id = storage.HasFiles() ? Cat({base.id, "/", id_text, "/", name}) : storage.name + ":" + name,
      .storage = base.storage,
      .node = base.node,
      .vmid = vmid,
      .format = storage.HasFiles() ? "qcow2" : "raw",
      .size = base.size,
      .used = 331'776,
      .base = base.id};
  log.push_back(Cat({"create linked clone of drive ", slot, " (", base.id, ")"}));
  if (storage.HasFiles()) {
    log.push_back(Cat({"clone ", base_name, ": images, ", name, ", ", id_text, " to ", name, " (base=../",
                       base_name, ")"}));
    std::string const layout = cluster.IsNine() ? Cat({"cluster_size=131072 extended_l2=on preallocation=",
                                                       base.format == "qcow2" ? "metadata" : "off"})
                                                : "cluster_size=65536 extended_l2=off";
    log.push_back(Cat({"Formatting '", VolumePath(cluster, volume), "', fmt=qcow2 ", layout,
                       " compression_type=zlib size=", std::to_string(base.size), " backing_file=../",
                       base_name, " backing_fmt=", base.format, " lazy_refcounts=off refcount_bits=16"}));
  } else {
    log.push_back(Cat({"  Logical volume \"", name, "\" created."}));
  }
  std::string id = volume.id;
  cluster.AddVolume(std::move(volume));
  return id;
}

Failure MakeDrive(Cluster& cluster, const Identity& who, int vmid, const std::string& node,
                  const std::string& slot, const std::string& value, std::string& printed, Log& log) {
  DriveOptions drive(value);
  Failure failure;
  static const Pattern kNew("[^/:\\s]+:\\d+(\\.\\d+)?");
  if (drive.file == "none" || drive.file == "cdrom") {
    drive.options = {{"media", "cdrom"}};
  } else if (drive.file.starts_with('/')) {
    if (!who.IsRoot()) {
      failure = "Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 581.";
    }
  } else if (drive.file.ends_with(":cloudinit")) {
    failure = MakeCloudInit(cluster, vmid, node, slot, drive, log);
  } else if (drive.options.contains("import-from")) {
    failure = Import(cluster, vmid, node, slot, drive, log);
  } else if (kNew.Matches(drive.file)) {
    drive.options.erase("size");
    failure = MakeNew(cluster, vmid, node, slot, drive, log);
  } else {
    failure = UseExisting(cluster, node, drive);
  }
  if (!failure.has_value()) printed = drive.Print();
  return failure;
}

bool IsInSnapshot(const Vm& vm, const std::string& volume) {
  return std::ranges::any_of(vm.snapshots, [&](const Snapshot& snapshot) {
    return std::ranges::any_of(snapshot.config, [&](const auto& entry) {
      return IsDrive(entry.first) && DriveOptions(entry.second).file == volume;
    });
  });
}

bool HasClones(const Cluster& cluster, const std::string& volume) {
  return std::ranges::any_of(cluster.volumes(),
                             [&](const auto& entry) { return entry.second.base == volume; });
}

}  // namespace fediversity::emulators
