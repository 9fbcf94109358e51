#include "resources/proxmox/vm/vm_values.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/slot.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

using proxmox::Bus;
using schema::Diagnostics;
using schema::Value;
using wire::Path;

template <auto kMember>
bool Says(const VmDisk& disk) {
  return (disk.*kMember).has_value();
}

// Options that disks of some buses lack.
struct BusOption {
  std::string_view attribute;
  bool (*is_set)(const VmDisk&);
  std::initializer_list<Bus> buses;
  std::string_view named;
};

constexpr BusOption kBusOptions[] = {
    {"iothread", Says<&VmDisk::iothread>, {Bus::kScsi, Bus::kVirtio}, "SCSI and virtio disks"},
    {"queues", Says<&VmDisk::queues>, {Bus::kScsi}, "SCSI disks"},
    {"read_only", Says<&VmDisk::read_only>, {Bus::kScsi, Bus::kVirtio}, "SCSI and virtio disks"},
    {"ssd", Says<&VmDisk::ssd>, {Bus::kIde, Bus::kSata, Bus::kScsi}, "IDE, SATA and SCSI disks"},
    {"wwn", Says<&VmDisk::wwn>, {Bus::kIde, Bus::kSata, Bus::kScsi}, "IDE, SATA and SCSI disks"},
};

void CheckBusOptions(const ProxmoxVm& config, Diagnostics& diagnostics) {
  if (!config.disks.has_value()) return;
  for (const auto& [name, disk] : *config.disks) {
    auto const slot = proxmox::Slot::Find(name);
    if (!slot.has_value() || !disk.has_value()) continue;
    for (const BusOption& option : kBusOptions) {
      if (!option.is_set(*disk) || std::ranges::find(option.buses, slot->bus) != option.buses.end()) continue;
      diagnostics.AddError(Cat({"`", name, "` has no `", option.attribute, "`"}),
                           Cat({"Proxmox knows `", option.attribute, "` for ", option.named,
                                " only. Take it out, or give the disk a slot of such a bus."}),
                           Path().Child("disks").AtKey(name).Child(option.attribute));
    }
  }
}

bool IsGivenByNetwork(const Value<std::string>& address) {
  return address.has_value() && (*address == "dhcp" || *address == "auto" || *address == "manual");
}

// An error, but for a VM that has it already.
void Tell(bool is_held, std::string_view summary, std::string_view detail, const Path& path,
          Diagnostics& diagnostics) {
  if (is_held) {
    diagnostics.AddWarning(summary, detail, path);
  } else {
    diagnostics.AddError(summary, detail, path);
  }
}

template <typename Family>
void CheckGateway(bool is_held, const Family& family, const Path& path, Diagnostics& diagnostics) {
  if (!family.address.has_value() || !family.gateway.has_value()) return;
  const std::string& address = *family.address;
  if (IsGivenByNetwork(family.address)) {
    Tell(
        is_held, "A gateway beside an address that the network gives",
        Cat({"With `address = \"", address,
             "\"` the network names the gateway as well, and Proxmox drops both where one is configured. Take "
             "`gateway` out, or write the address with its prefix length."}),
        path, diagnostics);
  } else if (!IsWithinReach(address, *family.gateway)) {
    bool const ipv6 = address.find(':') != std::string::npos;
    Tell(
        is_held, "The gateway is outside the network",
        Cat({*family.gateway, " is not in the network of ", address,
             ", so the guest may not reach it. Check both, and the prefix length. Where it is on the same link all the "
             "same, write the prefix length ",
             ipv6 ? "128" : "32", "."}),
        path, diagnostics);
  }
}

// Only copies go elsewhere.
void CheckClone(const ProxmoxVm& config, Diagnostics& diagnostics) {
  if (!config.clone.has_value() || config.clone->full.value_or(true)) return;
  for (auto const& [attribute, value] :
       {std::pair("storage", config.clone->storage), std::pair("format", config.clone->format)}) {
    if (!value.has_value()) continue;
    diagnostics.AddError("A linked clone stays where its template is",
                         Cat({"With `full = false` the disks are links to those of the template, so `",
                              attribute, "` cannot be chosen. Take it out, or set `full = true`."}),
                         Path().Child("clone").Child(attribute));
  }
}

