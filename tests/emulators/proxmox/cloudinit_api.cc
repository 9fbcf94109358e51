#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"

namespace fediversity::emulators {
namespace {

constexpr const char* kMask = "**********";

Json Shown(const std::string& option, const std::string& value) {
  return option == "cipassword" ? Json(kMask) : OptionToJson(option, value);
}

// Options that were set, with the values that the drive has; of those of the networks only what changed is told.
Reply GetPending(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json rows = Json::array();
  for (const std::string& option : vm->cloudinit_added) {
    rows.push_back({{"key", option}, {"pending", Shown(option, vm->Get(option))}});
  }
  for (const auto& [option, value] : vm->config) {
    if (!IsCloudInitOption(option) || option.starts_with("ipconfig") || vm->cloudinit_added.contains(option))
      continue;
    auto const old = vm->cloudinit.find(option);
    if (old == vm->cloudinit.end()) {
      rows.push_back({{"key", option}, {"value", Shown(option, value)}});
    } else {
      rows.push_back(
          {{"key", option}, {"value", Shown(option, old->second)}, {"pending", Shown(option, value)}});
    }
  }
  for (const auto& [option, value] : vm->cloudinit) {
    bool const listed = IsCloudInitOption(option) && !option.starts_with("ipconfig") && vm->Has(option);
    if (listed) continue;
    if (vm->Has(option)) {
      rows.push_back(
          {{"key", option}, {"value", Shown(option, value)}, {"pending", Shown(option, vm->Get(option))}});
    } else {
      rows.push_back({{"key", option}, {"delete", 1}});
    }
  }
  return Data(std::move(rows));
}

Reply Regenerate(Cluster& cluster, const Call& call) {
  Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  if (vm->Has("lock")) return Died(Cat({"VM is locked (", vm->Get("lock"), ")"}));
  if (auto const failure = ConfigIsReadOnly(cluster, *vm)) return Died(*failure);
  vm->cloudinit.clear();
  vm->cloudinit_added.clear();
  return Data(nullptr);
}

std::string UserData(const Vm& vm) {
  std::string const name = vm.Has("name") ? vm.Get("name") : "VM" + std::to_string(vm.vmid);
  std::string const host = name.substr(0, name.find('.'));
  std::string fqdn = name;
  if (name.find('.') == std::string::npos && vm.Has("searchdomain")) fqdn += "." + vm.Get("searchdomain");
  std::string text = Cat({"#cloud-config\nhostname: ", host, "\nmanage_etc_hosts: true\nfqdn: ", fqdn, "\n"});
  if (vm.Has("ciuser")) text += Cat({"user: ", vm.Get("ciuser"), "\n"});
  if (vm.Has("cipassword")) text += "password: $5$emulated\n";
  if (vm.Has("sshkeys")) text += Cat({"ssh_authorized_keys:\n  - ", vm.Get("sshkeys"), "\n"});
  text += "chpasswd:\n  expire: False\n";
  if (vm.Get("ciuser") != "root") text += "users:\n  - default\n";
  if (vm.Get("ciupgrade") != "0") text += "package_upgrade: true\n";
  return text;
}

std::string NetworkData(const Vm& vm) {
  std::string text = "version: 1\nconfig:\n";
  for (const auto& [option, value] : vm.config) {
    if (!IsNetwork(option)) continue;
    DriveOptions const network(value, "model");
    std::string const address = vm.Get("ipconfig" + option.substr(3));
    text += Cat({"    - type: physical\n      name: eth", option.substr(3), "\n      subnets:\n      - ",
                 address, "\n"});
  }
  return text;
}

Reply Dump(Cluster& cluster, const Call& call) {
  const Vm* const vm = cluster.FindVm(call);
  if (vm == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  std::string const type = call.Get("type");
  if (type == "user") return Data(UserData(*vm));
  if (type == "network") return Data(NetworkData(*vm));
  return Data("instance-id: " + DigestOf(*vm) + "\n");
}

}  // namespace

std::vector<Route> CloudInitRoutes() {
  const std::string path = "/nodes/{node}/qemu/{vmid}/cloudinit";
  return {
      {"GET", path, "", "/vms/{vmid} VM.Audit", GetPending},
      {.method = "PUT",
       .pattern = path,
       .permission = "/vms/{vmid} VM.Config.Cloudinit",
       .handler = Regenerate,
       .waits_for_vm = true},
      {"GET", path + "/dump", "type! enum:user|network|meta", "/vms/{vmid} VM.Audit", Dump},
  };
}

}  // namespace fediversity::emulators
