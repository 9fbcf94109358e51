#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_DISKS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_DISKS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/proxmox/cluster.h"

namespace fediversity::emulators {

using Log = std::vector<std::string>;

// The value of a drive, or another property string with one value without a key:
// "local:100/vm-100-disk-0.raw,cache=none,size=8G".
struct DriveOptions {
  explicit DriveOptions(std::string_view text, std::string_view default_key = "file");

  std::string file;
  Params options;

  bool IsCdrom() const;
  bool IsCloudInit() const;
  // The volume and its options in alphabetical order, as the server writes them.
  std::string Print() const;
};

// "4G", "512M", "105K" or a number of bytes; 0 where it is none of these.
std::uint64_t ParseSize(std::string_view text);
// In the greatest unit that divides it.
std::string FormatSize(std::uint64_t bytes);
// "1.0 GiB", as copying reports it.
std::string HumanSize(std::uint64_t bytes);

// The size of the first disk in the boot order, as the configuration has it.
std::int64_t BootDiskSize(const Vm& vm);
// What boots where nobody says: the first disk, the first CD-ROM, the first network; " " for nothing.
std::string DefaultBootOrder(const Params& config);
// The boot order without a device; nothing where it does not name it.
std::optional<std::string> BootOrderWithout(const std::string& boot, const std::string& device);

// What `slot=value` comes to for a VM: volumes are allocated or imported, sizes looked up, options put in order. The
// log gets what qemu-img says. On failure `printed` is untouched, though a volume may have been left behind.
Failure MakeDrive(Cluster& cluster, const Identity& who, int vmid, const std::string& node,
                  const std::string& slot, const std::string& value, std::string& printed, Log& log);

// A new empty volume of the VM.
Failure Allocate(Cluster& cluster, const std::string& storage, const std::string& node, int vmid,
                 std::uint64_t size, std::string format, std::string& id, Log& log);
// A copy of a volume with contents, for clones, moves and imports; `label` is "drive scsi0" or "drive".
Failure Copy(Cluster& cluster, const Volume& source, const std::string& storage, const std::string& node,
             int vmid, const std::string& format, const std::string& label, std::string& id, Log& log);
// The copy-on-write child of a base volume.
std::string LinkedCopy(Cluster& cluster, const Volume& base, const std::string& node, int vmid,
                       const std::string& slot, Log& log);

// Enters a volume in the first free unusedN, unless it is there.
void AddUnused(Params& config, const std::string& volume);
// The last part of a volume's id: "vm-100-disk-0.raw".
std::string VolumeName(const std::string& id);
// Where the file of a volume is on the node.
std::string VolumePath(const Cluster& cluster, const Volume& volume);
// Every volume that a VM's configuration names; unused ones are included.
std::vector<std::string> VolumesOf(const Params& config);
// Whether a snapshot of the VM names the volume.
bool IsInSnapshot(const Vm& vm, const std::string& volume);
// Whether linked clones stand on it.
bool HasClones(const Cluster& cluster, const std::string& volume);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_DISKS_H_