void CheckBootDevices(const ProxmoxVm& config, Diagnostics& diagnostics) {
  if (!config.boot_order.has_value()) return;
  std::int64_t index = 0;
  for (const auto& device : *config.boot_order) {
    Path const path = Path().Child("boot_order").AtIndex(index++);
    if (!device.has_value()) continue;
    auto const slot = proxmox::Slot::Parse(
        *device, {Bus::kIde, Bus::kSata, Bus::kScsi, Bus::kVirtio, Bus::kNet, Bus::kHostPci, Bus::kUsb});
    if (!slot.ok()) diagnostics.AddError("No device to boot from", ToStd(slot.status().message()), path);
  }
}

// A VM that is made from nothing boots from what is configured. What others have, only Proxmox knows.
void RefuseMissingBootDevices(const ProxmoxVm& config, Diagnostics& diagnostics) {
  if (!config.boot_order.has_value() || config.cloud_init.is_unknown()) return;
  bool const has_cloud_init = config.cloud_init.has_value() && !config.cloud_init->storage.is_null();
  auto const may_hold = [](const auto& map, std::string_view slot) {
    return map.is_unknown() || (map.has_value() && map->contains(slot));
  };
  std::int64_t index = 0;
  for (const auto& device : *config.boot_order) {
    Path const path = Path().Child("boot_order").AtIndex(index++);
    if (!device.has_value()) continue;
    bool const is_cloud_init =
        has_cloud_init && (!config.cloud_init->drive.has_value() || *config.cloud_init->drive == *device);
    if (is_cloud_init || may_hold(config.disks, *device) || may_hold(config.cdroms, *device) ||
        may_hold(config.networks, *device) || may_hold(config.pci_devices, *device) ||
        may_hold(config.usb_devices, *device)) {
      continue;
    }
    diagnostics.AddError("No device to boot from",
                         Cat({"The new VM has nothing at `", *device,
                              "`, and Proxmox refuses a boot order with a device that is not there. Add the "
                              "device, or take it out of the order."}),
                         path);
  }
}

template <typename Family>
void PlanGateway(bool inherits, const Value<Family>& before, const Value<Family>& config,
                 Value<Family>& planned, const Path& path, Diagnostics& diagnostics) {
  if (!config.has_value() || !planned.has_value()) return;
  bool const is_held =
      before.has_value() && before->address == planned->address && before->gateway == planned->gateway;
  if (config->gateway.is_null()) {
    // One that stays behind beside "dhcp" makes Proxmox drop both.
    if (IsGivenByNetwork(config->address)) planned->gateway = {};
    if (config->address.is_unknown()) planned->gateway = Value<std::string>::Unknown();
  } else if (config->address.is_null() && !planned->address.has_value() && !inherits) {
    Tell(is_held, "A gateway without an address",
         "Proxmox takes a gateway only beside a static address. Write `address` as well, or take "
         "`gateway` out.",
         path.Child("gateway"), diagnostics);
  } else {
    CheckGateway(is_held, *planned, path.Child("gateway"), diagnostics);
  }
}

void PlanGateways(const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned,
                  Diagnostics& diagnostics) {
  if (!config.networks.has_value() || !planned.networks.has_value()) return;
  bool const inherits = prior == nullptr && !config.clone.is_null();
  bool const has_cards = prior != nullptr && prior->networks.has_value();
  for (auto& [slot, card] : *planned.networks) {
    auto const configured = config.networks->find(slot);
    if (!card.has_value() || configured == config.networks->end() || !configured->second.has_value())
      continue;
    VmNetwork held;
    if (has_cards && prior->networks->contains(slot)) held = prior->networks->at(slot).value_or(VmNetwork{});
    Path const path = Path().Child("networks").AtKey(slot);
    PlanGateway(inherits, held.ipv4, configured->second->ipv4, card->ipv4, path.Child("ipv4"), diagnostics);
    PlanGateway(inherits, held.ipv6, configured->second->ipv6, card->ipv6, path.Child("ipv6"), diagnostics);
  }
}

