#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_PARTS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_PARTS_H_

// How disks, CD-ROM drives and the cloud-init drive stand in a VM's configuration. The volume itself is written for a
// new drive only: moving and growing one that exists are requests of their own (disk_changes.h).

#include "resources/proxmox/vm/part.h"
#include "resources/proxmox/vm/vm_disk.h"
#include "resources/proxmox/vm/vm_guest.h"

namespace fediversity::resources {

// Volume, storage, size and format.
Part<VmDisk> DiskVolume();
Part<VmCdrom> CdromVolume();
Part<VmEfiDisk> EfiVolume();
Part<VmTpmState> TpmVolume();
// Slot and storage of the cloud-init drive.
Part<VmCloudInit> CloudInitDrive();

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_DRIVE_PARTS_H_
