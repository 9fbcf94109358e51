#include "tests/emulators/proxmox/vm_options.h"

#include <algorithm>
#include <set>

namespace fediversity::emulators {
namespace {

// Options that every disk on a bus has.
constexpr std::string_view kDrive = R"(
  aio enum:native|threads|io_uring backup bool cache enum:none|writethrough|writeback|unsafe|directsync
  bps int bps_max_length int:1.. bps_rd int bps_rd_length =bps_rd_max_length bps_rd_max_length int:1..
  bps_wr int bps_wr_length =bps_wr_max_length bps_wr_max_length int:1..
  detect_zeroes bool discard enum:ignore|on file*! fmt:pve-volume-id-or-qm-path
  format enum:raw|qcow|qed|qcow2|vmdk|cloop import-from fmt:pve-volume-id-or-absolute-path
  iops int iops_max int iops_max_length int:1.. iops_rd int iops_rd_length =iops_rd_max_length iops_rd_max int
  iops_rd_max_length int:1.. iops_wr int iops_wr_length =iops_wr_max_length iops_wr_max int
  iops_wr_max_length int:1.. mbps num mbps_max num mbps_rd num mbps_rd_max num mbps_wr num mbps_wr_max num
  media enum:cdrom|disk replicate bool rerror enum:ignore|report|stop serial fmt:urlencoded shared bool
  size fmt:disk-size snapshot bool volume =file werror enum:enospc|ignore|report|stop
)";
constexpr std::string_view kSolidState = " ssd bool wwn re:^(0x)[0-9a-fA-F]{16} ";
constexpr std::string_view kGeometry = " cyls% int heads% int secs% int trans% enum:none|lba|auto ";
constexpr std::string_view kScsi = R"(
  iothread bool product^ re:[A-Za-z0-9\-_\s]{0,16} product% re:[A-Za-z0-9\-_]{0,16} queues int:2.. ro bool
  scsiblock bool vendor^ re:[A-Za-z0-9\-_\s]{0,8} vendor% re:[A-Za-z0-9\-_]{0,8}
)";

constexpr std::string_view kOptions = R"(
  acpi bool affinity fmt:pve-cpuset allow-ksm^ bool
  agent { enabled*! bool freeze-fs^ bool freeze-fs-on-backup^ =freeze-fs freeze-fs-on-backup% bool
          fstrim_cloned_disks bool guest-fsfreeze^ =freeze-fs type enum:virtio|isa }
  amd-sev fmt:pve-qemu-sev-fmt arch enum:x86_64|aarch64 args str
  audio0 { device! enum:ich9-intel-hda|intel-hda|AC97 driver enum:spice|none }
  autostart bool balloon int:0.. bios enum:seabios|ovmf boot fmt:pve-qm-boot
  bootdisk re:(ide|sata|scsi|virtio)\d+ cdrom fmt:pve-volume-id-or-qm-path cicustom fmt:pve-qm-cicustom cipassword str
  citype enum:configdrive2|nocloud|opennebula ciupgrade bool ciuser str cores int:1..
  cpu fmt:pve-vm-cpu-conf cpulimit num:0..128 cpuunits int:1..262144 description str:8192
  efidisk0 { efitype enum:2m|4m file*! fmt:pve-volume-id-or-qm-path format enum:raw|qcow|qed|qcow2|vmdk|cloop
             import-from fmt:pve-volume-id-or-absolute-path ms-cert enum:2011|2023|2023w|2023k
             pre-enrolled-keys bool size fmt:disk-size volume =file }
  freeze bool hookscript fmt:pve-volume-id hostpci[n] fmt:pve-qm-hostpci hotplug fmt:pve-hotplug-features
  hugepages enum:any|2|1024 intel-tdx^ fmt:pve-qemu-tdx-fmt ipconfig[n] fmt:pve-qm-ipconfig ivshmem { name re:[a-zA-Z0-9\-]+ size! int:1.. }
  keephugepages bool
  keyboard enum:de|de-ch|da|en-gb|en-us|es|fi|fr|fr-be|fr-ca|fr-ch|hu|is|it|ja|lt|mk|nl|no|pl|pt|pt-br|sv|sl|tr
  kvm bool localtime bool
  lock enum:backup|clone|create|migrate|rollback|snapshot|snapshot-delete|suspending|suspended
  machine { aw-bits^ num:32..64 enable-s3 bool enable-s4 bool
            type* re:(pc|pc(-i440fx)?-\d+(\.\d+)+(\+pve\d+)?(\.pxe)?|q35|pc-q35-\d+(\.\d+)+(\+pve\d+)?(\.pxe)?|virt(?:-\d+(\.\d+)+)?(\+pve\d+)?)
            viommu enum:intel|virtio }
  memory { current*! int:16.. } migrate_downtime num:0.. migrate_speed int:0.. name fmt:dns-name
  nameserver fmt:address-list
  net[n] { bridge fmt:pve-bridge-id e1000 ~model:macaddr e1000-82540em ~model:macaddr e1000-82544gc ~model:macaddr
           e1000-82545em ~model:macaddr e1000e ~model:macaddr firewall bool host-tunnel^ bool i82551 ~model:macaddr
           i82557b ~model:macaddr i82559er ~model:macaddr link_down bool macaddr fmt:mac-addr
           model*! enum:e1000|e1000-82540em|e1000-82544gc|e1000-82545em|e1000e|i82551|i82557b|i82559er|ne2k_isa|ne2k_pci|pcnet|rtl8139|virtio|vmxnet3
           mtu int:1..65520 ne2k_isa ~model:macaddr ne2k_pci ~model:macaddr pcnet ~model:macaddr queues int:0..64
           rate num:0.. rtl8139 ~model:macaddr tag int:1..4094 trunks re:\d+(?:-\d+)?(?:;\d+(?:-\d+)?)*
           virtio ~model:macaddr vmxnet3 ~model:macaddr }
  numa bool
  numa[n] { cpus! re:\d+(?:-\d+)?(?:;\d+(?:-\d+)?)* hostnodes re:\d+(?:-\d+)?(?:;\d+(?:-\d+)?)* memory num
            policy enum:preferred|bind|interleave }
  onboot bool ostype enum:other|wxp|w2k|w2k3|w2k8|wvista|win7|win8|win10|win11|l24|l26|solaris
  parallel[n] re:/dev/parport\d+|/dev/usb/lp\d+ protection bool reboot bool rng0 fmt:pve-qm-rng
  scsihw enum:lsi|lsi53c810|virtio-scsi-pci|virtio-scsi-single|megasas|pvscsi searchdomain str
  serial[n]^ re:(/dev/[^,]+|socket) serial[n]% re:(/dev/.+|socket) shares int:0..50000 smbios1 fmt:pve-qm-smbios1:512 smp int:1.. sockets int:1..
  spice_enhancements { foldersharing bool videostreaming enum:off|all|filter } sshkeys fmt:urlencoded
  startdate re:(now|\d{4}-\d{1,2}-\d{1,2}(T\d{1,2}:\d{1,2}:\d{1,2})?) startup fmt:pve-startup-order tablet bool
  tags fmt:pve-tag-list tdf bool template bool
  tpmstate0 { file*! fmt:pve-volume-id-or-qm-path format^ enum:raw|qcow2|vmdk
              import-from fmt:pve-volume-id-or-absolute-path size fmt:disk-size version enum:v1.2|v2.0 volume =file }
  unused[n] { file*! fmt:pve-volume-id volume =file }
  usb[n] { host* re:(0x)?[0-9A-Fa-f]{4}:(0x)?[0-9A-Fa-f]{4}|\d+\-\d+(\.\d+)*|[Ss][Pp][Ii][Cc][Ee]
           mapping fmt:pve-configid usb3 bool }
  vcpus int:1..
  vga { clipboard enum:vnc memory int:4..512
        type* enum:cirrus|qxl|qxl2|qxl3|qxl4|none|serial0|serial1|serial2|serial3|std|virtio|virtio-gl|vmware }
  virtiofs[n] { cache enum:auto|always|metadata|never direct-io bool dirid*! fmt:pve-configid expose-acl bool
                expose-xattr bool }
  vmgenid re:[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}|[01] vmstatestorage fmt:pve-storage-id
  watchdog fmt:pve-qm-watchdog
)";

