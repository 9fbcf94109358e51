#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/router.h"

namespace fediversity::emulators {
namespace {

// The VM, if its agent answers.
Vm* Reach(Cluster& cluster, const Call& call, std::optional<Reply>& refused) {
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) {
    refused = Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  } else if (DriveOptions(vm->Get("agent"), "enabled").file != "1") {
    refused = Died("No QEMU guest agent configured");
  } else if (!vm->running) {
    refused = Died(Cat({"VM ", call.Get("vmid"), " is not running"}));
  } else if (!vm->guest.agent_runs || vm->guest.agent_silent_calls > 0) {
    if (vm->guest.agent_silent_calls > 0) --vm->guest.agent_silent_calls;
    refused = Died("QEMU guest agent is not running");
  }
  return refused.has_value() ? nullptr : vm;
}

Reply GetInterfaces(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  const Vm* const vm = Reach(cluster, call, refused);
  if (vm == nullptr) return *refused;
  return Data({{"result", vm->guest.interfaces}});
}

Reply ReadFile(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  const Vm* const vm = Reach(cluster, call, refused);
  if (vm == nullptr) return *refused;
  auto const file = vm->guest.files.find(call.Get("file"));
  if (file == vm->guest.files.end()) {
    return Died(Cat({"Agent error: failed to open file '", call.Get("file"),
                     "' (mode: 'r'): No such file or directory"}));
  }
  return Data({{"content", file->second}, {"bytes-read", file->second.size()}});
}

Reply GetSystem(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  if (Reach(cluster, call, refused) == nullptr) return *refused;
  return Data({{"result", {{"id", "nixos"}, {"name", "NixOS"}, {"machine", "x86_64"}}}});
}

Reply GetHostName(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  const Vm* const vm = Reach(cluster, call, refused);
  if (vm == nullptr) return *refused;
  return Data({{"result", {{"host-name", vm->Get("name")}}}});
}

Reply Ping(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  if (Reach(cluster, call, refused) == nullptr) return *refused;
  return Data({{"result", Json::object()}});
}

}  // namespace

std::vector<Route> AgentRoutes(Version version) {
  const std::string agent = "/nodes/{node}/qemu/{vmid}/agent/";
  bool const nine = version == Version::kNine;
  const std::string look =
      nine ? "/vms/{vmid} VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted" : "/vms/{vmid} VM.Monitor";
  const std::string read =
      nine ? "/vms/{vmid} VM.GuestAgent.FileRead|VM.GuestAgent.Unrestricted" : "/vms/{vmid} VM.Monitor";
  return {
      {"GET", agent + "network-get-interfaces", "", look, GetInterfaces},
      {"GET", agent + "file-read", "file! str", read, ReadFile},
      {"GET", agent + "get-osinfo", "", look, GetSystem},
      {"GET", agent + "get-host-name", "", look, GetHostName},
      {"POST", agent + "ping", "", look, Ping},
  };
}

}  // namespace fediversity::emulators
