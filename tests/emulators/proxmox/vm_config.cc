#include "provider/base/text.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

constexpr const char* kMask = "**********";

Json Shown(const std::string& option, const std::string& value) {
  return option == "cipassword" ? Json(kMask) : OptionToJson(option, value);
}

Reply GetConfig(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Params config = call.Flag("current") ? vm->config : vm->Planned();
  if (call.Has("snapshot")) {
    bool found = false;
    for (const Snapshot& snapshot : vm->snapshots) {
      if (snapshot.name != call.Get("snapshot")) continue;
      config = snapshot.config;
      found = true;
    }
    if (!found) return Died(Cat({"snapshot '", call.Get("snapshot"), "' does not exist"}));
  }
  Json data = {{"digest", DigestOf(*vm)}};
  for (const auto& [option, value] : config) data[option] = Shown(option, value);
  if (!vm->current_parent.empty()) data["parent"] = vm->current_parent;
  return Data(std::move(data));
}

Reply GetPending(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json rows = Json::array({{{"key", "digest"}, {"value", DigestOf(*vm)}}});
  for (const auto& [option, value] : vm->config) {
    Json row = {{"key", option}, {"value", Shown(option, value)}};
    if (vm->removed.contains(option)) row["delete"] = 1;
    if (auto const pending = vm->pending.find(option); pending != vm->pending.end()) {
      row["pending"] = Shown(option, pending->second);
    }
    rows.push_back(std::move(row));
  }
  for (const auto& [option, value] : vm->pending) {
    if (!vm->Has(option)) rows.push_back({{"key", option}, {"pending", Shown(option, value)}});
  }
  return Data(std::move(rows));
}

bool AsksForNothing(const Params& set, const Call& call) {
  return set.empty() && !call.Has("delete") && !call.Has("revert");
}

Reply PutConfig(Cluster& cluster, const Call& call) {
  Params const set = OptionsOf(cluster, call);
  if (AsksForNothing(set, call)) return Died("no options specified");
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Log log;
  if (auto refused = UpdateVm(cluster, call, *vm, set, log)) return *refused;
  return Data(nullptr);
}

// What a failed update ends its task with.
std::string ExitStatus(const Reply& refused) {
  std::string status = refused.body.value("message", refused.reason);
  if (auto const errors = refused.body.find("errors"); errors != refused.body.end()) {
    for (const auto& [name, why] : errors->items()) status += Cat({name, ": ", why.get<std::string>(), "\n"});
  }
  while (status.ends_with('\n')) status.pop_back();
  return status;
}

Reply PostConfig(Cluster& cluster, const Call& call) {
  Params const set = OptionsOf(cluster, call);
  if (AsksForNothing(set, call)) return Died("no options specified");
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  if (auto refused = RefuseOptions(cluster, call, set, false)) return *refused;
  if (!call.Get("digest").empty() && call.Get("digest") != DigestOf(*vm)) {
    return Died("checksum mismatch (file change by other user?)");
  }
  Call later = call;
  later.params.erase("digest");
  auto effect = [&cluster, later, set](Log& log) -> Failure {
    Vm* const target = cluster.FindVm(later);
    if (target == nullptr) return Cluster::NoSuchVm(later.Get("node"), later.Vmid());
    std::string line = Cat({"update VM ", later.Get("vmid"), ":"});
    for (const auto& [name, value] : set)
      line += Cat({" -", name, " ", name == "cipassword" ? "<hidden>" : value});
    if (later.Has("delete")) line += " -delete " + later.Get("delete");
    log.push_back(line);
    if (auto refused = UpdateVm(cluster, later, *target, set, log)) return ExitStatus(*refused);
    return std::nullopt;
  };
  return Data(cluster.StartTask(call, "qmconfig", call.Get("vmid"), call.Vmid(), std::move(effect)));
}

}  // namespace

std::vector<Route> VmConfigRoutes() {
  const std::string path = "/nodes/{node}/qemu/{vmid}/config";
  const std::string change =
      "delete fmt:pve-configid-list revert fmt:pve-configid-list digest str:40 force bool skiplock bool";
  const std::string any =
      "/vms/{vmid} VM.Config.Disk|VM.Config.CDROM|VM.Config.CPU|VM.Config.Memory|VM.Config.Network|VM.Config.HWType|"
      "VM.Config.Options|VM.Config.Cloudinit";
  return {
      {"GET", path, "current bool snapshot fmt:pve-configid", "/vms/{vmid} VM.Audit", GetConfig},
      {"GET", "/nodes/{node}/qemu/{vmid}/pending", "", "/vms/{vmid} VM.Audit", GetPending},
      {.method = "PUT",
       .pattern = path,
       .parameters = change,
       .permission = any,
       .handler = PutConfig,
       .vm_options = true,
       .waits_for_vm = true},
      {.method = "POST",
       .pattern = path,
       .parameters = change + " background_delay int:1..30 import-working-storage fmt:pve-storage-id",
       .permission = any,
       .handler = PostConfig,
       .vm_options = true},
  };
}

}  // namespace fediversity::emulators
