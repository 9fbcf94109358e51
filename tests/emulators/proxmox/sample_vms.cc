#include "tests/emulators/proxmox/sample_vms.h"

#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/vm_update.h"

namespace fediversity::emulators {
namespace {

constexpr int kFirstVmid = 100;

struct SampleKind {
  const char* name;
  const char* pool;
  const char* cores;
  const char* memory;
  const char* disk;  // in GiB
  bool cloud_init;
  bool agent;
};

constexpr SampleKind kSampleKinds[] = {{"web", "frontend", "2", "2048", "16", true, true},
                                       {"db", "databases", "4", "8192", "64", false, true},
                                       {"mail", "frontend", "2", "4096", "32", false, false},
                                       {"build", "", "8", "16384", "100", true, false}};

Params SampleOptions(const SampleKind& kind, const std::string& name) {
  Params options = {{"name", name},
                    {"cores", kind.cores},
                    {"memory", kind.memory},
                    {"ostype", "l26"},
                    {"scsihw", "virtio-scsi-single"},
                    {"scsi0", Cat({"local-lvm:", kind.disk, ",discard=on,iothread=1"})},
                    {"net0", "virtio,bridge=vmbr0"},
                    {"tags", kind.name},
                    {"onboot", "1"}};
  if (kind.agent) options["agent"] = "1";
  if (kind.cloud_init) {
    options["ide2"] = "local-lvm:cloudinit";
    options["ipconfig0"] = "ip=dhcp";
    options["ciuser"] = "ops";
  }
  return options;
}

}  // namespace

void AddSampleVms(Cluster& cluster, int count) {
  for (int number = 0; number < count; ++number) {
    const SampleKind& kind = kSampleKinds[static_cast<std::size_t>(number) % std::size(kSampleKinds)];
    Vm vm{.vmid = kFirstVmid + number,
          .node = cluster.nodes[static_cast<std::size_t>(number) % cluster.nodes.size()].name};
    Log log;
    std::string const name = Cat({kind.name, "-", std::to_string(number + 1)});
    for (const auto& [option, value] : SampleOptions(kind, name)) {
      std::string printed = Canonical(cluster, option, value, true);
      if (IsDrive(option)) {
        auto const failure =
            MakeDrive(cluster, {.user = "root@pam"}, vm.vmid, vm.node, option, value, printed, log);
        if (failure.has_value()) continue;
      }
      vm.config[option] = printed;
    }
    vm.config["smbios1"] = "uuid=" + cluster.NewUuid();
    vm.config["vmgenid"] = cluster.NewUuid();
    vm.config["meta"] =
        Cat({"creation-qemu=", cluster.settings.qemu_version, ",ctime=", std::to_string(cluster.Wall())});
    vm.config["boot"] = DefaultBootOrder(vm.config);
    vm.running = number % 5 != 4;
    vm.guest.agent_runs = kind.agent;
    vm.pid = vm.running ? 20'000 + vm.vmid : 0;
    if (*kind.pool != '\0') cluster.pools[kind.pool].vms.insert(vm.vmid);
    int const vmid = vm.vmid;
    cluster.vms[vmid] = std::move(vm);
  }
  cluster.Refresh();
}

}  // namespace fediversity::emulators