std::string Disk(std::string_view bus, std::initializer_list<std::string_view> options) {
  std::string text = std::string(bus) + "[n] { " + std::string(kDrive);
  for (std::string_view const option : options) text += option;
  return text + " }\n";
}

Schema MakeOptions(Version version) {
  std::string text(kOptions);
  text += Disk("ide", {kSolidState, kGeometry, " model fmt:urlencoded "});
  text += Disk("sata", {kSolidState, kGeometry});
  text += Disk("scsi", {kSolidState, kGeometry, kScsi});
  text += Disk("virtio", {kGeometry, " iothread bool ro bool "});
  return ParseSchema(text, version);
}

bool IsNumbered(std::string_view name, std::string_view kind) {
  return name.starts_with(kind) && name.size() > kind.size() &&
         name.find_first_not_of("0123456789", kind.size()) == std::string_view::npos;
}

}  // namespace

const Schema& VmOptions(Version version) {
  static const Schema kEight = MakeOptions(Version::kEight);
  static const Schema kNine = MakeOptions(Version::kNine);
  return version == Version::kNine ? kNine : kEight;
}

bool IsConfigKey(Version version, std::string_view name) {
  static const std::set<std::string_view> kInternal = {"meta",           "parent",   "runningcpu",
                                                       "runningmachine", "snaptime", "vmstate"};
  return kInternal.contains(name) || VmOptions(version).Find(name) != nullptr;
}

Json OptionToJson(std::string_view name, const std::string& value) {
  const Property* const property = VmOptions(Version::kNine).Find(name);
  if (property != nullptr &&
      (property->kind == Property::Kind::kBoolean || property->kind == Property::Kind::kInteger)) {
    if (auto const number = ParseInteger(value)) return *number;
  }
  return value;
}

bool IsDrive(std::string_view name) {
  return IsNumbered(name, "ide") || IsNumbered(name, "sata") || IsNumbered(name, "scsi") ||
         IsNumbered(name, "virtio") || name == "efidisk0" || name == "tpmstate0";
}

bool IsUnused(std::string_view name) { return IsNumbered(name, "unused"); }
bool IsNetwork(std::string_view name) { return IsNumbered(name, "net"); }

bool IsCloudInitOption(std::string_view name) {
  static const std::set<std::string_view> kNames = {"cicustom", "cipassword", "citype",       "ciupgrade",
                                                    "ciuser",   "nameserver", "searchdomain", "sshkeys"};
  return kNames.contains(name) || IsNumbered(name, "ipconfig");
}

const std::vector<std::string>& DriveSlots() {
  static const std::vector<std::string> kSlots = [] {
    std::vector<std::string> slots = {"efidisk0"};
    for (const auto& [bus, count] : {std::pair{"ide", 4}, {"scsi", 31}, {"virtio", 16}, {"sata", 6}}) {
      for (int number = 0; number < count; ++number) slots.push_back(bus + std::to_string(number));
    }
    slots.emplace_back("tpmstate0");
    return slots;
  }();
  return kSlots;
}

}  // namespace fediversity::emulators
