#include "resources/proxmox/vm/bpg_state.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "provider/base/text.h"
#include "resources/proxmox/vm/bpg_options.h"
#include "resources/proxmox/vm/format.h"
#include "resources/proxmox/vm/vm_options.h"
#include "resources/proxmox/vm/vm_parts.h"

namespace fediversity::resources {
namespace {

using schema::Value;

constexpr std::array<std::string_view, 5> kTypes = {
    "proxmox_virtual_environment_vm", "proxmox_vm", "proxmox_virtual_environment_vm2",
    "proxmox_virtual_environment_cloned_vm", "proxmox_cloned_vm"};

// Seconds that their attributes `timeout_*` have where configuration is silent.
constexpr std::int64_t kTheirTimeout = 1800;

Value<std::string> TextAt(const wire::Value* object, std::string_view attribute) {
  std::string text = object == nullptr ? std::string() : BpgText(object->Find(attribute));
  if (text.empty()) return {};
  return text;
}

Value<bool> FlagAt(const wire::Value& object, std::string_view attribute) {
  const wire::Value* const value = object.Find(attribute);
  if (value == nullptr || value->kind() != wire::Value::Kind::kBool) return {};
  return value->bool_value();
}

// The first of `attributes` that holds a VMID, whether as a number or as text; 0 for none.
std::int64_t VmidAt(const wire::Value& object, std::initializer_list<std::string_view> attributes) {
  for (std::string_view const attribute : attributes) {
    auto const vmid = IntegerFormat::Parse(BpgText(object.Find(attribute)));
    if (vmid.ok() && *vmid > 0) return *vmid;
  }
  return 0;
}

// "45m", "90s"; null for what is missing or a default of theirs.
Value<std::string> TimeoutAt(const wire::Value& state, std::string_view attribute) {
  auto const seconds = IntegerFormat::Parse(BpgText(state.Find(attribute)));
  if (!seconds.ok() || *seconds <= 0 || *seconds == kTheirTimeout) return {};
  return *seconds % 60 == 0 ? Cat({std::to_string(*seconds / 60), "m"})
                            : Cat({std::to_string(*seconds), "s"});
}

Value<VmClone> CloneOf(const wire::Value& state) {
  const wire::Value* const theirs = BpgBlock(&state, "clone");
  if (theirs == nullptr) return {};
  std::int64_t const source = VmidAt(*theirs, {"vm_id", "source_vm_id", "id"});
  if (source == 0) return {};
  VmClone clone;
  clone.source = std::to_string(source);
  clone.full = FlagAt(*theirs, "full");
  clone.storage = TextAt(theirs, "datastore_id");
  if (clone.storage.is_null()) clone.storage = TextAt(theirs, "target_datastore");
  clone.format = TextAt(theirs, "target_format");
  clone.snapshot = TextAt(theirs, "snapshot_name");
  return clone;
}

Value<schema::Timeouts> TimeoutsOf(const wire::Value& state) {
  schema::Timeouts timeouts;
  if (const wire::Value* const theirs = BpgBlock(&state, "timeouts"); theirs != nullptr) {
    timeouts.create = TextAt(theirs, "create");
    timeouts.read = TextAt(theirs, "read");
    timeouts.update = TextAt(theirs, "update");
    timeouts.delete_ = TextAt(theirs, "delete");
  } else {
    bool const cloned = BpgBlock(&state, "clone") != nullptr;
    timeouts.create = TimeoutAt(state, cloned ? "timeout_clone" : "timeout_create");
    timeouts.update = TimeoutAt(state, "timeout_move_disk");
    if (timeouts.update.is_null()) timeouts.update = TimeoutAt(state, "timeout_migrate");
  }
  bool const any = timeouts.create.has_value() || timeouts.read.has_value() || timeouts.update.has_value() ||
                   timeouts.delete_.has_value();
  if (!any) return {};
  return timeouts;
}

// What their agent waits for, where that is not just any address.
Value<std::string> WaitOf(const wire::Value& agent) {
  const wire::Value* const wait = BpgBlock(&agent, "wait_for_ip");
  if (wait == nullptr) return {};
  bool const ipv4 = FlagAt(*wait, "ipv4").value_or(false);
  bool const ipv6 = FlagAt(*wait, "ipv6").value_or(false);
  if (!ipv4 && !ipv6) return {};
  return std::string(ipv4 && ipv6 ? "both" : ipv4 ? "ipv4" : "ipv6");
}

// Their disk in `slot`; nullptr for none.
const wire::Value* DiskAt(const wire::Value& state, std::string_view slot) {
  const wire::Value* const disks = state.Find("disk");
  if (disks == nullptr) return nullptr;
  if (disks->kind() == wire::Value::Kind::kMap) return disks->Find(slot);
  if (disks->kind() != wire::Value::Kind::kList) return nullptr;
  for (const wire::Value& disk : disks->elements()) {
    if (BpgText(disk.Find("interface")) == slot) return &disk;
  }
  return nullptr;
}

// What state says of volumes that it names without their ids.
void AddVolumes(const wire::Value& state, ProxmoxVm& vm) {
  if (vm.disks.has_value()) {
    for (auto& [slot, disk] : *vm.disks) {
      const wire::Value* const theirs = DiskAt(state, slot);
      if (theirs == nullptr || !disk.has_value() || disk->volume.has_value()) continue;
      disk->storage = TextAt(theirs, "datastore_id");
      disk->format = TextAt(theirs, "format");
      if (auto size = SizeFormat::Parse(BpgDiskSize(*theirs)); size.ok()) disk->size = *std::move(size);
    }
  }
  if (const wire::Value* const theirs = BpgBlock(&state, "efi_disk"); theirs != nullptr) {
    VmEfiDisk efi_disk = vm.efi_disk.value_or(VmEfiDisk{});
    efi_disk.storage = TextAt(theirs, "datastore_id");
    efi_disk.format = TextAt(theirs, "file_format");
    vm.efi_disk = std::move(efi_disk);
  }
  if (const wire::Value* const theirs = BpgBlock(&state, "tpm_state"); theirs != nullptr) {
    VmTpmState tpm_state = vm.tpm_state.value_or(VmTpmState{});
    tpm_state.storage = TextAt(theirs, "datastore_id");
    vm.tpm_state = std::move(tpm_state);
  }
  if (const wire::Value* const theirs = BpgBlock(&state, "initialization"); theirs != nullptr) {
    VmCloudInit cloud_init = vm.cloud_init.value_or(VmCloudInit{});
    cloud_init.drive = TextAt(theirs, "interface");
    cloud_init.storage = TextAt(theirs, "datastore_id");
    vm.cloud_init = std::move(cloud_init);
  }
}

absl::Status BpgNotTakenOver(const schema::ForeignState& source, std::string_view why) {
  return absl::InvalidArgumentError(
      Cat({"State of ", source.type_name, " cannot be taken over\n", why,
           " Refresh it with bpg/proxmox first, or import the VM by its VMID instead."}));
}

}  // namespace

absl::StatusOr<std::optional<ProxmoxVm>> FromBpg(const schema::ForeignState& source) {
  if (!source.provider_address.ends_with("/bpg/proxmox")) return std::nullopt;
  if (std::ranges::find(kTypes, source.type_name) == kTypes.end()) return std::nullopt;
  const wire::Value& state = source.state;
  if (state.kind() != wire::Value::Kind::kMap) return BpgNotTakenOver(source, "It is no object.");

  ProxmoxVm vm;
  std::int64_t const vmid = VmidAt(state, {"vm_id", "id"});
  vm.node = TextAt(&state, "node_name");
  if (vmid == 0 || vm.node.is_null()) return BpgNotTakenOver(source, "It has no VMID or no node.");
  vm.vmid = vmid;

  VmOptions options;
  absl::Status read = ReadBpgOptions(state, options);
  if (read.ok()) read = ReadVmOptions(options, vm);
  if (!read.ok()) {
    std::string const why(ToStd(read.message()));
    return BpgNotTakenOver(source, Cat({"It holds what no VM has: ", why, why.ends_with('.') ? "" : "."}));
  }
  AddVolumes(state, vm);
  vm.pool = TextAt(&state, "pool_id");
  if (vm.pool.is_null()) vm.pool = TextAt(BpgBlock(&state, "clone"), "pool_id");
  vm.started = FlagAt(state, "started");
  vm.is_template = FlagAt(state, "template");
  vm.clone = CloneOf(state);
  if (const wire::Value* const agent = BpgBlock(&state, "agent"); agent != nullptr && vm.agent.has_value()) {
    vm.agent->wait_for_ip = WaitOf(*agent);
  }
  if (Value<std::string> timeout = TimeoutAt(state, "timeout_shutdown_vm"); timeout.has_value()) {
    VmShutdown shutdown;
    shutdown.timeout = std::move(timeout);
    vm.shutdown = std::move(shutdown);
  }
  vm.timeouts = TimeoutsOf(state);
  return vm;
}

}  // namespace fediversity::resources
