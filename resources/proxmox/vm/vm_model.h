#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_MODEL_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_MODEL_H_

// The table of fediversity_proxmox_vm.

#include <cstdint>
#include <string>

#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"
#include "resources/proxmox/vm/option_name.h"
#include "resources/proxmox/vm/row.h"
#include "resources/proxmox/vm/rules.h"
#include "resources/proxmox/vm/vm_disk.h"
#include "resources/proxmox/vm/vm_guest.h"
#include "resources/proxmox/vm/vm_hardware.h"
#include "resources/proxmox/vm/vm_network.h"

namespace fediversity::resources {

struct VmClone {
  schema::Value<std::string> source;
  schema::Value<bool> full;
  schema::Value<std::string> storage;
  schema::Value<std::string> format;
  schema::Value<std::string> snapshot;
  friend bool operator==(const VmClone&, const VmClone&) = default;
};

constexpr auto kVmClone = schema::Describe<VmClone>(
    schema::Attr<&VmClone::source>("source").Required().Doc(
        "VMID or name of the template or VM that is cloned."),
    schema::Attr<&VmClone::full>("full").Optional().Doc(
        "Whether all disks are copied. Left out, a template is cloned by links and a VM is copied. Only copies get to another "
        "node with disks that it does not share: they are made beside their source and migrate."),
    schema::Attr<&VmClone::storage>("storage").Optional().Doc(
        "Storage that gets the copied disks; the source's when left out."),
    schema::Attr<&VmClone::format>("format").Optional().Doc("Format of the copied disks."),
    schema::Attr<&VmClone::snapshot>("snapshot")
        .Optional()
        .Doc("Snapshot of the source that is cloned; its present state when left out."));

struct VmHighAvailability {
  schema::Value<std::string> state;
  schema::Value<std::string> group;
  schema::Value<std::int64_t> max_restart;
  schema::Value<std::int64_t> max_relocate;
  friend bool operator==(const VmHighAvailability&, const VmHighAvailability&) = default;
};

constexpr auto kVmHighAvailability = schema::Describe<VmHighAvailability>(
    schema::Attr<&VmHighAvailability::state>("state").Required().Check(kHaState).Doc(
        "What HA keeps the VM at: `started`, `stopped`, `ignored` or `disabled`; `none` takes the VM out of HA. It must not "
        "contradict `started`."),
    AsIs<&VmHighAvailability::group>("group").Doc(
        "HA group, up to Proxmox VE 8. Later versions have rules instead, and refuse it."),
    AsIs<&VmHighAvailability::max_restart>("max_restart")
        .Check(kNotNegative)
        .Doc("Most attempts to start it on one node."),
    AsIs<&VmHighAvailability::max_relocate>("max_relocate")
        .Check(kNotNegative)
        .Doc("Most attempts to start it on other nodes."));

struct VmMigration {
  schema::Value<bool> with_local_disks;
  schema::Value<std::string> target_storage;
  friend bool operator==(const VmMigration&, const VmMigration&) = default;
};

constexpr auto kVmMigration = schema::Describe<VmMigration>(
    schema::Attr<&VmMigration::with_local_disks>("with_local_disks")
        .Optional()
        .Doc("Whether disks on storages that the other node does not share are copied."),
    schema::Attr<&VmMigration::target_storage>("target_storage")
        .Optional()
        .Doc("Storage of the other node that gets them, or pairs such as `local:local2`."));

struct VmShutdown {
  schema::Value<std::string> timeout;
  schema::Value<bool> force;
  friend bool operator==(const VmShutdown&, const VmShutdown&) = default;
};

constexpr auto kVmShutdown = schema::Describe<VmShutdown>(
    schema::Attr<&VmShutdown::timeout>("timeout")
        .Optional()
        .Check(schema::kDuration)
        .Doc("Time that the guest gets to shut down, three minutes when left out."),
    schema::Attr<&VmShutdown::force>("force").Optional().Doc(
        "Whether the VM is switched off when that time is over; yes when left out."));

struct ProxmoxVm {
  schema::Value<std::string> name;
  schema::Value<std::int64_t> vmid;
  schema::Value<std::string> node;
  schema::Value<VmClone> clone;
  schema::Value<std::string> description;
  schema::Value<schema::Set<std::string>> tags;
  schema::Value<std::string> pool;
  schema::Value<bool> started;
  schema::Value<std::string> reboot;
  schema::Value<bool> on_boot;
  schema::Value<bool> is_template;
  schema::Value<bool> protection;
  schema::Value<VmCpu> cpu;
  schema::Value<schema::Map<VmNumaNode>> numa_nodes;
  schema::Value<VmMemory> memory;
  schema::Value<schema::Map<VmDisk>> disks;
  schema::Value<schema::Map<VmCdrom>> cdroms;
  schema::Value<VmEfiDisk> efi_disk;
  schema::Value<VmTpmState> tpm_state;
  schema::Value<schema::Map<VmNetwork>> networks;
  schema::Value<VmCloudInit> cloud_init;
  schema::Value<VmAgent> agent;
  schema::Value<std::string> os_type;
  schema::Value<std::string> machine;
  schema::Value<std::string> viommu;
  schema::Value<std::string> bios;
  schema::Value<std::string> scsi_hardware;
  schema::Value<schema::List<std::string>> boot_order;
  schema::Value<VmStartup> startup;
  schema::Value<schema::Set<std::string>> hotplug;
  schema::Value<bool> acpi;
  schema::Value<bool> kvm;
  schema::Value<bool> tablet;
  schema::Value<bool> local_time;
  schema::Value<std::string> keyboard;
  schema::Value<std::string> args;
  schema::Value<std::string> hook_script;
  schema::Value<VmVga> vga;
  schema::Value<VmAudio> audio;
  schema::Value<VmRng> rng;
  schema::Value<VmWatchdog> watchdog;
  schema::Value<VmSmbios> smbios;
  schema::Value<VmAmdSev> amd_sev;
  schema::Value<schema::Map<std::string>> serial_devices;
  schema::Value<schema::Map<VmPciDevice>> pci_devices;
  schema::Value<schema::Map<VmUsbDevice>> usb_devices;
  schema::Value<schema::Map<VmVirtiofs>> virtiofs;
  schema::Value<VmHighAvailability> ha;
  schema::Value<VmMigration> migration;
  schema::Value<VmShutdown> shutdown;
  schema::Value<schema::Set<std::string>> unset;
  schema::Value<bool> reboot_required;
  schema::Value<VmAddresses> addresses;
  schema::Value<VmTarget> target;
  schema::Value<schema::Timeouts> timeouts;
};

constexpr auto kProxmoxVm = schema::Describe<ProxmoxVm>(
    {.name = "fediversity_proxmox_vm",
     .doc =
         "A virtual machine of a Proxmox VE cluster. Whatever is left out stays as it is: what the template gave, what "
         "somebody set by hand, or Proxmox's default. Everything that Proxmox changes in place is changed in place; only "
         "another `vmid` replaces the machine.",
     .import_id = "{vmid}",
     .identity = {"vmid"}},
    AsIs<&ProxmoxVm::name>("name").Check(kDnsName).Doc(
        "Name, a DNS name. Creating a VM refuses a name that another VM has."),
    AsIs<&ProxmoxVm::vmid>("vmid").Check(kVmid).Replaces().Doc(
        "Number of the VM in its cluster; a free one when left out."),
    AsIs<&ProxmoxVm::node>("node").Doc(
        "Node that the VM is on. Another node migrates it. Left out, it is made on its template's node, else on the node "
        "with the most free memory, and from then on it may move: no plan moves it back."),
    schema::Attr<&ProxmoxVm::clone>("clone").Optional().Nested<kVmClone>().Doc(
        "What a new VM is cloned from. Later changes of it do nothing."),
    AsIs<&ProxmoxVm::description>("description").Doc("Notes, in Markdown."),
    AsIs<&ProxmoxVm::tags>("tags").CheckEach(kTag).Doc("Tags, without order."),
    AsIs<&ProxmoxVm::pool>("pool").Doc("Pool that the VM is in."),
    AsIs<&ProxmoxVm::started>("started").Doc(
        "Whether the VM runs. Left out, it follows `ha.state` where that changes; else a new VM is not started."),
    schema::Attr<&ProxmoxVm::reboot>("reboot").Optional().Check(kReboot).Doc(
        "What a change does that a running VM takes up only at its next start: `never`, taken when left out, leaves it "
        "waiting and says so; `when_needed` reboots the VM."),
    AsIs<&ProxmoxVm::on_boot>("on_boot").Doc("Whether it starts with its node."),
    AsIs<&ProxmoxVm::is_template>("template")
        .Doc("Whether it is a template. A VM becomes one in place; there is no way back."),
    AsIs<&ProxmoxVm::protection>("protection").Doc("Whether Proxmox refuses to delete the VM and its disks."),
    AsIs<&ProxmoxVm::cpu>("cpu").Nested<kVmCpu>().Doc("Processors."),
    AsIs<&ProxmoxVm::numa_nodes>("numa_nodes")
        .Nested<kVmNumaNode>()
        .Doc("NUMA nodes of the guest by slot, `numa0` to `numa7`."),
    AsIs<&ProxmoxVm::memory>("memory").Nested<kVmMemory>().Doc("Memory."),
    AsIs<&ProxmoxVm::disks>("disks").Nested<kVmDisk>().Doc(
        "Disks by slot: `scsi0` to `scsi30`, `virtio0` to `virtio15`, `sata0` to `sata5`, `ide0` to `ide3`. A disk that "
        "leaves the map is detached, or deleted as its `on_remove` says."),
    AsIs<&ProxmoxVm::cdroms>("cdroms").Nested<kVmCdrom>().Doc("CD-ROM drives by slot."),
    AsIs<&ProxmoxVm::efi_disk>("efi_disk").Nested<kVmEfiDisk>().Doc("Volume for UEFI variables."),
    AsIs<&ProxmoxVm::tpm_state>("tpm_state").Nested<kVmTpmState>().Doc("Volume for the state of a TPM."),
    AsIs<&ProxmoxVm::networks>("networks")
        .Nested<kVmNetwork>()
        .Doc("Network cards by slot, `net0` to `net31`. One that leaves the map is removed."),
    AsIs<&ProxmoxVm::cloud_init>("cloud_init").Nested<kVmCloudInit>().Doc("Cloud-init."),
    AsIs<&ProxmoxVm::agent>("agent").Nested<kVmAgent>().Doc("QEMU's guest agent."),
    AsIs<&ProxmoxVm::os_type>("os_type").Doc("Operating system of the guest, such as `l26` or `win11`."),
    AsIs<&ProxmoxVm::machine>("machine").Check(kMachine).Doc(
        "Machine type, such as `q35` or `pc-q35-9.2+pve1`."),
    AsIs<&ProxmoxVm::viommu>("viommu").Doc("IOMMU that the guest sees: `intel`, on `q35` only, or `virtio`."),
    AsIs<&ProxmoxVm::bios>("bios").Doc("Firmware: `seabios` or `ovmf`."),
    AsIs<&ProxmoxVm::scsi_hardware>("scsi_hardware").Doc("SCSI controller, such as `virtio-scsi-single`."),
    AsIs<&ProxmoxVm::boot_order>("boot_order").Doc("Slots to boot from, first to last."),
    AsIs<&ProxmoxVm::startup>("startup").Nested<kVmStartup>().Doc("When it starts and stops with its node."),
    AsIs<&ProxmoxVm::hotplug>("hotplug").Doc(
        "What is plugged in while it runs: `network`, `disk`, `cpu`, `memory`, `usb`, `cloudinit`; or only `1`, Proxmox's "
        "choice. Nothing where it is empty."),
    AsIs<&ProxmoxVm::acpi>("acpi").Doc("Whether the guest has ACPI."),
    AsIs<&ProxmoxVm::kvm>("kvm").Doc("Whether KVM is used."),
    AsIs<&ProxmoxVm::tablet>("tablet").Doc(
        "Whether the pointer is a tablet, which keeps it in step with the console."),
    AsIs<&ProxmoxVm::local_time>("local_time").Doc("Whether the clock shows local time."),
    AsIs<&ProxmoxVm::keyboard>("keyboard").Doc("Keyboard layout of the console."),
    AsIs<&ProxmoxVm::args>("args").Doc("Arguments for QEMU. Only `root@pam` with a password may set them."),
    AsIs<&ProxmoxVm::hook_script>("hook_script")
        .Doc(
            "Snippet that Proxmox runs at steps of the VM's life, such as `local:snippets/hook.pl`. Only `root@pam` with a "
            "password may set it."),
    AsIs<&ProxmoxVm::vga>("vga").Nested<kVmVga>().Doc("Display."),
    AsIs<&ProxmoxVm::audio>("audio").Nested<kVmAudio>().Doc("Sound card."),
    AsIs<&ProxmoxVm::rng>("rng").Nested<kVmRng>().Doc("Random number generator."),
    AsIs<&ProxmoxVm::watchdog>("watchdog").Nested<kVmWatchdog>().Doc("Watchdog."),
    AsIs<&ProxmoxVm::smbios>("smbios").Nested<kVmSmbios>().Doc("What the guest reads from SMBIOS."),
    AsIs<&ProxmoxVm::amd_sev>("amd_sev").Nested<kVmAmdSev>().Doc(
        "Encryption of the guest's memory on AMD's processors; needs the firmware `ovmf`. Only `root@pam` with a password "
        "may set it."),
    AsIs<&ProxmoxVm::serial_devices>("serial_devices")
        .Doc("Serial ports by slot, `serial0` to `serial3`: `socket`, or a device of the node."),
    AsIs<&ProxmoxVm::pci_devices>("pci_devices")
        .Nested<kVmPciDevice>()
        .Doc("PCI devices by slot, `hostpci0` to `hostpci15`."),
    AsIs<&ProxmoxVm::usb_devices>("usb_devices")
        .Nested<kVmUsbDevice>()
        .Doc("USB devices by slot, `usb0` to `usb13`."),
    AsIs<&ProxmoxVm::virtiofs>("virtiofs")
        .Nested<kVmVirtiofs>()
        .Doc("Directories of the node by slot, `virtiofs0` to `virtiofs9`."),
    AsIs<&ProxmoxVm::ha>("ha").Nested<kVmHighAvailability>().Doc("High availability."),
    schema::Attr<&ProxmoxVm::migration>("migration")
        .Optional()
        .Nested<kVmMigration>()
        .Doc("How the VM moves to another node."),
    schema::Attr<&ProxmoxVm::shutdown>("shutdown")
        .Optional()
        .Nested<kVmShutdown>()
        .Doc("How the VM is stopped, where it has to be."),
    schema::Attr<&ProxmoxVm::unset>("unset").Optional().CheckEach(kUnset).Doc(
        "Options to remove, so that Proxmox's default holds again, by their names in Proxmox: `watchdog`, `cpulimit`, "
        "`vcpus`; or parts of them: `vga.memory`, `net0.tag`, `ipconfig0.gw`. A drive that is named here is detached. What "
        "only `root@pam` may set, such as `spice_enhancements`, only it may remove."),
    schema::Attr<&ProxmoxVm::reboot_required>("reboot_required")
        .Computed()
        .Doc("Whether changes wait for the VM's next start."),
    schema::Attr<&ProxmoxVm::addresses>("addresses")
        .Computed()
        .Nested<kVmAddresses>()
        .Doc("Addresses of the guest: from the agent where it is asked, else those configured."),
    schema::Attr<&ProxmoxVm::target>("target").Computed().Nested<kVmTarget>().Doc(
        "How other resources reach the VM over SSH."),
    schema::Attr<&ProxmoxVm::timeouts>("timeouts")
        .Optional()
        .Nested<schema::kTimeouts>()
        .Doc(
            "How long each operation may take; half an hour where it is left out. Waiting for other clones of a "
            "template comes on top."));

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_MODEL_H_
