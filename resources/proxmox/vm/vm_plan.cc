#include "resources/proxmox/vm/vm_plan.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "provider/backends/proxmox/text/size.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/doomed_volumes.h"
#include "resources/proxmox/vm/slot_plan.h"
#include "resources/proxmox/vm/unset.h"

namespace fediversity::resources {
namespace {

using schema::Diagnostics;
using schema::Value;
using wire::Path;

void Forget(const Value<std::string>& configured, Value<std::string>& planned) {
  if (configured.is_null()) planned = Value<std::string>::Unknown();
}

// What the configuration says of a disk: nothing where it is left out.
VmDisk ConfiguredDisk(const ProxmoxVm& config, const std::string& slot) {
  if (!config.disks.has_value()) return {};
  auto const found = config.disks->find(slot);
  return found == config.disks->end() ? VmDisk{} : found->second.value_or(VmDisk{});
}

// A disk that moves or is converted is another volume afterwards.
void ForgetMovedVolumes(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  if (planned.disks.has_value() && prior.disks.has_value()) {
    for (auto& [slot, disk] : *planned.disks) {
      auto const before = prior.disks->find(slot);
      if (!disk.has_value() || before == prior.disks->end() || !before->second.has_value()) continue;
      bool const moves = disk->storage != before->second->storage;
      VmDisk const configured = ConfiguredDisk(config, slot);
      if (moves || disk->format != before->second->format) Forget(configured.volume, disk->volume);
      if (moves) Forget(configured.format, disk->format);
    }
  }
  if (planned.efi_disk.has_value() && prior.efi_disk.has_value() &&
      planned.efi_disk->storage != prior.efi_disk->storage) {
    planned.efi_disk->volume = Value<std::string>::Unknown();
    Forget(config.efi_disk.value_or(VmEfiDisk{}).format, planned.efi_disk->format);
  }
  if (planned.tpm_state.has_value() && prior.tpm_state.has_value() &&
      planned.tpm_state->storage != prior.tpm_state->storage) {
    planned.tpm_state->volume = Value<std::string>::Unknown();
  }
}

// Disks that the other node does not share get there as other volumes, and on other storages where that is asked for.
void ForgetVolumesOfAnotherNode(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  if (planned.node == prior.node) return;
  bool const elsewhere = planned.migration.has_value() && !planned.migration->target_storage.is_null();
  if (planned.disks.has_value()) {
    for (auto& [slot, disk] : *planned.disks) {
      if (!disk.has_value()) continue;
      VmDisk const configured = ConfiguredDisk(config, slot);
      Forget(configured.volume, disk->volume);
      if (!elsewhere) continue;
      Forget(configured.storage, disk->storage);
      Forget(configured.format, disk->format);
    }
  }
  if (planned.efi_disk.has_value()) planned.efi_disk->volume = Value<std::string>::Unknown();
  if (planned.tpm_state.has_value()) planned.tpm_state->volume = Value<std::string>::Unknown();
}

// Proxmox takes what leaves the VM out of its boot order.
void ForgetBootOrder(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  if (!config.boot_order.is_null() || !planned.boot_order.has_value()) return;
  auto const drive_of = [](const ProxmoxVm& vm) {
    return vm.cloud_init.has_value() ? vm.cloud_init->drive : Value<std::string>();
  };
  auto const leaves = [&](const Value<std::string>& device) {
    auto const left = [&device](const auto& before, const auto& after) {
      return device.has_value() && before.has_value() && before->contains(*device) && after.has_value() &&
             !after->contains(*device);
    };
    return left(prior.disks, planned.disks) || left(prior.cdroms, planned.cdroms) ||
           left(prior.networks, planned.networks) ||
           (device.has_value() && device == drive_of(prior) && device != drive_of(planned));
  };
  if (std::ranges::any_of(*planned.boot_order, leaves)) {
    planned.boot_order = Value<schema::List<std::string>>::Unknown();
  }
}

void RefuseShrinking(const ProxmoxVm& prior, const ProxmoxVm& planned, Diagnostics& diagnostics) {
  if (!planned.disks.has_value() || !prior.disks.has_value()) return;
  for (const auto& [slot, disk] : *planned.disks) {
    auto const before = prior.disks->find(slot);
    if (!disk.has_value() || before == prior.disks->end() || !before->second.has_value()) continue;
    if (!disk->size.has_value() || !before->second->size.has_value()) continue;
    auto const wanted = proxmox::ParseSize(*disk->size);
    auto const held = proxmox::ParseSize(*before->second->size);
    if (!wanted.ok() || !held.ok() || *wanted >= *held) continue;
    diagnostics.AddError(
        "A disk cannot shrink",
        Cat({"`", slot, "` is ", *before->second->size, " and would become ", *disk->size,
             ". Proxmox only grows disks, since the guest's data may be anywhere on them. Set `size` to \"",
             *before->second->size,
             "\" or more; for a smaller disk add a new one and copy the data in the guest."}),
        Path().Child("disks").AtKey(slot).Child("size"));
  }
}

void RefuseImpossible(const ProxmoxVm& prior, const ProxmoxVm& planned, Diagnostics& diagnostics) {
  if (prior.is_template.value_or(false) && planned.is_template.has_value() && !*planned.is_template) {
    diagnostics.AddError("A template cannot become a VM again",
                         "Proxmox turns VMs into templates, not back. Clone the template to get a VM.",
                         Path().Child("template"));
  }
  bool const copied_once =
      planned.clone.has_value() && prior.clone.has_value() && planned.clone != prior.clone;
  if (copied_once) {
    diagnostics.AddWarning(
        "The VM is cloned already",
        "`clone` says what a new VM is made from. This one exists, so the change does nothing but be "
        "recorded. To make the VM anew from the other source, use `tofu apply -replace`.",
        Path().Child("clone"));
  }
}

// Options for which Proxmox answers "only root can set ...", whatever the privileges of a token.
void RefuseRootOnly(const ProxmoxVm& prior, const ProxmoxVm& planned, Diagnostics& diagnostics) {
  auto refuse = [&diagnostics](const Path& path) {
    diagnostics.AddError(
        Cat({"Only root@pam may set `", path.ToString(), "`"}),
        Cat({"Proxmox refuses it to every API token and to every other user, since it reaches into the node itself. "
             "Configure the provider with `username = \"root@pam\"` and its password, have somebody set it by hand and "
             "leave `",
             path.ToString(), "` out, or use a resource mapping where the attribute has one."}),
        path);
  };
  if (planned.args.has_value() && planned.args != prior.args && !planned.args->empty())
    refuse(Path().Child("args"));
  Value<std::string> const affinity = planned.cpu.has_value() ? planned.cpu->affinity : Value<std::string>();
  Value<std::string> const before = prior.cpu.has_value() ? prior.cpu->affinity : Value<std::string>();
  if (affinity.has_value() && affinity != before) refuse(Path().Child("cpu").Child("affinity"));
  auto check_hosts = [&refuse](const auto& map, const auto& old, std::string_view attribute) {
    if (!map.has_value()) return;
    for (const auto& [slot, device] : *map) {
      if (!device.has_value() || !device->host.has_value() || *device->host == "spice") continue;
      auto const found =
          old.has_value() ? old->find(slot) : typename std::decay_t<decltype(*old)>::const_iterator();
      bool const same = old.has_value() && found != old->end() && found->second.has_value() &&
                        found->second->host == device->host;
      if (!same) refuse(Path().Child(attribute).AtKey(slot).Child("host"));
    }
  };
  if (planned.serial_devices.has_value()) {
    for (const auto& [slot, device] : *planned.serial_devices) {
      bool const held = prior.serial_devices.has_value() && prior.serial_devices->contains(slot) &&
                        prior.serial_devices->find(slot)->second == device;
      if (device.has_value() && *device != "socket" && !held)
        refuse(Path().Child("serial_devices").AtKey(slot));
    }
  }
  check_hosts(planned.pci_devices, prior.pci_devices, "pci_devices");
  check_hosts(planned.usb_devices, prior.usb_devices, "usb_devices");
}

// What a running VM takes up only at its next start. Which of these are plugged in at once is up to `hotplug`, so this
// names what never is by default; after the change Proxmox itself is asked.
std::vector<std::string> NeedsReboot(const ProxmoxVm& prior, const ProxmoxVm& planned) {
  std::vector<std::string> names;
  auto note = [&names](std::string_view name, bool differs) {
    if (differs) names.emplace_back(name);
  };
  note("cpu", planned.cpu.has_value() && planned.cpu != prior.cpu);
  note("memory",
       planned.memory.has_value() && prior.memory.has_value() && planned.memory->size != prior.memory->size);
  note("machine", planned.machine != prior.machine);
  note("bios", planned.bios != prior.bios);
  note("scsi_hardware", planned.scsi_hardware != prior.scsi_hardware);
  note("boot_order", planned.boot_order != prior.boot_order);
  note("os_type", planned.os_type != prior.os_type);
  note("vga", planned.vga != prior.vga);
  note("smbios", planned.smbios != prior.smbios);
  note("serial_devices", planned.serial_devices != prior.serial_devices);
  note("pci_devices", planned.pci_devices != prior.pci_devices);
  note("agent", planned.agent.has_value() && prior.agent.has_value() &&
                    planned.agent->enabled != prior.agent->enabled);
  note("cloud_init", planned.cloud_init.has_value() && planned.cloud_init != prior.cloud_init);
  note("efi_disk", planned.efi_disk.has_value() != prior.efi_disk.has_value());
  return names;
}

void TellOfReboot(const ProxmoxVm& prior, const ProxmoxVm& planned, Diagnostics& diagnostics) {
  bool const runs_on = prior.started.value_or(false) && planned.started.value_or(true);
  if (!runs_on) return;
  std::vector<std::string> const names = NeedsReboot(prior, planned);
  bool const waiting = prior.reboot_required.value_or(false);
  if (names.empty() && !waiting) return;
  std::string const what =
      names.empty() ? "Changes that were made before wait for the VM's next start."
                    : Cat({"A running VM takes up changes of ", Join(names, ", "), " at its next start."});
  bool const reboots = planned.reboot.value_or("never") == "when_needed";
  diagnostics.AddWarning(
      reboots ? "The VM may be rebooted" : "A reboot will be needed",
      Cat({what,
           reboots
               ? " Apply asks Proxmox which changes wait, and reboots the VM if there are any."
               : " Apply leaves them waiting, since `reboot` is \"never\"; set it to \"when_needed\", or reboot "
                 "the VM when it suits."}),
      Path().Child("reboot"));
}

// A change of one thing says nothing about others: what depends on none of what changes stays known.
void KeepComputed(const ProxmoxVm& prior, ProxmoxVm& planned) {
  bool const reachable_alike = planned.networks == prior.networks && planned.started == prior.started &&
                               planned.agent == prior.agent && planned.cloud_init == prior.cloud_init;
  if (reachable_alike) {
    planned.addresses = prior.addresses;
    planned.target = prior.target;
  }
  bool const runs_on = prior.started.value_or(true) && planned.started.value_or(true);
  if (!runs_on) planned.reboot_required = false;
}

}  // namespace

absl::Status PlanVm(const ProxmoxVm* prior, const ProxmoxVm& config, ProxmoxVm& planned, bool is_root,
                    VmContext& context) {
  Diagnostics& diagnostics = context.diagnostics();
  PlanUnset(config, planned, diagnostics);
  if (!is_root) RefuseRootOnly(prior == nullptr ? ProxmoxVm() : *prior, planned, diagnostics);
  if (prior == nullptr) return absl::OkStatus();
  PlanSlots(*prior, config, planned, context);
  ForgetMovedVolumes(*prior, config, planned);
  ForgetVolumesOfAnotherNode(*prior, config, planned);
  ForgetBootOrder(WithoutUnnamed(*prior, planned, context.private_state()), config, planned);
  RefuseShrinking(*prior, planned, diagnostics);
  RefuseImpossible(*prior, planned, diagnostics);
  TellOfReboot(*prior, planned, diagnostics);
  if (planned.addresses.is_unknown()) KeepComputed(*prior, planned);
  PlanDoomed(planned, context);
  return absl::OkStatus();
}

}  // namespace fediversity::resources
