#include "tests/emulators/proxmox/status.h"

#include "tests/emulators/proxmox/disks.h"

namespace fediversity::emulators {
namespace {

constexpr std::int64_t kMebibyte = 1024 * 1024;
constexpr std::int64_t kDefaultMemory = 512;

std::int64_t Number(const Vm& vm, std::string_view option, std::int64_t otherwise) {
  return ParseInteger(vm.Get(option)).value_or(otherwise);
}

std::int64_t Processors(const Vm& vm) {
  return vm.Has("vcpus") ? Number(vm, "vcpus", 1) : Number(vm, "cores", 1) * Number(vm, "sockets", 1);
}

std::int64_t Memory(const Vm& vm) {
  return ParseInteger(DriveOptions(vm.Get("memory"), "current").file).value_or(kDefaultMemory) * kMebibyte;
}

std::int64_t Uptime(const Cluster& cluster, const Vm& vm) {
  if (!vm.running) return 0;
  return std::chrono::duration_cast<std::chrono::seconds>(cluster.Now() - vm.started).count();
}

std::string NameOf(const Vm& vm) { return vm.Has("name") ? vm.Get("name") : "VM " + std::to_string(vm.vmid); }

std::string QmpStatus(const Vm& vm) { return !vm.running ? "stopped" : vm.paused ? "paused" : "running"; }

}  // namespace

Json LiveStatus(const Cluster& cluster, const Vm& vm, bool full) {
  Json row = {{"vmid", vm.vmid},
              {"name", NameOf(vm)},
              {"status", vm.running ? "running" : "stopped"},
              {"cpus", Processors(vm)},
              {"maxmem", Memory(vm)},
              {"maxdisk", BootDiskSize(vm)},
              {"mem", 0},
              {"cpu", 0},
              {"disk", 0},
              {"netin", 0},
              {"netout", 0},
              {"uptime", Uptime(cluster, vm)}};
  if (cluster.IsNine()) row["memhost"] = 0;
  if (full) row["qmpstatus"] = QmpStatus(vm);
  if (vm.Has("tags")) row["tags"] = vm.Get("tags");
  if (vm.Has("lock")) row["lock"] = vm.Get("lock");
  if (vm.IsTemplate()) row["template"] = 1;
  if (vm.Has("serial0")) row["serial"] = 1;
  if (Number(vm, "balloon", 0) > 0) {
    row["balloon_min"] = Number(vm, "balloon", 0) * kMebibyte;
    row["shares"] = Number(vm, "shares", 1000);
  }
  if (vm.running) row["pid"] = vm.pid;
  if (vm.running && full) {
    Json nics = Json::object();
    for (const auto& [name, value] : vm.config) {
      if (IsNetwork(name)) {
        nics["tap" + std::to_string(vm.vmid) + "i" + name.substr(3)] = {{"netin", 0}, {"netout", 0}};
      }
    }
    if (!nics.empty()) row["nics"] = std::move(nics);
    if (cluster.IsNine()) {
      for (const char* const name : {"pressurecpufull", "pressurecpusome", "pressureiofull", "pressureiosome",
                                     "pressurememoryfull", "pressurememorysome"}) {
        row[name] = 0;
      }
    }
  }
  return row;
}

Json SeenStatus(const Cluster& cluster, const Vm& vm) {
  Json row = {{"name", NameOf(vm)},           {"status", QmpStatus(vm)},
              {"maxcpu", Processors(vm)},     {"maxmem", Memory(vm)},
              {"maxdisk", BootDiskSize(vm)},  {"template", vm.IsTemplate() ? 1 : 0},
              {"uptime", Uptime(cluster, vm)}};
  for (const char* const name : {"mem", "cpu", "disk", "diskread", "diskwrite", "netin", "netout"})
    row[name] = 0;
  if (cluster.IsNine()) row["memhost"] = 0;
  return row;
}

Json ResourceRow(const Cluster& cluster, const Vm& vm) {
  Json row = {{"status", "unknown"}};
  if (auto const seen = cluster.seen.find(vm.vmid); seen != cluster.seen.end()) row = seen->second;
  row["id"] = "qemu/" + std::to_string(vm.vmid);
  row["type"] = "qemu";
  row["vmid"] = vm.vmid;
  row["node"] = vm.node;
  return row;
}

}  // namespace fediversity::emulators