// The engine takes a size that Proxmox rounds up to the one held for the same. One that is larger is a wish to grow.
void PlanGrowth(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  if (!config.disks.has_value() || !planned.disks.has_value() || !prior.disks.has_value()) return;
  for (auto& [slot, disk] : *planned.disks) {
    auto const before = prior.disks->find(slot);
    auto const wish = config.disks->find(slot);
    if (!disk.has_value() || before == prior.disks->end() || wish == config.disks->end()) continue;
    if (!before->second.has_value() || !before->second->size.has_value()) continue;
    if (!wish->second.has_value() || !wish->second->size.has_value()) continue;
    auto const held = proxmox::ParseSize(*before->second->size);
    auto const wanted = proxmox::ParseSize(*wish->second->size);
    if (held.ok() && wanted.ok() && *wanted > *held) disk->size = wish->second->size;
  }
}

void RefuseAgentWithoutSwitch(const ProxmoxVm& config, const ProxmoxVm& planned, Diagnostics& diagnostics) {
  if (!config.agent.has_value() || !config.agent->enabled.is_null()) return;
  if (!planned.agent.has_value() || planned.agent->enabled.has_value()) return;
  bool const has_options = config.agent->type.has_value() || config.agent->freeze_fs.has_value() ||
                           config.agent->fstrim_cloned_disks.has_value();
  if (!has_options) return;
  diagnostics.AddError(
      "Is the agent enabled?",
      "Proxmox keeps options of the agent only beside the word whether it is enabled, and this VM "
      "has none yet. Write `enabled` as well.",
      Path().Child("agent"));
}

void RefuseTooManyVcpus(bool from_nothing, const ProxmoxVm& config, const ProxmoxVm& planned,
                        Diagnostics& diagnostics) {
  if (!config.cpu.has_value() || !planned.cpu.has_value() || !config.cpu->vcpus.has_value()) return;
  // One where Proxmox holds none.
  auto const count = [&](const Value<std::int64_t>& wish,
                         const Value<std::int64_t>& plan) -> std::optional<std::int64_t> {
    if (plan.has_value()) return *plan;
    if (plan.is_null() || (from_nothing && wish.is_null())) return 1;
    return std::nullopt;
  };
  auto const cores = count(config.cpu->cores, planned.cpu->cores);
  auto const sockets = count(config.cpu->sockets, planned.cpu->sockets);
  if (!cores.has_value() || !sockets.has_value()) return;
  if (*config.cpu->vcpus <= *cores * *sockets) return;
  diagnostics.AddError("More processors are plugged in than there are",
                       Cat({"`vcpus` is ", std::to_string(*config.cpu->vcpus), ", and the VM has ",
                            std::to_string(*cores), " cores on ", std::to_string(*sockets),
                            " sockets. Raise `cores` or `sockets`, or lower `vcpus`."}),
                       Path().Child("cpu").Child("vcpus"));
}

}  // namespace

void CheckValues(const ProxmoxVm& config, Diagnostics& diagnostics) {
  CheckBusOptions(config, diagnostics);
  CheckClone(config, diagnostics);
  CheckBootDevices(config, diagnostics);
}

void PlanValues(const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned,
                Diagnostics& diagnostics) {
  bool const is_new = prior == nullptr;
  bool const inherits = is_new && !config.clone.is_null();
  bool const from_nothing = is_new && !inherits;
  PlanGateways(prior, config, planned, diagnostics);
  if (!is_new) PlanGrowth(*prior, config, planned);
  if (!inherits) RefuseAgentWithoutSwitch(config, planned, diagnostics);
  RefuseTooManyVcpus(from_nothing, config, planned, diagnostics);
  if (from_nothing) RefuseMissingBootDevices(config, diagnostics);
}

}  // namespace fediversity::resources
