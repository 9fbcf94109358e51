#include "tests/emulators/proxmox/vm_update.h"

#include <algorithm>
#include <set>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"

namespace fediversity::emulators {
namespace {

// Whether a drive that stays in its slot takes its new options while it is in use; nothing where another volume comes.
std::optional<bool> TakesDriveOptions(const std::string& before, const std::string& after) {
  static const std::set<std::string_view> kFixed = {"aio",    "cache", "discard", "iothread",
                                                    "queues", "ro",    "ssd"};
  DriveOptions const old(before);
  DriveOptions const now(after);
  if (old.IsCdrom() && now.IsCdrom()) return true;
  if (old.file != now.file) return std::nullopt;
  return std::ranges::none_of(kFixed, [&](std::string_view name) {
    auto const get = [name](const DriveOptions& drive) {
      auto const found = drive.options.find(name);
      return found == drive.options.end() ? std::string() : found->second;
    };
    return get(old) != get(now);
  });
}

// Memory can be taken from a guest that has a balloon; the device itself comes and goes with a start.
bool KeepsBalloon(const Vm& vm) {
  auto const pending = vm.pending.find("balloon");
  bool const will_have = pending == vm.pending.end() || pending->second != "0";
  return will_have == (vm.Get("balloon") != "0");
}

bool PlugsUsb(const std::string& ostype) {
  static const std::set<std::string_view> kNames = {"l26", "win8", "win10", "win11"};
  return kNames.contains(ostype);
}

// Whether a running VM takes the change of an option at once.
bool TakesAtOnce(const Vm& vm, const std::string& option) {
  static const std::set<std::string_view> kAlways = {
      "description", "hookscript",     "lock",       "migrate_downtime", "migrate_speed",
      "name",        "onboot",         "protection", "shares",           "startup",
      "tags",        "vmstatestorage", "cpulimit",   "cpuunits",         "autostart"};
  if (kAlways.contains(option) || IsCloudInitOption(option) || IsUnused(option)) return true;
  std::string const hotplug = vm.Has("hotplug") ? vm.Get("hotplug") : "network,disk,usb";
  auto const features = SplitList(hotplug == "1" ? "network,disk,usb" : hotplug);
  auto const has = [&](std::string_view feature) {
    return std::ranges::find(features, feature) != features.end();
  };
  if (auto const pending = vm.pending.find(option);
      IsDrive(option) && vm.Has(option) && pending != vm.pending.end()) {
    if (auto const taken = TakesDriveOptions(vm.Get(option), pending->second)) return *taken;
  }
  if (option == "balloon") return KeepsBalloon(vm);
  if (IsNetwork(option)) return has("network");
  if (option == "tablet") return has("usb");
  if (option == "vcpus") return has("cpu");
  if (option == "memory") return has("memory");
  if (IsDrive(option)) {
    bool const fixed = option.starts_with("ide") || option.starts_with("sata") || option == "efidisk0" ||
                       option == "tpmstate0";
    return has("disk") && !fixed;
  }
  return option.starts_with("usb") && has("usb") && PlugsUsb(vm.Get("ostype"));
}

// Whether hot-plugging a change means that the guest lets go of a device.
bool NeedsRelease(const Vm& vm, const std::string& option) {
  return vm.Has(option) &&
         (IsNetwork(option) || (IsDrive(option) && !DriveOptions(vm.Get(option)).IsCdrom()));
}

std::optional<Reply> CheckBootOrder(const Vm& vm, const Params& set) {
  auto const boot = set.find("boot");
  if (boot == set.end() || !boot->second.starts_with("order=")) return std::nullopt;
  Params const planned = vm.Planned();
  for (const std::string& device : Split(std::string_view(boot->second).substr(6), ';')) {
    if (!device.empty() && !planned.contains(device) && !set.contains(device)) {
      return Died(Cat({"invalid bootorder: device '", device, "' does not exist'"}));
    }
  }
  return std::nullopt;
}

// Remembers what a cloud-init drive of a running VM still says.
void RecordCloudInit(Vm& vm, const std::string& option) {
  if (!vm.running || !(IsCloudInitOption(option) || option == "name" || IsNetwork(option))) return;
  if (vm.cloudinit.contains(option) || vm.cloudinit_added.contains(option)) return;
  if (vm.Has(option)) {
    vm.cloudinit[option] = vm.Get(option);
  } else {
    vm.cloudinit_added.insert(option);
  }
}

void ApplyDeletion(Cluster& cluster, Vm& vm, const std::string& option) {
  RecordCloudInit(vm, option);
  if (IsDrive(option) || IsUnused(option)) {
    DetachDrive(cluster, vm, option, false);
  } else {
    vm.config.erase(option);
  }
  vm.removed.erase(option);
}

void ApplyValue(Cluster& cluster, Vm& vm, const std::string& option) {
  RecordCloudInit(vm, option);
  std::string const value = vm.pending[option];
  if (IsDrive(option) && vm.Has(option) && DriveOptions(vm.Get(option)).file != DriveOptions(value).file) {
    DetachDrive(cluster, vm, option, false);
  }
  if (IsDrive(option)) {
    std::erase_if(vm.config, [&](const auto& entry) {
      return IsUnused(entry.first) && entry.second == DriveOptions(value).file;
    });
  }
  vm.config[option] = value;
  vm.pending.erase(option);
}

// Puts into effect what a running VM takes; what it refuses stays pending and is reported.
std::optional<Reply> HotPlug(Cluster& cluster, Vm& vm) {
  Json errors = Json::object();
  auto const refuse = [&](const std::string& option) {
    errors[option] = Cat({"hotplug problem - error on hot-unplugging device '", option, "'",
                          cluster.IsNine() ? " - still busy in guest?\n" : "\n"});
  };
  std::set<std::string> const removed = vm.removed;
  for (const std::string& option : removed) {
    if (!TakesAtOnce(vm, option)) continue;
    if (NeedsRelease(vm, option) && !vm.guest.releases_devices) {
      refuse(option);
    } else {
      ApplyDeletion(cluster, vm, option);
    }
  }
  Params const pending = vm.pending;
  for (const auto& [option, value] : pending) {
    if (!TakesAtOnce(vm, option)) continue;
    bool const replaces =
        NeedsRelease(vm, option) && DriveOptions(vm.Get(option)).file != DriveOptions(value).file;
    if (replaces && !vm.guest.releases_devices) {
      refuse(option);
    } else {
      ApplyValue(cluster, vm, option);
    }
  }
  if (errors.empty()) return std::nullopt;
  return BadParameters(std::move(errors));
}

// The boot order forgets a device that goes. `boot` is the one in effect, as the request has changed it so far: what
// waits is not looked at, and overwritten.
void ForgetBootDevice(Vm& vm, const std::string& option, std::string& boot) {
  auto const shorter = BootOrderWithout(boot, option);
  if (shorter.has_value()) vm.pending["boot"] = boot = *shorter;
}

// A CD-ROM drive goes to the end of the boot order, where there is one.
void AppendToBootOrder(Vm& vm, const std::string& option, const std::string& value, std::string& boot) {
  DriveOptions const drive(value);
  if (!drive.IsCdrom() || drive.IsCloudInit() || !boot.starts_with("order=")) return;
  auto const devices = Split(std::string_view(boot).substr(6), ';');
  if (std::ranges::find(devices, option) != devices.end()) return;
  vm.pending["boot"] = boot = Cat({boot, ";", option});
}

void PinMachine(const Cluster& cluster, Vm& vm) {
  std::string const pinned = PinnedMachine(cluster, vm.Planned()["machine"]);
  if (vm.Get("machine") != pinned) vm.pending["machine"] = pinned;
}

// Drops a value that never came into effect; a volume made for it stays as an unused one.
void DropPending(Vm& vm, const std::string& option) {
  auto const pending = vm.pending.find(option);
  if (pending == vm.pending.end()) return;
  if (IsDrive(option)) {
    DriveOptions const drive(pending->second);
    bool const in_use = vm.Has(option) && DriveOptions(vm.Get(option)).file == drive.file;
    if (!in_use && !drive.IsCdrom()) AddUnused(vm.config, drive.file);
  }
  vm.pending.erase(pending);
}

std::optional<Reply> CheckLists(const Cluster& cluster, const Call& call, const Params& set) {
  auto const deleted = SplitList(call.Get("delete"));
  auto const reverted = SplitList(call.Get("revert"));
  for (const std::string& option : deleted) {
    bool const known = IsConfigKey(cluster.settings.version, option);
    if (set.contains(option)) {
      return BadParameter("delete",
                          Cat({"you can't use '-", option, "' and -delete ", option, "' at the same time"}));
    }
    if (std::ranges::find(reverted, option) != reverted.end()) {
      return BadParameter(
          "revert", Cat({"you can't use '-delete ", option, "' and -revert ", option, "' at the same time"}));
    }
    if (!known) return BadParameter("delete", Cat({"unknown option '", option, "'"}));
    if (auto refused = RefuseDeletion(cluster, call, option)) return refused;
  }
  for (const std::string& option : reverted) {
    if (!IsConfigKey(cluster.settings.version, option)) {
      return BadParameter("revert", Cat({"unknown option '", option, "'"}));
    }
    if (set.contains(option)) {
      return BadParameter("revert",
                          Cat({"you can't use '-", option, "' and -revert ", option, "' at the same time"}));
    }
  }
  return std::nullopt;
}

// A VM has one cloud-init drive; one that the same request deletes is there still.
std::optional<Reply> RefuseSecondCloudInit(const Vm& vm, const Params& set, const std::string& option) {
  if (!DriveOptions(set.at(option)).file.ends_with(":cloudinit")) return std::nullopt;
  for (const Params* const config : {&vm.config, &vm.pending}) {
    for (const auto& [slot, value] : *config) {
      if (slot == option || !IsDrive(slot) || !DriveOptions(value).IsCloudInit()) continue;
      return Died(Cat({option, " - cloud-init drive is already attached at '", slot, "'"}));
    }
  }
  return std::nullopt;
}

void Delete(Cluster& cluster, const Call& call, Vm& vm, const std::string& option, std::string& boot) {
  DropPending(vm, option);
  if (!vm.Has(option)) return;
  if (IsUnused(option) || (call.Flag("force") && IsDrive(option) && !vm.running)) {
    ForgetBootDevice(vm, option, boot);
    DetachDrive(cluster, vm, option, true);
    return;
  }
  vm.removed.insert(option);
  ForgetBootDevice(vm, option, boot);
}

}  // namespace

std::optional<Reply> UpdateVm(Cluster& cluster, const Call& call, Vm& vm, const Params& set, Log& log) {
  if (auto refused = CheckLists(cluster, call, set)) return refused;
  if (!call.who.IsRoot() && call.Flag("skiplock"))
    return BadParameter("skiplock", "Only root may use this option.");
  if (auto refused = RefuseOptions(cluster, call, set, false)) return refused;
  if (auto const failure = ConfigIsReadOnly(cluster, vm)) return Died(*failure);
  if (call.Has("digest") && !call.Get("digest").empty() && call.Get("digest") != DigestOf(vm)) {
    return Died("checksum mismatch (file change by other user?)");
  }
  if (vm.Has("lock") && !call.Flag("skiplock")) return Died(Cat({"VM is locked (", vm.Get("lock"), ")"}));
  if (auto refused = CheckBootOrder(vm, set)) return refused;
  std::string boot = vm.Get("boot");
  for (const std::string& option : SplitList(call.Get("delete"))) {
    if (IsUnused(option) && IsInSnapshot(vm, vm.Get(option))) {
      return Died(Cat({"unable to delete '", vm.Get(option), "' - volume is still in use (snapshot?)"}));
    }
    Delete(cluster, call, vm, option, boot);
  }
  for (const std::string& option : SplitList(call.Get("revert"))) {
    DropPending(vm, option);
    vm.removed.erase(option);
  }
  std::optional<Reply> refused;
  for (const bool drives : {false, true}) {
    for (const auto& [option, value] : set) {
      if (IsDrive(option) != drives || refused.has_value()) continue;
      std::string printed;
      if (drives) {
        if (auto refusal = RefuseSecondCloudInit(vm, set, option)) {
          refused = std::move(refusal);
          continue;
        }
        if (auto const failure =
                MakeDrive(cluster, call.who, vm.vmid, vm.node, option, value, printed, log)) {
          refused = Died(*failure);
          continue;
        }
      } else {
        printed = Canonical(cluster, option, value, false);
      }
      if (option == "machine") {
        Params const planned = vm.Planned();
        auto const ostype = planned.find("ostype");
        if (ostype != planned.end() && IsWindows(ostype->second)) printed = PinnedMachine(cluster, printed);
      }
      bool const becomes_windows =
          option == "ostype" && IsWindows(value) && !IsWindows(vm.Get("ostype")) && !set.contains("machine");
      if (becomes_windows && cluster.IsNine()) PinMachine(cluster, vm);
      vm.removed.erase(option);
      if (!vm.pending.contains(option) ||
          DriveOptions(vm.pending[option]).file != DriveOptions(printed).file) {
        DropPending(vm, option);
      }
      vm.pending[option] = printed;
      if (drives) AppendToBootOrder(vm, option, printed, boot);
      if (vm.Get(option) == printed) vm.pending.erase(option);
    }
  }
  if (!vm.running) {
    ApplyPending(cluster, vm);
    return refused;
  }
  auto hot = HotPlug(cluster, vm);
  return refused.has_value() ? refused : hot;
}

void ApplyPending(Cluster& cluster, Vm& vm) {
  std::set<std::string> const removed = vm.removed;
  for (const std::string& option : removed) ApplyDeletion(cluster, vm, option);
  Params const pending = vm.pending;
  for (const auto& [option, value] : pending) ApplyValue(cluster, vm, option);
}

void DetachDrive(Cluster& cluster, Vm& vm, const std::string& slot, bool destroy) {
  auto const found = vm.config.find(slot);
  if (found == vm.config.end()) return;
  DriveOptions const drive(found->second);
  vm.config.erase(found);
  const Volume* const volume = cluster.FindVolume(drive.file, vm.node);
  if (volume != nullptr && volume->vmid != vm.vmid) return;  // another VM's
  if (IsUnused(slot) || drive.IsCloudInit() || (destroy && !drive.IsCdrom())) {
    cluster.RemoveVolume(drive.file, vm.node);
  } else if (!drive.IsCdrom()) {
    AddUnused(vm.config, drive.file);
  }
}

}  // namespace fediversity::emulators
