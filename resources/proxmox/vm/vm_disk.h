#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_DISK_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_DISK_H_

// Disks of fediversity_proxmox_vm.

#include <cstdint>
#include <string>

#include "provider/schema/model.h"
#include "provider/wire/number.h"
#include "resources/proxmox/vm/row.h"
#include "resources/proxmox/vm/rules.h"

namespace fediversity::resources {

struct VmDisk {
  schema::Value<std::string> storage;
  schema::Value<std::string> size;
  schema::Value<std::string> format;
  schema::Value<std::string> volume;
  schema::Value<std::string> import_from;
  schema::Value<std::string> aio;
  schema::Value<bool> backup;
  schema::Value<std::string> cache;
  schema::Value<bool> detect_zeroes;
  schema::Value<std::string> discard;
  schema::Value<bool> iothread;
  schema::Value<std::int64_t> queues;
  schema::Value<bool> read_only;
  schema::Value<bool> replicate;
  schema::Value<std::string> rerror;
  schema::Value<std::string> werror;
  schema::Value<std::string> serial;
  schema::Value<bool> shared;
  schema::Value<bool> ssd;
  schema::Value<std::string> wwn;
  schema::Value<wire::Number> mbps_rd;
  schema::Value<wire::Number> mbps_rd_max;
  schema::Value<wire::Number> mbps_wr;
  schema::Value<wire::Number> mbps_wr_max;
  schema::Value<std::int64_t> iops_rd;
  schema::Value<std::int64_t> iops_rd_max;
  schema::Value<std::int64_t> iops_wr;
  schema::Value<std::int64_t> iops_wr_max;
  schema::Value<std::string> on_remove;
  schema::Value<bool> keep_on_destroy;
  friend bool operator==(const VmDisk&, const VmDisk&) = default;
};

constexpr auto kVmDisk = schema::Describe<VmDisk>(
    AsIs<&VmDisk::storage>("storage").Doc(
        "Storage that holds the volume. A change moves the volume, while the VM runs. A new disk needs it, unless it has "
        "`volume`."),
    AsIs<&VmDisk::size>("size").Check(kSize).Doc(
        "Size, such as `40G`. It grows in place and cannot shrink. A new disk needs it, unless it has `import_from`."),
    AsIs<&VmDisk::format>("format").Doc(
        "Format of the volume on storages that keep files: `raw`, `qcow2` or `vmdk`. A change converts it."),
    AsIs<&VmDisk::volume>("volume").Doc(
        "Identifier of the volume, such as `local:100/vm-100-disk-0.raw`. To attach a volume that exists, name it here."),
    schema::Attr<&VmDisk::import_from>("import_from")
        .Optional()
        .Doc(
            "Volume whose content a new disk starts with, such as `local:import/nixos.qcow2`. Later changes of it do nothing."),
    AsIs<&VmDisk::aio>("aio").Doc("How the node reads and writes: `io_uring`, `native` or `threads`."),
    AsIs<&VmDisk::backup>("backup").Doc("Whether backups hold the disk."),
    AsIs<&VmDisk::cache>("cache").Doc("Cache mode, such as `none` or `writeback`."),
    AsIs<&VmDisk::detect_zeroes>("detect_zeroes")
        .Doc("Whether writes of zeroes are detected, so that they take no space."),
    AsIs<&VmDisk::discard>("discard").Doc("Whether the guest's trim reaches the storage: `on` or `ignore`."),
    AsIs<&VmDisk::iothread>("iothread")
        .Doc("Whether the disk has a thread of its own; needs `virtio-scsi-single` or a virtio disk."),
    AsIs<&VmDisk::queues>("queues").Check(kDiskQueues).Doc("Number of queues of a SCSI disk."),
    AsIs<&VmDisk::read_only>("read_only").Doc("Whether the guest cannot write; SCSI and virtio disks only."),
    AsIs<&VmDisk::replicate>("replicate").Doc("Whether replication jobs copy the disk."),
    AsIs<&VmDisk::rerror>("rerror").Doc("What a failed read does: `report`, `ignore` or `stop`."),
    AsIs<&VmDisk::werror>("werror").Doc("What a failed write does: `enospc`, `report`, `ignore` or `stop`."),
    AsIs<&VmDisk::serial>("serial").Check(kSerial).Doc(
        "Serial number that the guest sees, at most 20 bytes."),
    AsIs<&VmDisk::shared>("shared").Doc(
        "Whether every node sees the volume although its storage does not say so."),
    AsIs<&VmDisk::ssd>("ssd").Doc("Whether the guest sees a solid-state disk."),
    AsIs<&VmDisk::wwn>("wwn").Check(kWwn).Doc("World Wide Name, `0x` and sixteen hexadecimal digits."),
    AsIs<&VmDisk::mbps_rd>("mbps_rd").Doc("Most megabytes read in a second."),
    AsIs<&VmDisk::mbps_rd_max>("mbps_rd_max").Doc("Most megabytes read in a second of a burst."),
    AsIs<&VmDisk::mbps_wr>("mbps_wr").Doc("Most megabytes written in a second."),
    AsIs<&VmDisk::mbps_wr_max>("mbps_wr_max").Doc("Most megabytes written in a second of a burst."),
    AsIs<&VmDisk::iops_rd>("iops_rd").Doc("Most reads in a second."),
    AsIs<&VmDisk::iops_rd_max>("iops_rd_max").Doc("Most reads in a second of a burst."),
    AsIs<&VmDisk::iops_wr>("iops_wr").Doc("Most writes in a second."),
    AsIs<&VmDisk::iops_wr_max>("iops_wr_max").Doc("Most writes in a second of a burst."),
    schema::Attr<&VmDisk::on_remove>("on_remove")
        .Optional()
        .Check(kOnRemove)
        .Doc(
            "What happens to the volume when the disk leaves the configuration: `detach` (taken when left out) keeps it "
            "with the VM as an unused volume, `delete` deletes it."),
    schema::Attr<&VmDisk::keep_on_destroy>("keep_on_destroy")
        .Optional()
        .Doc(
            "Whether the volume outlives the VM. Every volume of Proxmox belongs to a VM, so destroying this one first hands the "
            "volume to a new, empty VM that is called like it, with `-kept` behind."));

struct VmCdrom {
  schema::Value<std::string> volume;
  friend bool operator==(const VmCdrom&, const VmCdrom&) = default;
};

constexpr auto kVmCdrom = schema::Describe<VmCdrom>(schema::Attr<&VmCdrom::volume>("volume").Required().Doc(
    "Image in the drive, such as `local:iso/nixos.iso`; `none` for an empty drive, `cdrom` for the node's own."));

struct VmEfiDisk {
  schema::Value<std::string> storage;
  schema::Value<std::string> type;
  schema::Value<bool> pre_enrolled_keys;
  schema::Value<std::string> format;
  schema::Value<std::string> volume;
  friend bool operator==(const VmEfiDisk&, const VmEfiDisk&) = default;
};

constexpr auto kVmEfiDisk = schema::Describe<VmEfiDisk>(
    AsIs<&VmEfiDisk::storage>("storage").Doc("Storage that holds it. A new one needs it; a change moves it."),
    AsIs<&VmEfiDisk::type>("type").Doc("Size of the variable store: `4m` or `2m`."),
    AsIs<&VmEfiDisk::pre_enrolled_keys>("pre_enrolled_keys")
        .Doc("Whether it starts with the usual Secure Boot keys."),
    AsIs<&VmEfiDisk::format>("format").Doc("Format of the volume on storages that keep files."),
    schema::Attr<&VmEfiDisk::volume>("volume").Computed().KeepState().Doc("Identifier of the volume."));

struct VmTpmState {
  schema::Value<std::string> storage;
  schema::Value<std::string> version;
  schema::Value<std::string> volume;
  friend bool operator==(const VmTpmState&, const VmTpmState&) = default;
};

constexpr auto kVmTpmState = schema::Describe<VmTpmState>(
    AsIs<&VmTpmState::storage>("storage").Doc(
        "Storage that holds it. A new one needs it; a change moves it."),
    AsIs<&VmTpmState::version>("version").Doc("Version of the TPM: `v2.0` or `v1.2`."),
    schema::Attr<&VmTpmState::volume>("volume").Computed().KeepState().Doc("Identifier of the volume."));

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_DISK_H_
