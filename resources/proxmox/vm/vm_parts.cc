#include "resources/proxmox/vm/vm_parts.h"

#include "provider/backends/proxmox/text/smbios.h"
#include "resources/proxmox/vm/drive_parts.h"
#include "resources/proxmox/vm/drive_slots.h"
#include "resources/proxmox/vm/part.h"
#include "resources/proxmox/vm/unset.h"

namespace fediversity::resources {
namespace {

using proxmox::Bus;

constexpr Bus kDriveBuses[] = {Bus::kIde, Bus::kSata, Bus::kScsi, Bus::kVirtio};
constexpr Bus kNetBuses[] = {Bus::kNet};
constexpr Bus kNumaBuses[] = {Bus::kNuma};
constexpr Bus kPciBuses[] = {Bus::kHostPci};
constexpr Bus kUsbBuses[] = {Bus::kUsb};
constexpr Bus kSerialBuses[] = {Bus::kSerial};
constexpr Bus kVirtiofsBuses[] = {Bus::kVirtiofs};

constexpr Part<VmCpu> kCpuParts[] = {
    Bind<&VmCpu::type>("cpu", "cputype"), Bind<&VmCpu::flags, SetFormat<';'>>("cpu", "flags"),
    Bind<&VmCpu::cores>("cores"),         Bind<&VmCpu::sockets>("sockets"),
    Bind<&VmCpu::vcpus>("vcpus"),         Bind<&VmCpu::limit>("cpulimit"),
    Bind<&VmCpu::units>("cpuunits"),      Bind<&VmCpu::affinity>("affinity"),
    Bind<&VmCpu::numa>("numa"),
};

constexpr Part<VmNumaNode> kNumaParts[] = {
    Bind<&VmNumaNode::cpus>("", "cpus"),
    Bind<&VmNumaNode::host_nodes>("", "hostnodes"),
    Bind<&VmNumaNode::memory>("", "memory"),
    Bind<&VmNumaNode::policy>("", "policy"),
};

constexpr Part<VmMemory> kMemoryParts[] = {
    Bind<&VmMemory::size, MebibyteFormat>("memory", "current"),
    Bind<&VmMemory::balloon, MebibyteFormat>("balloon"),
    Bind<&VmMemory::shares>("shares"),
    Bind<&VmMemory::hugepages>("hugepages"),
    Bind<&VmMemory::keep_hugepages>("keephugepages"),
};

const Part<VmDisk> kDiskParts[] = {
    DiskVolume(),
    Bind<&VmDisk::aio>("", "aio"),
    Bind<&VmDisk::backup>("", "backup"),
    Bind<&VmDisk::cache>("", "cache"),
    Bind<&VmDisk::detect_zeroes>("", "detect_zeroes"),
    Bind<&VmDisk::discard>("", "discard"),
    Bind<&VmDisk::iothread>("", "iothread"),
    Bind<&VmDisk::queues>("", "queues"),
    Bind<&VmDisk::read_only>("", "ro"),
    Bind<&VmDisk::replicate>("", "replicate"),
    Bind<&VmDisk::rerror>("", "rerror"),
    Bind<&VmDisk::werror>("", "werror"),
    Bind<&VmDisk::serial, UrlEncodedFormat>("", "serial"),
    Bind<&VmDisk::shared>("", "shared"),
    Bind<&VmDisk::ssd>("", "ssd"),
    Bind<&VmDisk::wwn>("", "wwn"),
    Bind<&VmDisk::mbps_rd>("", "mbps_rd"),
    Bind<&VmDisk::mbps_rd_max>("", "mbps_rd_max"),
    Bind<&VmDisk::mbps_wr>("", "mbps_wr"),
    Bind<&VmDisk::mbps_wr_max>("", "mbps_wr_max"),
    Bind<&VmDisk::iops_rd>("", "iops_rd"),
    Bind<&VmDisk::iops_rd_max>("", "iops_rd_max"),
    Bind<&VmDisk::iops_wr>("", "iops_wr"),
    Bind<&VmDisk::iops_wr_max>("", "iops_wr_max"),
};

const Part<VmCdrom> kCdromParts[] = {CdromVolume()};

const Part<VmEfiDisk> kEfiParts[] = {
    EfiVolume(),
    Bind<&VmEfiDisk::type>("efidisk0", "efitype"),
    Bind<&VmEfiDisk::pre_enrolled_keys>("efidisk0", "pre-enrolled-keys"),
};

const Part<VmTpmState> kTpmParts[] = {
    TpmVolume(),
    Bind<&VmTpmState::version>("tpmstate0", "version"),
};

// A plan without a gateway is also without one that a clone inherits.
template <typename Family, typename Format>
constexpr Part<Family> BindGateway(const char* option) {
  Part<Family> part = Bind<&Family::gateway, Format>("ipconfig", option);
  part.write = [](const Part<Family>& self, const Family* prior, const Family& plan, std::string_view slot,
                  VmOptions& options) -> absl::Status {
    if (prior == nullptr && plan.gateway.is_null()) {
      return options.Remove(internal::ResolveKey(self.key, slot), self.option);
    }
    return Bind<&Family::gateway, Format>(self.key, self.option).write(self, prior, plan, slot, options);
  };
  return part;
}

constexpr Part<VmIpv4> kIpv4Parts[] = {
    Bind<&VmIpv4::address>("ipconfig", "ip"),
    BindGateway<VmIpv4, TextFormat>("gw"),
};

constexpr Part<VmIpv6> kIpv6Parts[] = {
    Bind<&VmIpv6::address, LowerCaseFormat>("ipconfig", "ip6"),
    BindGateway<VmIpv6, LowerCaseFormat>("gw6"),
};

// A card that is there keeps its model where none is planned; a new one needs one.
constexpr Part<VmNetwork> BindModel() {
  Part<VmNetwork> part = Bind<&VmNetwork::model>("", "model");
  part.write = [](const Part<VmNetwork>& self, const VmNetwork* prior, const VmNetwork& plan,
                  std::string_view slot, VmOptions& options) -> absl::Status {
    if (!plan.model.has_value() && !options.Has(slot)) return options.Set(slot, self.option, "virtio");
    return Bind<&VmNetwork::model>("", "model").write(self, prior, plan, slot, options);
  };
  return part;
}

constexpr Part<VmNetwork> kNetworkParts[] = {
    BindModel(),
    Bind<&VmNetwork::mac_address, MacFormat>("", "macaddr"),
    Bind<&VmNetwork::bridge>("", "bridge"),
    Bind<&VmNetwork::vlan>("", "tag"),
    Bind<&VmNetwork::trunks, SetFormat<';'>>("", "trunks"),
    Bind<&VmNetwork::firewall>("", "firewall"),
    Bind<&VmNetwork::link_down>("", "link_down"),
    Bind<&VmNetwork::mtu>("", "mtu"),
    Bind<&VmNetwork::queues>("", "queues"),
    Bind<&VmNetwork::rate>("", "rate"),
    In<&VmNetwork::ipv4, kIpv4Parts>(),
    In<&VmNetwork::ipv6, kIpv6Parts>(),
};

const Part<VmCloudInit> kCloudInitParts[] = {
    CloudInitDrive(),
    Bind<&VmCloudInit::type>("citype"),
    Bind<&VmCloudInit::user>("ciuser"),
    Bind<&VmCloudInit::ssh_keys, SshKeysFormat>("sshkeys"),
    Bind<&VmCloudInit::dns_servers, ListFormat<' ', ',', ';'>>("nameserver"),
    Bind<&VmCloudInit::search_domain>("searchdomain"),
    Bind<&VmCloudInit::upgrade>("ciupgrade"),
    Bind<&VmCloudInit::user_data>("cicustom", "user"),
    Bind<&VmCloudInit::vendor_data>("cicustom", "vendor"),
    Bind<&VmCloudInit::network_data>("cicustom", "network"),
    Bind<&VmCloudInit::meta_data>("cicustom", "meta"),
};

constexpr Part<VmAgent> kAgentParts[] = {
    Bind<&VmAgent::enabled>("agent", "enabled"),
    Bind<&VmAgent::type>("agent", "type"),
    // The name that Proxmox 8 and 9 both take.
    Bind<&VmAgent::freeze_fs>("agent", "freeze-fs-on-backup"),
    Bind<&VmAgent::fstrim_cloned_disks>("agent", "fstrim_cloned_disks"),
};

constexpr Part<VmStartup> kStartupParts[] = {
    Bind<&VmStartup::order>("startup", "order"),
    Bind<&VmStartup::up_delay>("startup", "up"),
    Bind<&VmStartup::down_delay>("startup", "down"),
};

constexpr Part<VmVga> kVgaParts[] = {
    Bind<&VmVga::type>("vga", "type"),
    Bind<&VmVga::memory>("vga", "memory"),
    Bind<&VmVga::clipboard>("vga", "clipboard"),
};

constexpr Part<VmAudio> kAudioParts[] = {
    Bind<&VmAudio::device>("audio0", "device"),
    Bind<&VmAudio::driver>("audio0", "driver"),
};

constexpr Part<VmRng> kRngParts[] = {
    Bind<&VmRng::source>("rng0", "source"),
    Bind<&VmRng::max_bytes>("rng0", "max_bytes"),
    Bind<&VmRng::period>("rng0", "period"),
};

constexpr Part<VmAmdSev> kSevParts[] = {
    Bind<&VmAmdSev::type>("amd-sev", "type"),
    Bind<&VmAmdSev::allow_smt>("amd-sev", "allow-smt"),
    Bind<&VmAmdSev::kernel_hashes>("amd-sev", "kernel-hashes"),
    Bind<&VmAmdSev::no_debug>("amd-sev", "no-debug"),
    Bind<&VmAmdSev::no_key_sharing>("amd-sev", "no-key-sharing"),
};

constexpr Part<VmWatchdog> kWatchdogParts[] = {
    Bind<&VmWatchdog::model>("watchdog", "model"),
    Bind<&VmWatchdog::action>("watchdog", "action"),
};

// A text of SMBIOS, which is base64 in some strings and plain in others.
template <auto kMember>
constexpr Part<VmSmbios> BindSmbios(const char* option) {
  Part<VmSmbios> part = Bind<kMember>("smbios1", option);
  part.read = [](const Part<VmSmbios>& self, VmOptions& options, std::string_view,
                 VmSmbios& model) -> absl::Status {
    model.*kMember = {};
    if (!options.Has(self.key)) return absl::OkStatus();
    ASSIGN_OR_RETURN(proxmox::PropertyString* const property, options.Open(self.key));
    ASSIGN_OR_RETURN(std::optional<std::string> text, proxmox::SmbiosText(*property, self.option));
    if (text.has_value()) model.*kMember = *std::move(text);
    return absl::OkStatus();
  };
  part.write = [](const Part<VmSmbios>& self, const VmSmbios* prior, const VmSmbios& plan, std::string_view,
                  VmOptions& options) -> absl::Status {
    if ((plan.*kMember).is_unknown()) return absl::OkStatus();
    auto const planned = internal::TextOf<TextFormat>(plan.*kMember);
    if (planned == (prior == nullptr ? std::nullopt : internal::TextOf<TextFormat>(prior->*kMember))) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(proxmox::PropertyString* const property, options.Open(self.key));
    if (planned.has_value()) return proxmox::SetSmbiosText(*property, self.option, *planned);
    property->Remove(self.option);
    return absl::OkStatus();
  };
  return part;
}

// By the UUID the VM is known again, so it stays when the rest is unset.
constexpr Part<VmSmbios> BindUuid() {
  Part<VmSmbios> part = Bind<&VmSmbios::uuid, LowerCaseFormat>("smbios1", "uuid");
  part.clear = [](const Part<VmSmbios>&, const OptionName&, std::string_view, VmSmbios&) { return false; };
  return part;
}

constexpr Part<VmSmbios> kSmbiosParts[] = {
    BindUuid(),
    BindSmbios<&VmSmbios::manufacturer>("manufacturer"),
    BindSmbios<&VmSmbios::product>("product"),
    BindSmbios<&VmSmbios::version>("version"),
    BindSmbios<&VmSmbios::serial>("serial"),
    BindSmbios<&VmSmbios::sku>("sku"),
    BindSmbios<&VmSmbios::family>("family"),
};

// Whether Proxmox has made `held` of `configured`: VMs with Windows keep the version that they were made with.
bool IsPinned(std::string_view configured, std::string_view held) {
  if (configured == "q35") return held.starts_with("pc-q35-");
  return configured == "pc" && held.starts_with("pc-i440fx-");
}

constexpr Part<ProxmoxVm> BindMachine() {
  Part<ProxmoxVm> part = Bind<&ProxmoxVm::machine>("machine", "type");
  part.write = [](const Part<ProxmoxVm>& self, const ProxmoxVm* prior, const ProxmoxVm& plan,
                  std::string_view, VmOptions& options) -> absl::Status {
    if (plan.machine.is_unknown()) return absl::OkStatus();
    auto const planned = internal::TextOf<TextFormat>(plan.machine);
    auto const before = prior == nullptr ? std::nullopt : internal::TextOf<TextFormat>(prior->machine);
    if (planned == before) return absl::OkStatus();
    ASSIGN_OR_RETURN(std::optional<std::string> current, options.Get(self.key, self.option));
    if (before.has_value() && current.has_value() && IsPinned(*before, *current)) current = before;
    return internal::Change(options, self.key, self.option, current, before, planned, prior != nullptr);
  };
  part.keep = [](const Part<ProxmoxVm>& self, const ProxmoxVm& known, ProxmoxVm& fresh) {
    Bind<&ProxmoxVm::machine>("machine", "type").keep(self, known, fresh);
    if (known.machine.has_value() && fresh.machine.has_value() && IsPinned(*known.machine, *fresh.machine)) {
      fresh.machine = known.machine;
    }
  };
  return part;
}

constexpr Part<VmPciDevice> kPciParts[] = {
    Bind<&VmPciDevice::host>("", "host"),         Bind<&VmPciDevice::mapping>("", "mapping"),
    Bind<&VmPciDevice::mdev>("", "mdev"),         Bind<&VmPciDevice::pcie>("", "pcie"),
    Bind<&VmPciDevice::rombar>("", "rombar"),     Bind<&VmPciDevice::rom_file>("", "romfile"),
    Bind<&VmPciDevice::primary_gpu>("", "x-vga"),
};

constexpr Part<VmUsbDevice> kUsbParts[] = {
    Bind<&VmUsbDevice::host>("", "host"),
    Bind<&VmUsbDevice::mapping>("", "mapping"),
    Bind<&VmUsbDevice::usb3>("", "usb3"),
};

constexpr Part<VmVirtiofs> kVirtiofsParts[] = {
    Bind<&VmVirtiofs::mapping>("", "dirid"),
    Bind<&VmVirtiofs::cache>("", "cache"),
    Bind<&VmVirtiofs::direct_io>("", "direct-io"),
    Bind<&VmVirtiofs::expose_acl>("", "expose-acl"),
    Bind<&VmVirtiofs::expose_xattr>("", "expose-xattr"),
};

const Part<ProxmoxVm> kVmParts[] = {
    Bind<&ProxmoxVm::name>("name"),
    Bind<&ProxmoxVm::description, DescriptionFormat>("description"),
    Bind<&ProxmoxVm::tags, TagsFormat>("tags"),
    Bind<&ProxmoxVm::on_boot>("onboot"),
    Bind<&ProxmoxVm::protection>("protection"),
    In<&ProxmoxVm::cpu, kCpuParts>(),
    InSlots<&ProxmoxVm::numa_nodes, kNumaBuses, kNumaParts>(),
    In<&ProxmoxVm::memory, kMemoryParts>(),
    InSlots<&ProxmoxVm::disks, kDriveBuses, kDiskParts, IsDiskSlot>(),
    InSlots<&ProxmoxVm::cdroms, kDriveBuses, kCdromParts, IsCdromSlot>(),
    In<&ProxmoxVm::efi_disk, kEfiParts>(),
    In<&ProxmoxVm::tpm_state, kTpmParts>(),
    InSlots<&ProxmoxVm::networks, kNetBuses, kNetworkParts>(),
    In<&ProxmoxVm::cloud_init, kCloudInitParts>(),
    In<&ProxmoxVm::agent, kAgentParts>(),
    Bind<&ProxmoxVm::os_type>("ostype"),
    BindMachine(),
    Bind<&ProxmoxVm::viommu>("machine", "viommu"),
    Bind<&ProxmoxVm::bios>("bios"),
    Bind<&ProxmoxVm::scsi_hardware>("scsihw"),
    Bind<&ProxmoxVm::boot_order, ListFormat<';'>>("boot", "order"),
    In<&ProxmoxVm::startup, kStartupParts>(),
    Bind<&ProxmoxVm::hotplug, HotplugFormat>("hotplug"),
    Bind<&ProxmoxVm::acpi>("acpi"),
    Bind<&ProxmoxVm::kvm>("kvm"),
    Bind<&ProxmoxVm::tablet>("tablet"),
    Bind<&ProxmoxVm::local_time>("localtime"),
    Bind<&ProxmoxVm::keyboard>("keyboard"),
    Bind<&ProxmoxVm::args>("args"),
    Bind<&ProxmoxVm::hook_script>("hookscript"),
    In<&ProxmoxVm::vga, kVgaParts>(),
    In<&ProxmoxVm::audio, kAudioParts>(),
    In<&ProxmoxVm::rng, kRngParts>(),
    In<&ProxmoxVm::watchdog, kWatchdogParts>(),
    In<&ProxmoxVm::smbios, kSmbiosParts>(),
    In<&ProxmoxVm::amd_sev, kSevParts>(),
    TextInSlots<&ProxmoxVm::serial_devices, kSerialBuses>(),
    InSlots<&ProxmoxVm::pci_devices, kPciBuses, kPciParts>(),
    InSlots<&ProxmoxVm::usb_devices, kUsbBuses, kUsbParts>(),
    InSlots<&ProxmoxVm::virtiofs, kVirtiofsBuses, kVirtiofsParts>(),
};

}  // namespace

absl::Status ReadVmOptions(VmOptions& options, ProxmoxVm& vm) { return ReadParts(kVmParts, options, "", vm); }

absl::Status WriteVmOptions(const ProxmoxVm* prior, const ProxmoxVm& plan, VmOptions& options) {
  RETURN_IF_ERROR(WriteParts(kVmParts, prior, plan, "", options));
  return RemoveUnset(prior, plan, options);
}

void KeepVmSpelling(const ProxmoxVm& known, ProxmoxVm& fresh) {
  KeepParts(kVmParts, known, fresh);
  // Two ways to say that the VM is in no pool.
  if (fresh.pool.is_null() && known.pool == schema::Value<std::string>("")) fresh.pool = known.pool;
}

bool ClearVmOption(const OptionName& name, ProxmoxVm& vm) { return ClearParts(kVmParts, name, "", vm); }

}  // namespace fediversity::resources
