#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"

namespace fediversity::emulators {

DriveOptions::DriveOptions(std::string_view text, std::string_view default_key) {
  for (const std::string& piece : Split(text, ',')) {
    auto const equals = piece.find('=');
    std::string const key = equals == std::string::npos ? std::string(default_key) : piece.substr(0, equals);
    std::string const value = equals == std::string::npos ? piece : piece.substr(equals + 1);
    if (key == default_key || (default_key == "file" && key == "volume")) {
      file = value;
    } else if (!key.empty()) {
      options[key] = value;
    }
  }
}

bool DriveOptions::IsCdrom() const {
  auto const media = options.find("media");
  return media != options.end() && media->second == "cdrom";
}

bool DriveOptions::IsCloudInit() const {
  return IsCdrom() &&
         (VolumeName(file).find("-cloudinit") != std::string::npos || file.ends_with(":cloudinit"));
}

std::string DriveOptions::Print() const {
  std::string text = file;
  for (const auto& [key, value] : options) text += Cat({",", key, "=", value});
  return text;
}

std::uint64_t ParseSize(std::string_view text) {
  std::string number(text);
  double factor = 1;
  constexpr double kStep = 1024;
  for (const char unit : {'K', 'M', 'G', 'T'}) {
    factor *= kStep;
    if (!number.ends_with(unit)) continue;
    number.pop_back();
    return static_cast<std::uint64_t>(std::strtod(number.c_str(), nullptr) * factor);
  }
  return static_cast<std::uint64_t>(std::strtod(number.c_str(), nullptr));
}

std::string FormatSize(std::uint64_t bytes) {
  constexpr std::uint64_t kStep = 1024;
  std::string unit;
  for (const char* const next : {"K", "M", "G", "T"}) {
    if (bytes == 0 || bytes % kStep != 0) break;
    bytes /= kStep;
    unit = next;
  }
  return std::to_string(bytes) + unit;
}

std::string HumanSize(std::uint64_t bytes) {
  constexpr double kStep = 1024;
  auto size = static_cast<double>(bytes);
  const char* unit = "B";
  for (const char* const next : {"KiB", "MiB", "GiB", "TiB"}) {
    if (size < kStep) break;
    size /= kStep;
    unit = next;
  }
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %s", size, unit);
  return text;
}

std::int64_t BootDiskSize(const Vm& vm) {
  std::string const boot = vm.Get("boot");
  constexpr std::string_view kOrder = "order=";
  if (!boot.starts_with(kOrder)) return 0;
  for (const std::string& device : Split(std::string_view(boot).substr(kOrder.size()), ';')) {
    if (!IsDrive(device) || !vm.Has(device)) continue;
    DriveOptions const drive(vm.Get(device));
    if (drive.IsCdrom()) continue;
    auto const size = drive.options.find("size");
    return size == drive.options.end() ? 0 : static_cast<std::int64_t>(ParseSize(size->second));
  }
  return 0;
}

std::string DefaultBootOrder(const Params& config) {
  std::string disk;
  std::string cdrom;
  std::string network;
  for (const std::string& slot : DriveSlots()) {
    auto const found = config.find(slot);
    if (found == config.end() || slot == "efidisk0" || slot == "tpmstate0") continue;
    std::string& first = DriveOptions(found->second).IsCdrom() ? cdrom : disk;
    if (first.empty()) first = slot;
  }
  for (const auto& [name, value] : config) {
    if (IsNetwork(name) && (network.empty() || name.size() < network.size())) network = name;
  }
  std::vector<std::string> devices;
  for (const std::string& device : {disk, cdrom, network}) {
    if (!device.empty()) devices.push_back(device);
  }
  return devices.empty() ? " " : "order=" + Join(devices, ";");
}

std::optional<std::string> BootOrderWithout(const std::string& boot, const std::string& device) {
  constexpr std::string_view kOrder = "order=";
  if (!boot.starts_with(kOrder)) return std::nullopt;
  auto devices = Split(std::string_view(boot).substr(kOrder.size()), ';');
  if (std::erase(devices, device) == 0) return std::nullopt;
  if (devices.empty()) return " ";
  return std::string(kOrder) + Join(devices, ";");
}

void AddUnused(Params& config, const std::string& volume) {
  for (const auto& [name, value] : config) {
    if (IsUnused(name) && value == volume) return;
  }
  for (int number = 0;; ++number) {
    if (config.emplace("unused" + std::to_string(number), volume).second) return;
  }
}

std::vector<std::string> VolumesOf(const Params& config) {
  std::vector<std::string> volumes;
  for (const auto& [name, value] : config) {
    if (!IsDrive(name) && !IsUnused(name)) continue;
    DriveOptions const drive(value);
    bool const own = IsUnused(name) || !drive.IsCdrom() || drive.IsCloudInit();
    if (own && drive.file.find(':') != std::string::npos) volumes.push_back(drive.file);
  }
  return volumes;
}

}  // namespace fediversity::emulators
