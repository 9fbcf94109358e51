#include <algorithm>
#include <set>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/status.h"
#include "tests/emulators/proxmox/storage_status.h"

namespace fediversity::emulators {
namespace {

Reply GetVersion(Cluster& cluster, const Call&) {
  return Data(cluster.IsNine()
                  ? Json{{"release", "9.2"}, {"repoid", "14a22df35955d97d"}, {"version", "9.2.11"}}
                  : Json{{"release", "8.4"}, {"repoid", "2606ac850d46da29"}, {"version", "8.4.21"}});
}

Reply GetNextId(Cluster& cluster, const Call& call) {
  if (!call.Has("vmid")) return Data(std::to_string(cluster.NextVmid()));
  if (cluster.FindVm(call.Vmid()) != nullptr || cluster.containers.contains(call.Vmid())) {
    return BadParameter("vmid", Cat({"VM ", call.Get("vmid"), " already exists"}));
  }
  return Data(call.Get("vmid"));
}

void AddVms(const Cluster& cluster, const Call& call, Json& rows) {
  for (const auto& [vmid, vm] : cluster.vms) {
    if (!Allowed(cluster, call.who, "/vms/" + std::to_string(vmid), "VM.Audit")) continue;
    Json row = ResourceRow(cluster, vm);
    if (std::string pool = cluster.PoolOf(vmid); !pool.empty()) row["pool"] = std::move(pool);
    if (vm.Has("tags")) row["tags"] = vm.Get("tags");
    if (vm.Has("lock")) row["lock"] = vm.Get("lock");
    auto const managed = cluster.ha.find("vm:" + std::to_string(vmid));
    if (managed != cluster.ha.end() && cluster.settings.has_ha_manager)
      row["hastate"] = managed->second.state;
    rows.push_back(std::move(row));
  }
}

void AddContainers(const Cluster& cluster, const Call& call, Json& rows) {
  for (const auto& [vmid, container] : cluster.containers) {
    if (!Allowed(cluster, call.who, "/vms/" + std::to_string(vmid), "VM.Audit")) continue;
    rows.push_back({{"id", "lxc/" + std::to_string(vmid)},
                    {"type", "lxc"},
                    {"vmid", vmid},
                    {"node", container.node},
                    {"name", container.name},
                    {"status", container.running ? "running" : "stopped"},
                    {"template", 0}});
  }
}

void AddNetworks(const Cluster& cluster, const Call& call, Json& rows) {
  if (!Allowed(cluster, call.who, "/sdn/zones/localnetwork", "SDN.Audit|SDN.Use|SDN.Allocate")) return;
  for (const Node& node : cluster.nodes) {
    if (cluster.IsNine()) {
      rows.push_back({{"id", "network/" + node.name + "/zone/localnetwork"},
                      {"type", "network"},
                      {"network", "localnetwork"},
                      {"network-type", "zone"},
                      {"node", node.name},
                      {"status", "ok"}});
    } else {
      rows.push_back({{"id", "sdn/" + node.name + "/localnetwork"},
                      {"type", "sdn"},
                      {"sdn", "localnetwork"},
                      {"node", node.name},
                      {"status", "ok"}});
    }
  }
}

Reply GetResources(Cluster& cluster, const Call& call) {
  std::string const type = call.Get("type");
  Json rows = Json::array();
  if (type.empty()) {
    for (const auto& [name, pool] : cluster.pools) {
      if (!Allowed(cluster, call.who, "/pool/" + name, "Pool.Audit")) continue;
      rows.push_back({{"id", "/pool/" + name}, {"pool", name}, {"type", "pool"}});
    }
  }
  if (type.empty() || type == "vm") {
    AddVms(cluster, call, rows);
    AddContainers(cluster, call, rows);
  }
  if (type.empty() || type == "node") {
    for (const Node& node : cluster.nodes) {
      Json row = NodeRow(cluster, call.who, node);
      row["cgroup-mode"] = 2;
      rows.push_back(std::move(row));
    }
  }
  if (type.empty() || type == "storage") AddStorageRows(cluster, call.who, rows);
  if (type.empty() || type == "sdn") AddNetworks(cluster, call, rows);
  return Data(std::move(rows));
}

Reply GetStatus(Cluster& cluster, const Call&) {
  Json rows = Json::array();
  bool const clustered = cluster.nodes.size() > 1;
  if (clustered) {
    rows.push_back({{"id", "cluster"},
                    {"type", "cluster"},
                    {"name", "emulated"},
                    {"nodes", cluster.nodes.size()},
                    {"quorate", cluster.quorate ? 1 : 0},
                    {"version", cluster.nodes.size()}});
  }
  int id = clustered ? 1 : 0;
  for (const Node& node : cluster.nodes) {
    rows.push_back({{"id", "node/" + node.name},
                    {"type", "node"},
                    {"name", node.name},
                    {"ip", node.ip},
                    {"nodeid", id++},
                    {"local", &node == &cluster.nodes.front() ? 1 : 0},
                    {"online", node.online ? 1 : 0},
                    {"level", ""}});
  }
  return Data(std::move(rows));
}

Reply GetOptions(Cluster& cluster, const Call& call) {
  std::set<std::string> tags;
  for (const auto& [vmid, vm] : cluster.vms) {
    if (!Allowed(cluster, call.who, "/vms/" + std::to_string(vmid), "VM.Audit")) continue;
    for (std::string& tag : SplitList(vm.Get("tags"))) tags.insert(std::move(tag));
  }
  Json data = cluster.options;
  data["allowed-tags"] = tags;
  return Data(std::move(data));
}

template <int kKind>
Reply GetMappings(Cluster& cluster, const Call& call) {
  static constexpr const char* kKinds[] = {"pci", "usb", "dir"};
  Json rows = Json::array();
  for (const auto& [id, mapping] : cluster.mappings[kKind]) {
    std::string const path = Cat({"/mapping/", kKinds[kKind], "/", id});
    if (!Allowed(cluster, call.who, path, "Mapping.Audit|Mapping.Use|Mapping.Modify")) continue;
    Json row = mapping;
    row["id"] = id;
    rows.push_back(std::move(row));
  }
  return Data(std::move(rows));
}

}  // namespace

std::vector<Route> ClusterRoutes() {
  return {
      {"GET", "/version", "", "", GetVersion},
      {"GET", "/cluster/nextid", "vmid fmt:pve-vmid", "", GetNextId},
      {"GET", "/cluster/resources", "type enum:vm|storage|node|sdn", "", GetResources},
      {"GET", "/cluster/status", "", "/ Sys.Audit", GetStatus},
      {"GET", "/cluster/options", "", "", GetOptions},
      {"GET", "/cluster/mapping/pci", "check-node fmt:pve-node", "", GetMappings<0>},
      {"GET", "/cluster/mapping/usb", "check-node fmt:pve-node", "", GetMappings<1>},
      {"GET", "/cluster/mapping/dir", "check-node fmt:pve-node", "", GetMappings<2>},
  };
}

}  // namespace fediversity::emulators
