#include "resources/proxmox/vm/vm_unknowns.h"

#include <algorithm>
#include <string>

#include "resources/proxmox/vm/unset.h"

namespace fediversity::resources {
namespace {

using schema::Value;

void Forget(const Value<std::string>& configured, Value<std::string>& planned) {
  if (configured.is_null()) planned = Value<std::string>::Unknown();
}

// What the configuration says of a disk: nothing where it is left out.
VmDisk ConfiguredDisk(const ProxmoxVm& config, const std::string& slot) {
  if (!config.disks.has_value()) return {};
  auto const found = config.disks->find(slot);
  return found == config.disks->end() ? VmDisk{} : found->second.value_or(VmDisk{});
}

// A disk that moves, is converted or becomes a template's is another volume afterwards.
void ForgetMovedVolumes(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  bool const renamed = BecomesTemplate(prior, planned) || planned.is_template.is_unknown();
  if (planned.disks.has_value() && prior.disks.has_value()) {
    for (auto& [slot, disk] : *planned.disks) {
      auto const before = prior.disks->find(slot);
      if (!disk.has_value() || before == prior.disks->end() || !before->second.has_value()) continue;
      bool const moves = disk->storage != before->second->storage;
      VmDisk const configured = ConfiguredDisk(config, slot);
      if (moves || renamed || disk->format != before->second->format) Forget(configured.volume, disk->volume);
      if (moves) Forget(configured.format, disk->format);
    }
  }
  if (planned.efi_disk.has_value() && prior.efi_disk.has_value()) {
    VmEfiDisk& disk = *planned.efi_disk;
    bool const moves = disk.storage != prior.efi_disk->storage;
    if (moves || renamed || disk.format != prior.efi_disk->format)
      disk.volume = Value<std::string>::Unknown();
    if (moves) Forget(config.efi_disk.value_or(VmEfiDisk{}).format, disk.format);
  }
  if (planned.tpm_state.has_value() && prior.tpm_state.has_value() &&
      (renamed || planned.tpm_state->storage != prior.tpm_state->storage)) {
    planned.tpm_state->volume = Value<std::string>::Unknown();
  }
}

// Disks that the other node does not share get there as other volumes, and on other storages where that is asked for.
void ForgetVolumesOfAnotherNode(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  if (planned.node == prior.node) return;
  bool const elsewhere = planned.migration.is_unknown() ||
                         (planned.migration.has_value() && !planned.migration->target_storage.is_null());
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
  if (planned.efi_disk.has_value()) {
    planned.efi_disk->volume = Value<std::string>::Unknown();
    VmEfiDisk const configured = config.efi_disk.value_or(VmEfiDisk{});
    if (elsewhere) Forget(configured.storage, planned.efi_disk->storage);
    if (elsewhere) Forget(configured.format, planned.efi_disk->format);
  }
  if (planned.tpm_state.has_value()) {
    planned.tpm_state->volume = Value<std::string>::Unknown();
    if (elsewhere) Forget(config.tpm_state.value_or(VmTpmState{}).storage, planned.tpm_state->storage);
  }
  if (elsewhere && planned.cloud_init.has_value() && planned.cloud_init->storage.has_value()) {
    Forget(config.cloud_init.value_or(VmCloudInit{}).storage, planned.cloud_init->storage);
  }
}

// Proxmox takes what leaves the VM out of its boot order, and CD-ROM drives into it.
void ForgetBootOrder(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  bool const is_settled = !config.boot_order.is_null() || IsUnset(planned, "boot");
  if (is_settled || planned.boot_order.is_unknown()) return;
  auto const drive_of = [](const ProxmoxVm& vm) {
    return vm.cloud_init.has_value() ? vm.cloud_init->drive : Value<std::string>();
  };
  auto const leaves = [&](const Value<std::string>& device) {
    auto const left = [&device](const auto& before, const auto& after) {
      bool const stays = after.has_value() && after->contains(*device);
      return before.has_value() && before->contains(*device) && !stays;
    };
    if (!device.has_value()) return false;
    return left(prior.disks, planned.disks) || left(prior.cdroms, planned.cdroms) ||
           left(prior.networks, planned.networks) || left(prior.pci_devices, planned.pci_devices) ||
           left(prior.usb_devices, planned.usb_devices) ||
           (device == drive_of(prior) && device != drive_of(planned));
  };
  // What it takes them out of, and into, is the order in effect, even while another one waits for a start.
  bool const exchanged = prior.reboot_required.value_or(false) && !HasSameDevices(prior, planned);
  bool const shrinks = planned.boot_order.has_value() && std::ranges::any_of(*planned.boot_order, leaves);
  if (exchanged || shrinks || JoinsBootOrder(prior, planned)) {
    planned.boot_order = Value<schema::List<std::string>>::Unknown();
  }
}

// Proxmox gives a VM that becomes one for Windows a machine of a version that stays.
void ForgetMachine(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  bool const may_be_windows = planned.os_type.is_unknown() || planned.os_type.value_or("").starts_with('w');
  bool const becomes = may_be_windows && planned.os_type != prior.os_type;
  if (becomes && prior.machine.is_null()) Forget(config.machine, planned.machine);
}

}  // namespace

bool HasSameDevices(const ProxmoxVm& one, const ProxmoxVm& other) {
  return one.disks == other.disks && one.cdroms == other.cdroms && one.networks == other.networks &&
         one.pci_devices == other.pci_devices && one.usb_devices == other.usb_devices &&
         one.cloud_init == other.cloud_init;
}

bool BecomesTemplate(const ProxmoxVm& prior, const ProxmoxVm& planned) {
  return planned.is_template.value_or(false) && !prior.is_template.value_or(false);
}

bool JoinsBootOrder(const ProxmoxVm& prior, const ProxmoxVm& planned) {
  // Without an order every drive is tried anyway.
  if (!prior.boot_order.has_value() || prior.boot_order->empty()) return false;
  if (!planned.cdroms.has_value()) return planned.cdroms.is_unknown();
  return std::ranges::any_of(*planned.cdroms, [&](const auto& entry) {
    const auto& [slot, cdrom] = entry;
    bool const listed =
        std::ranges::find(*prior.boot_order, Value<std::string>(slot)) != prior.boot_order->end();
    if (listed) return false;
    if (!prior.cdroms.has_value()) return true;
    auto const before = prior.cdroms->find(slot);
    return before == prior.cdroms->end() || before->second != cdrom;
  });
}

void MarkUnknown(const ProxmoxVm& prior, const ProxmoxVm& config, ProxmoxVm& planned) {
  ForgetMovedVolumes(prior, config, planned);
  ForgetVolumesOfAnotherNode(prior, config, planned);
  ForgetBootOrder(prior, config, planned);
  ForgetMachine(prior, config, planned);
}

}  // namespace fediversity::resources
