#include "resources/proxmox/vm/vm_plan.h"

#include <string>

#include "provider/backends/proxmox/text/size.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "resources/proxmox/vm/configured.h"
#include "resources/proxmox/vm/doomed_volumes.h"
#include "resources/proxmox/vm/slot_plan.h"
#include "resources/proxmox/vm/unset.h"
#include "resources/proxmox/vm/vm_power_plan.h"
#include "resources/proxmox/vm/vm_reboot.h"
#include "resources/proxmox/vm/vm_root_only.h"
#include "resources/proxmox/vm/vm_unknowns.h"
#include "resources/proxmox/vm/vm_values.h"

namespace fediversity::resources {
namespace {

using schema::Diagnostics;
using schema::Value;
using wire::Path;

// A device is either the node's or mapped: the one that is configured takes the place of the other.
template <typename Map>
void ChooseDevices(const Value<Map>& config, Value<Map>& planned) {
  if (!config.has_value() || !planned.has_value()) return;
  for (auto& [slot, device] : *planned) {
    auto const configured = config->find(slot);
    if (!device.has_value() || configured == config->end() || !configured->second.has_value()) continue;
    const auto& wanted = *configured->second;
    if (wanted.host.is_null() && !wanted.mapping.is_null()) device->host = {};
    if (wanted.mapping.is_null() && !wanted.host.is_null()) device->mapping = {};
  }
}

// A number that is not known yet might be another one, and the VM would have to be planned as lost.
void KeepVmid(const ProxmoxVm& prior, ProxmoxVm& planned, Diagnostics& diagnostics) {
  if (!planned.vmid.is_unknown()) return;
  planned.vmid = prior.vmid;
  std::string const number = std::to_string(prior.vmid.value_or(0));
  diagnostics.AddWarning(
      "The VMID is not known yet",
      Cat({"The plan takes it to stay ", number,
           ", so that the VM is not replaced. If it turns out to be another, apply stops before it changes anything; plan "
           "again then. For a plan that says what is to be done, write a `vmid` that is known, or leave it out."}),
      Path().Child("vmid"));
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

// What is said of the volume and the image of a disk that exists.
void CheckVolumes(const ProxmoxVm& prior, const ProxmoxVm& config, const ProxmoxVm& planned,
                  Diagnostics& diagnostics) {
  if (!config.disks.has_value() || !prior.disks.has_value()) return;
  for (const auto& [slot, disk] : *config.disks) {
    auto const before = prior.disks->find(slot);
    if (!disk.has_value() || before == prior.disks->end() || !before->second.has_value()) continue;
    VmDisk const& held = *before->second;
    Path const path = Path().Child("disks").AtKey(slot);
    if (held.import_from.has_value() && disk->import_from.has_value() &&
        held.import_from != disk->import_from) {
      diagnostics.AddWarning(
          "The disk has its content already",
          Cat({"`import_from` says what a new disk starts with. `", slot,
               "` exists, so the change does nothing but be recorded. For a disk with the other content, add one in "
               "another slot."}),
          path.Child("import_from"));
    }
    if (!disk->volume.has_value() || !held.volume.has_value()) continue;
    bool const stays = (disk->storage.is_null() || disk->storage == held.storage) &&
                       (disk->format.is_null() || disk->format == held.format) &&
                       !BecomesTemplate(prior, planned);
    if (disk->volume == held.volume && stays) continue;
    diagnostics.AddError(
        "A disk cannot become another volume",
        Cat({"`", slot, "` holds ", *held.volume,
             disk->volume == held.volume
                 ? ". It moves, is converted or becomes a template's, and is called otherwise afterwards. Leave "
                   "`volume` out."
                 : Cat({", and the configuration names ", *disk->volume,
                        ". Leave `volume` out, or write what the slot holds. To attach the other volume, use another "
                        "slot; or take the disk out, apply, and put the other in."})}),
        path.Child("volume"));
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
  if (prior != nullptr) KeepVmid(*prior, planned, diagnostics);
  PlanUnset(config, planned, diagnostics);
  ChooseDevices(config.pci_devices, planned.pci_devices);
  ChooseDevices(config.usb_devices, planned.usb_devices);
  PlanPower(prior, config, planned, diagnostics);
  ProxmoxVm const named =
      prior == nullptr ? ProxmoxVm() : WithoutUnnamed(*prior, planned, context.private_state());
  if (!is_root) RefuseRootOnly(named, planned, diagnostics);
  PlanValues(prior, config, planned, diagnostics);
  TellOfForeignVolumes(prior, config, planned, diagnostics);
  if (prior == nullptr) return absl::OkStatus();
  PlanSlots(*prior, config, planned, context);
  MarkUnknown(named, config, planned);
  RefuseShrinking(*prior, planned, diagnostics);
  RefuseImpossible(*prior, planned, diagnostics);
  CheckVolumes(*prior, config, planned, diagnostics);
  PlanReboot(named, planned, diagnostics);
  diagnostics.AddStatus(RefuseColdGrowth(prior->started.value_or(false), named, planned));
  if (planned.addresses.is_unknown()) KeepComputed(*prior, planned);
  PlanDoomed(planned, context);
  return absl::OkStatus();
}

}  // namespace fediversity::resources
