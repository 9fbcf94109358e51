#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_HARDWARE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_HARDWARE_H_

// Processors, memory and devices of fediversity_proxmox_vm, but for disks and networks.

#include <cstdint>
#include <string>

#include "provider/schema/model.h"
#include "provider/wire/number.h"
#include "resources/proxmox/vm/row.h"
#include "resources/proxmox/vm/rules.h"

namespace fediversity::resources {

struct VmCpu {
  schema::Value<std::string> type;
  schema::Value<std::int64_t> cores;
  schema::Value<std::int64_t> sockets;
  schema::Value<std::int64_t> vcpus;
  schema::Value<wire::Number> limit;
  schema::Value<std::int64_t> units;
  schema::Value<std::string> affinity;
  schema::Value<schema::Set<std::string>> flags;
  schema::Value<bool> numa;
  friend bool operator==(const VmCpu&, const VmCpu&) = default;
};

constexpr auto kVmCpu = schema::Describe<VmCpu>(
    AsIs<&VmCpu::type>("type").Doc("Model that the guest sees, such as `x86-64-v2-AES` or `host`."),
    AsIs<&VmCpu::cores>("cores").Check(kPositive).Doc("Cores of each socket."),
    AsIs<&VmCpu::sockets>("sockets").Check(kPositive).Doc("Number of sockets."),
    AsIs<&VmCpu::vcpus>("vcpus").Check(kPositive).Doc(
        "Virtual processors that are plugged in at start; all when left out."),
    AsIs<&VmCpu::limit>("limit").Doc("Most processor time, in cores; `0` for no limit."),
    AsIs<&VmCpu::units>("units").Check(kPositive).Doc("Weight against other guests of the node."),
    AsIs<&VmCpu::affinity>("affinity")
        .Doc(
            "Cores of the node that it may run on, such as `0-3,8`. Only `root@pam` with a password may set it."),
    AsIs<&VmCpu::flags>("flags").Doc("Flags switched on or off, such as `+aes` and `-pcid`."),
    AsIs<&VmCpu::numa>("numa").Doc("Whether the guest sees NUMA nodes."));

struct VmNumaNode {
  schema::Value<std::string> cpus;
  schema::Value<std::string> host_nodes;
  schema::Value<wire::Number> memory;
  schema::Value<std::string> policy;
  friend bool operator==(const VmNumaNode&, const VmNumaNode&) = default;
};

constexpr auto kVmNumaNode = schema::Describe<VmNumaNode>(
    schema::Attr<&VmNumaNode::cpus>("cpus").Required().Doc(
        "Processors of the guest in this node, such as `0-3;6`."),
    AsIs<&VmNumaNode::host_nodes>("host_nodes").Doc("NUMA nodes of the host, such as `0-1`."),
    AsIs<&VmNumaNode::memory>("memory").Doc("Memory of this node in MiB."),
    AsIs<&VmNumaNode::policy>("policy").Doc(
        "How memory is taken from the host: `preferred`, `bind` or `interleave`."));

struct VmMemory {
  schema::Value<std::string> size;
  schema::Value<std::string> balloon;
  schema::Value<std::int64_t> shares;
  schema::Value<std::string> hugepages;
  schema::Value<bool> keep_hugepages;
  friend bool operator==(const VmMemory&, const VmMemory&) = default;
};

constexpr auto kVmMemory = schema::Describe<VmMemory>(
    AsIs<&VmMemory::size>("size").Check(kMebibytes).Doc("Most memory, such as `4G`."),
    AsIs<&VmMemory::balloon>("balloon")
        .Check(kMebibytes)
        .Doc("Memory that the VM keeps when the node runs short; `0` switches ballooning off."),
    AsIs<&VmMemory::shares>("shares").Doc("Weight against other guests when the node runs short of memory."),
    AsIs<&VmMemory::hugepages>("hugepages")
        .Doc(
            "Size of huge pages in MiB, `2` or `1024`, or `any`. Only `root@pam` with a password may set it."),
    AsIs<&VmMemory::keep_hugepages>("keep_hugepages")
        .Doc(
            "Whether huge pages stay allocated after shutdown. Only `root@pam` with a password may set it."));

struct VmVga {
  schema::Value<std::string> type;
  schema::Value<std::int64_t> memory;
  schema::Value<std::string> clipboard;
  friend bool operator==(const VmVga&, const VmVga&) = default;
};

constexpr auto kVmVga = schema::Describe<VmVga>(
    AsIs<&VmVga::type>("type").Doc("Display device, such as `std`, `virtio`, `qxl`, `serial0` or `none`."),
    AsIs<&VmVga::memory>("memory").Doc("Video memory in MiB."),
    AsIs<&VmVga::clipboard>("clipboard").Doc("Clipboard of the console: `vnc`."));

struct VmAudio {
  schema::Value<std::string> device;
  schema::Value<std::string> driver;
  friend bool operator==(const VmAudio&, const VmAudio&) = default;
};

constexpr auto kVmAudio =
    schema::Describe<VmAudio>(schema::Attr<&VmAudio::device>("device").Required().Doc(
                                  "Sound card: `ich9-intel-hda`, `intel-hda` or `AC97`."),
                              AsIs<&VmAudio::driver>("driver").Doc("Where sound goes: `spice` or `none`."));

struct VmRng {
  schema::Value<std::string> source;
  schema::Value<std::int64_t> max_bytes;
  schema::Value<std::int64_t> period;
  friend bool operator==(const VmRng&, const VmRng&) = default;
};

constexpr auto kVmRng = schema::Describe<VmRng>(
    schema::Attr<&VmRng::source>("source").Required().Doc(
        "Where random numbers come from, such as `/dev/urandom`."),
    AsIs<&VmRng::max_bytes>("max_bytes").Doc("Most bytes in a period; `0` for no limit."),
    AsIs<&VmRng::period>("period").Doc("Length of a period in milliseconds."));

struct VmAmdSev {
  schema::Value<std::string> type;
  schema::Value<bool> allow_smt;
  schema::Value<bool> kernel_hashes;
  schema::Value<bool> no_debug;
  schema::Value<bool> no_key_sharing;
  friend bool operator==(const VmAmdSev&, const VmAmdSev&) = default;
};

constexpr auto kVmAmdSev = schema::Describe<VmAmdSev>(
    schema::Attr<&VmAmdSev::type>("type").Required().Doc(
        "How much of the guest is encrypted: `std`, `es` or `snp`."),
    AsIs<&VmAmdSev::allow_smt>("allow_smt")
        .Doc("Whether the guest may run where the node's cores have two threads; `snp` only."),
    AsIs<&VmAmdSev::kernel_hashes>("kernel_hashes")
        .Doc(
            "Whether the hashes of a kernel that QEMU loads are put where the guest's firmware checks them."),
    AsIs<&VmAmdSev::no_debug>("no_debug").Doc("Whether the node cannot debug the guest."),
    AsIs<&VmAmdSev::no_key_sharing>("no_key_sharing")
        .Doc("Whether the guest shares its key with no other; not with `snp`."));

struct VmWatchdog {
  schema::Value<std::string> model;
  schema::Value<std::string> action;
  friend bool operator==(const VmWatchdog&, const VmWatchdog&) = default;
};

constexpr auto kVmWatchdog = schema::Describe<VmWatchdog>(
    AsIs<&VmWatchdog::model>("model").Doc("Watchdog device: `i6300esb` or `ib700`."),
    AsIs<&VmWatchdog::action>("action").Doc(
        "What happens when the guest hangs, such as `reset` or `poweroff`."));

struct VmSmbios {
  schema::Value<std::string> uuid;
  schema::Value<std::string> manufacturer;
  schema::Value<std::string> product;
  schema::Value<std::string> version;
  schema::Value<std::string> serial;
  schema::Value<std::string> sku;
  schema::Value<std::string> family;
  friend bool operator==(const VmSmbios&, const VmSmbios&) = default;
};

constexpr auto kVmSmbios = schema::Describe<VmSmbios>(
    schema::Attr<&VmSmbios::uuid>("uuid").Computed().KeepState().Doc(
        "UUID of the VM, by which it is told from another VM that later gets its VMID."),
    AsIs<&VmSmbios::manufacturer>("manufacturer").Doc("Manufacturer that the guest sees."),
    AsIs<&VmSmbios::product>("product").Doc("Product that the guest sees."),
    AsIs<&VmSmbios::version>("version").Doc("Version that the guest sees."),
    AsIs<&VmSmbios::serial>("serial").Doc("Serial number that the guest sees."),
    AsIs<&VmSmbios::sku>("sku").Doc("SKU that the guest sees."),
    AsIs<&VmSmbios::family>("family").Doc("Product family that the guest sees."));

struct VmPciDevice {
  schema::Value<std::string> host;
  schema::Value<std::string> mapping;
  schema::Value<std::string> mdev;
  schema::Value<bool> pcie;
  schema::Value<bool> rombar;
  schema::Value<std::string> rom_file;
  schema::Value<bool> primary_gpu;
  friend bool operator==(const VmPciDevice&, const VmPciDevice&) = default;
};

constexpr auto kVmPciDevice = schema::Describe<VmPciDevice>(
    AsIs<&VmPciDevice::host>("host").Doc(
        "Address of the node's device, such as `0000:01:00.0`. Only `root@pam` with a password may set it; use `mapping`."),
    AsIs<&VmPciDevice::mapping>("mapping").Doc("Name of a resource mapping of the cluster."),
    AsIs<&VmPciDevice::mdev>("mdev").Doc("Type of a mediated device."),
    AsIs<&VmPciDevice::pcie>("pcie").Doc(
        "Whether the guest sees a PCI Express device; needs the machine `q35`."),
    AsIs<&VmPciDevice::rombar>("rombar").Doc("Whether the guest sees the device's ROM."),
    AsIs<&VmPciDevice::rom_file>("rom_file").Doc("ROM file in the node's `/usr/share/kvm`."),
    AsIs<&VmPciDevice::primary_gpu>("primary_gpu").Doc("Whether it is the guest's first display."));

struct VmUsbDevice {
  schema::Value<std::string> host;
  schema::Value<std::string> mapping;
  schema::Value<bool> usb3;
  friend bool operator==(const VmUsbDevice&, const VmUsbDevice&) = default;
};

constexpr auto kVmUsbDevice = schema::Describe<VmUsbDevice>(
    AsIs<&VmUsbDevice::host>("host").Doc(
        "The node's device as `vendor:product` or `bus-port`, or `spice`. A real device needs `root@pam`; use `mapping`."),
    AsIs<&VmUsbDevice::mapping>("mapping").Doc("Name of a resource mapping of the cluster."),
    AsIs<&VmUsbDevice::usb3>("usb3").Doc("Whether it is a USB 3 device."));

struct VmVirtiofs {
  schema::Value<std::string> mapping;
  schema::Value<std::string> cache;
  schema::Value<bool> direct_io;
  schema::Value<bool> expose_acl;
  schema::Value<bool> expose_xattr;
  friend bool operator==(const VmVirtiofs&, const VmVirtiofs&) = default;
};

constexpr auto kVmVirtiofs = schema::Describe<VmVirtiofs>(
    schema::Attr<&VmVirtiofs::mapping>("mapping").Required().Doc(
        "Name of a directory mapping of the cluster."),
    AsIs<&VmVirtiofs::cache>("cache").Doc("Caching: `auto`, `always`, `metadata` or `never`."),
    AsIs<&VmVirtiofs::direct_io>("direct_io").Doc("Whether the guest's O_DIRECT is honoured."),
    AsIs<&VmVirtiofs::expose_acl>("expose_acl").Doc("Whether the guest sees access control lists."),
    AsIs<&VmVirtiofs::expose_xattr>("expose_xattr").Doc("Whether the guest sees extended attributes."));

struct VmStartup {
  schema::Value<std::int64_t> order;
  schema::Value<std::int64_t> up_delay;
  schema::Value<std::int64_t> down_delay;
  friend bool operator==(const VmStartup&, const VmStartup&) = default;
};

constexpr auto kVmStartup = schema::Describe<VmStartup>(
    AsIs<&VmStartup::order>("order").Doc(
        "Place among the guests that start with the node; lower is earlier."),
    AsIs<&VmStartup::up_delay>("up_delay").Doc("Seconds to wait after its start before the next one."),
    AsIs<&VmStartup::down_delay>("down_delay").Doc("Seconds to wait for its shutdown before the next one."));

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_HARDWARE_H_
