#include "resources/proxmox/vm/bpg_options.h"

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "provider/backends/proxmox/text/slot.h"
#include "provider/backends/proxmox/text/smbios.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/vm/format.h"

namespace fediversity::resources {
namespace {

using proxmox::Bus;
using wire::Value;

// Where one of their attributes stands in a configuration.
struct Place {
  std::string_view attribute;
  std::string_view key;  // in a slot: empty for the slot's own
  std::string_view option = {};
  // What state may say where the configuration says nothing, besides null and "".
  std::string_view none = {};
};

struct Block {
  std::string_view attribute;
  std::span<const Place> places;
};

// A list, or a map by slot. In a list the slot is the attribute `slot` of each element, or its place in the list.
struct Slots {
  std::string_view attribute;
  std::string_view slot;
  std::initializer_list<Bus> buses;
  std::span<const Place> places;
};

constexpr Place kTop[] = {
    {"name", "name"},
    {"description", "description"},
    {"tags", "tags"},
    {"protection", "protection"},
    {"on_boot", "onboot"},
    {"acpi", "acpi"},
    {"tablet_device", "tablet"},
    {"keyboard_layout", "keyboard"},
    {"kvm_arguments", "args"},
    {"hook_script_file_id", "hookscript"},
    {"machine", "machine"},
    {"bios", "bios"},
    {"scsi_hardware", "scsihw"},
    {"hotplug", "hotplug"},
    {"boot_order", "boot", "order"},
};

constexpr Place kAgent[] = {
    {"enabled", "agent", "enabled"},
    {"type", "agent", "type"},
    {"trim", "agent", "fstrim_cloned_disks"},
};

constexpr Place kAmdSev[] = {
    {"type", "amd-sev", "type"},
    {"allow_smt", "amd-sev", "allow-smt"},
    {"kernel_hashes", "amd-sev", "kernel-hashes"},
    {"no_debug", "amd-sev", "no-debug"},
    {"no_key_sharing", "amd-sev", "no-key-sharing"},
};

constexpr Place kAudio[] = {{"device", "audio0", "device"}, {"driver", "audio0", "driver"}};

constexpr Place kCpu[] = {
    {"type", "cpu", "cputype"},
    {"flags", "cpu", "flags"},
    {"cores", "cores"},
    {"sockets", "sockets"},
    {"hotplugged", "vcpus", "", "0"},
    {"vcpus", "vcpus"},
    {"limit", "cpulimit", "", "0"},
    {"units", "cpuunits", "", "0"},
    {"affinity", "affinity"},
    {"numa", "numa"},
};

constexpr Place kEfiDisk[] = {
    {"type", "efidisk0", "efitype"},
    {"pre_enrolled_keys", "efidisk0", "pre-enrolled-keys"},
};

constexpr Place kCloudInit[] = {
    {"type", "citype"},
    {"upgrade", "ciupgrade", "", "1"},
    {"user_data_file_id", "cicustom", "user"},
    {"vendor_data_file_id", "cicustom", "vendor"},
    {"network_data_file_id", "cicustom", "network"},
    {"meta_data_file_id", "cicustom", "meta"},
};

constexpr Place kMemory[] = {
    {"dedicated", "memory", "current"},
    {"floating", "balloon"},
    {"hugepages", "hugepages"},
    {"keep_hugepages", "keephugepages", "", "0"},
    {"size", "memory", "current"},
    {"balloon", "balloon"},
    {"shares", "shares"},
};

constexpr Place kOperatingSystem[] = {{"type", "ostype"}};

constexpr Place kRng[] = {
    {"source", "rng0", "source"},
    {"max_bytes", "rng0", "max_bytes"},
    {"period", "rng0", "period"},
};

constexpr Place kStartup[] = {
    {"order", "startup", "order", "-1"},
    {"up_delay", "startup", "up", "-1"},
    {"down_delay", "startup", "down", "-1"},
};

constexpr Place kTpmState[] = {{"version", "tpmstate0", "version"}};

constexpr Place kVga[] = {
    {"type", "vga", "type"},
    {"memory", "vga", "memory", "0"},
    {"clipboard", "vga", "clipboard"},
};

constexpr Place kWatchdog[] = {{"model", "watchdog", "model"}, {"action", "watchdog", "action"}};

const Block kBlocks[] = {
    {"agent", kAgent},
    {"amd_sev", kAmdSev},
    {"audio_device", kAudio},
    {"cpu", kCpu},
    {"efi_disk", kEfiDisk},
    {"initialization", kCloudInit},
    {"memory", kMemory},
    {"operating_system", kOperatingSystem},
    {"rng", kRng},
    {"startup", kStartup},
    {"tpm_state", kTpmState},
    {"vga", kVga},
    {"watchdog", kWatchdog},
};

constexpr Place kCdrom[] = {{"file_id", "", "file"}};

constexpr Place kDisk[] = {
    {"file", "", "file"},           {"aio", "", "aio"},
    {"backup", "", "backup"},       {"cache", "", "cache"},
    {"discard", "", "discard"},     {"file_format", "", "format"},
    {"iothread", "", "iothread"},   {"queues", "", "queues", "0"},
    {"replicate", "", "replicate"}, {"ssd", "", "ssd", "0"},
    {"format", "", "format"},       {"media", "", "media", "disk"},
};

constexpr Place kDiskSpeed[] = {
    {"iops_read", "", "iops_rd", "0"},  {"iops_read_burstable", "", "iops_rd_max", "0"},
    {"iops_write", "", "iops_wr", "0"}, {"iops_write_burstable", "", "iops_wr_max", "0"},
    {"read", "", "mbps_rd", "0"},       {"read_burstable", "", "mbps_rd_max", "0"},
    {"write", "", "mbps_wr", "0"},      {"write_burstable", "", "mbps_wr_max", "0"},
};

constexpr Place kNetwork[] = {
    {"model", "", "model"},         {"mac_address", "", "macaddr"},
    {"bridge", "", "bridge"},       {"vlan_id", "", "tag", "0"},
    {"tag", "", "tag", "0"},        {"trunks", "", "trunks"},
    {"firewall", "", "firewall"},   {"disconnected", "", "link_down", "0"},
    {"link_down", "", "link_down"}, {"mtu", "", "mtu", "0"},
    {"queues", "", "queues", "0"},  {"rate_limit", "", "rate", "0"},
};

constexpr Place kNuma[] = {
    {"cpus", "", "cpus"},
    {"hostnodes", "", "hostnodes"},
    {"memory", "", "memory"},
    {"policy", "", "policy"},
};

constexpr Place kPci[] = {
    {"id", "", "host"},       {"mapping", "", "mapping"},  {"mdev", "", "mdev"},  {"pcie", "", "pcie"},
    {"rombar", "", "rombar"}, {"rom_file", "", "romfile"}, {"xvga", "", "x-vga"},
};

constexpr Place kSerial[] = {{"device", ""}};

constexpr Place kUsb[] = {{"host", "", "host"}, {"mapping", "", "mapping"}, {"usb3", "", "usb3"}};

constexpr Place kVirtiofs[] = {
    {"mapping", "", "dirid"},
    {"cache", "", "cache"},
    {"direct_io", "", "direct-io"},
    {"expose_acl", "", "expose-acl"},
    {"expose_xattr", "", "expose-xattr"},
};

const Slots kSlots[] = {
    {"disk", "interface", proxmox::kDiskBuses, kDisk},
    {"cdrom", "interface", proxmox::kDiskBuses, kCdrom},
    {"network_device", "", {Bus::kNet}, kNetwork},
    {"network", "", {Bus::kNet}, kNetwork},
    {"numa", "device", {Bus::kNuma}, kNuma},
    {"hostpci", "device", {Bus::kHostPci}, kPci},
    {"usb", "", {Bus::kUsb}, kUsb},
    {"serial_device", "", {Bus::kSerial}, kSerial},
    {"virtiofs", "", {Bus::kVirtiofs}, kVirtiofs},
};

absl::Status Put(const Value& object, std::span<const Place> places, std::string_view slot,
                 VmOptions& options) {
  for (const Place& place : places) {
    std::string const text = BpgText(object.Find(place.attribute));
    if (text.empty() || text == place.none) continue;
    RETURN_IF_ERROR(options.Set(place.key.empty() ? slot : place.key, place.option, text));
  }
  return absl::OkStatus();
}

// Blocks that can be switched off in place of being left out.
bool IsSwitchedOff(std::string_view block, const Value& object) {
  if (block != "audio_device" && block != "watchdog" && block != "network_device") return false;
  return BpgText(object.Find("enabled")) == "0";
}

// What the volume is, how large, and its limits.
absl::Status PutDisk(const Value& disk, std::string_view slot, VmOptions& options) {
  std::string const storage = BpgText(disk.Find("datastore_id"));
  std::string const path = BpgText(disk.Find("path_in_datastore"));
  if (!path.empty()) {
    // A path without a storage is that of a device of the node.
    RETURN_IF_ERROR(options.Set(slot, "file", storage.empty() ? path : Cat({storage, ":", path})));
  }
  if (std::string const size = BpgDiskSize(disk); !size.empty()) {
    RETURN_IF_ERROR(options.Set(slot, "size", size));
  }
  if (auto const serial = UrlEncodedFormat::Text(BpgText(disk.Find("serial"))); serial.has_value()) {
    RETURN_IF_ERROR(options.Set(slot, "serial", *serial));
  }
  const Value* const speed = BpgBlock(&disk, "speed");
  return speed == nullptr ? absl::OkStatus() : Put(*speed, kDiskSpeed, slot, options);
}

absl::Status PutSlot(const Slots& slots, const Value& object, std::string_view slot, VmOptions& options) {
  if (slot.empty() || object.kind() != Value::Kind::kMap || IsSwitchedOff(slots.attribute, object)) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(proxmox::Slot::Parse(slot, slots.buses).status());
  RETURN_IF_ERROR(Put(object, slots.places, slot, options));
  if (slots.attribute == "disk") return PutDisk(object, slot, options);
  if (slots.attribute == "cdrom" && options.Has(slot)) return options.Set(slot, "media", "cdrom");
  return absl::OkStatus();
}

absl::Status PutSlots(const Slots& slots, const Value& state, VmOptions& options) {
  const Value* const held = state.Find(slots.attribute);
  if (held == nullptr) return absl::OkStatus();
  if (held->kind() == Value::Kind::kMap) {
    for (const auto& [slot, object] : held->entries()) {
      RETURN_IF_ERROR(PutSlot(slots, object, slot, options));
    }
  }
  if (held->kind() != Value::Kind::kList) return absl::OkStatus();
  for (std::size_t i = 0; i < held->elements().size(); ++i) {
    const Value& object = held->elements()[i];
    std::string const slot = slots.slot.empty()
                                 ? Cat({proxmox::BusName(*slots.buses.begin()), std::to_string(i)})
                                 : BpgText(object.Find(slots.slot));
    RETURN_IF_ERROR(PutSlot(slots, object, slot, options));
  }
  return absl::OkStatus();
}

absl::Status PutSmbios(const Value& smbios, VmOptions& options) {
  if (std::string const uuid = BpgText(smbios.Find("uuid")); !uuid.empty()) {
    RETURN_IF_ERROR(options.Set("smbios1", "uuid", uuid));
  }
  for (std::string_view const name : {"manufacturer", "product", "version", "serial", "sku", "family"}) {
    std::string const text = BpgText(smbios.Find(name));
    if (text.empty()) continue;
    ASSIGN_OR_RETURN(proxmox::PropertyString* const property, options.Open("smbios1"));
    RETURN_IF_ERROR(proxmox::SetSmbiosText(*property, name, text));
  }
  return absl::OkStatus();
}

schema::List<std::string> TextsAt(const Value* object, std::string_view attribute) {
  schema::List<std::string> texts;
  const Value* const list = object == nullptr ? nullptr : object->Find(attribute);
  if (list == nullptr || list->kind() != Value::Kind::kList) return texts;
  for (const Value& element : list->elements()) texts.emplace_back(BpgText(&element));
  return texts;
}

absl::Status PutAddresses(const Value& initialization, VmOptions& options) {
  const Value* const all = initialization.Find("ip_config");
  if (all == nullptr || all->kind() != Value::Kind::kList) return absl::OkStatus();
  for (std::size_t i = 0; i < all->elements().size(); ++i) {
    std::string const key = Cat({"ipconfig", std::to_string(i)});
    RETURN_IF_ERROR(proxmox::Slot::Parse(key, {Bus::kIpConfig}).status());
    constexpr Place kIpv4[] = {{"address", "", "ip"}, {"gateway", "", "gw"}};
    constexpr Place kIpv6[] = {{"address", "", "ip6"}, {"gateway", "", "gw6"}};
    constexpr Place kFlat[] = {{"ipv4_address", "", "ip"},
                               {"ipv4_gateway", "", "gw"},
                               {"ipv6_address", "", "ip6"},
                               {"ipv6_gateway", "", "gw6"}};
    RETURN_IF_ERROR(Put(all->elements()[i], kFlat, key, options));
    if (auto const* const ipv4 = BpgBlock(&all->elements()[i], "ipv4"); ipv4 != nullptr) {
      RETURN_IF_ERROR(Put(*ipv4, kIpv4, key, options));
    }
    if (auto const* const ipv6 = BpgBlock(&all->elements()[i], "ipv6"); ipv6 != nullptr) {
      RETURN_IF_ERROR(Put(*ipv6, kIpv6, key, options));
    }
  }
  return absl::OkStatus();
}

absl::Status PutIfAny(std::string_view key, const std::optional<std::string>& text, VmOptions& options) {
  return text.has_value() && !text->empty() ? options.Set(key, "", *text) : absl::OkStatus();
}

absl::Status PutCloudInit(const Value& initialization, VmOptions& options) {
  RETURN_IF_ERROR(PutAddresses(initialization, options));
  if (auto const* const account = BpgBlock(&initialization, "user_account"); account != nullptr) {
    RETURN_IF_ERROR(PutIfAny("ciuser", BpgText(account->Find("username")), options));
    RETURN_IF_ERROR(PutIfAny("sshkeys", SshKeysFormat::Text(TextsAt(account, "keys")), options));
  }
  if (auto const* const dns = BpgBlock(&initialization, "dns"); dns != nullptr) {
    RETURN_IF_ERROR(PutIfAny("searchdomain", BpgText(dns->Find("domain")), options));
    RETURN_IF_ERROR(PutIfAny("nameserver", BpgText(dns->Find("server")), options));
    RETURN_IF_ERROR(PutIfAny("nameserver", ListFormat<' '>::Text(TextsAt(dns, "servers")), options));
  }
  return absl::OkStatus();
}

}  // namespace

std::string BpgText(const Value* value) {
  if (value == nullptr) return {};
  switch (value->kind()) {
    case Value::Kind::kBool: return value->bool_value() ? "1" : "0";
    case Value::Kind::kNumber: return value->number().text();
    case Value::Kind::kString: return value->string();
    case Value::Kind::kList: break;
    default: return {};
  }
  std::vector<std::string> texts;
  for (const Value& element : value->elements()) {
    if (element.kind() == Value::Kind::kList) continue;  // none of their attributes is one of lists
    if (std::string text = BpgText(&element); !text.empty()) texts.push_back(std::move(text));
  }
  return Join(texts, ";");
}

const Value* BpgBlock(const Value* object, std::string_view attribute) {
  const Value* block = object == nullptr ? nullptr : object->Find(attribute);
  if (block == nullptr) return nullptr;
  if (block->kind() == Value::Kind::kList)
    block = block->elements().empty() ? nullptr : &block->elements()[0];
  return block != nullptr && block->kind() == Value::Kind::kMap ? block : nullptr;
}

std::string BpgDiskSize(const Value& disk) {
  std::string gibibytes = BpgText(disk.Find("size"));
  if (gibibytes.empty()) gibibytes = BpgText(disk.Find("size_gb"));
  return gibibytes.empty() ? gibibytes : Cat({gibibytes, "G"});
}

absl::Status ReadBpgOptions(const Value& state, VmOptions& options) {
  RETURN_IF_ERROR(Put(state, kTop, "", options));
  for (const Block& block : kBlocks) {
    const Value* const object = BpgBlock(&state, block.attribute);
    if (object == nullptr || IsSwitchedOff(block.attribute, *object)) continue;
    RETURN_IF_ERROR(Put(*object, block.places, "", options));
  }
  for (const Slots& slots : kSlots) RETURN_IF_ERROR(PutSlots(slots, state, options));
  if (const Value* const smbios = BpgBlock(&state, "smbios"); smbios != nullptr) {
    RETURN_IF_ERROR(PutSmbios(*smbios, options));
  }
  const Value* const initialization = BpgBlock(&state, "initialization");
  return initialization == nullptr ? absl::OkStatus() : PutCloudInit(*initialization, options);
}

}  // namespace fediversity::resources
