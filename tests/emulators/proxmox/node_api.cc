#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/status.h"
#include "tests/emulators/proxmox/storage_status.h"

namespace fediversity::emulators {
namespace {

constexpr std::int64_t kUptime = 4'680;

Reply ListNodes(Cluster& cluster, const Call& call) {
  Json rows = Json::array();
  for (const Node& node : cluster.nodes) rows.push_back(NodeRow(cluster, call.who, node));
  return Data(std::move(rows));
}

Reply GetStatus(Cluster& cluster, const Call&) {
  std::int64_t const used = kNodeMemory / 12;
  std::int64_t const disk_used = kNodeDisk / 9;
  Json memory = {{"total", kNodeMemory}, {"used", used}, {"free", kNodeMemory - used}};
  if (cluster.IsNine()) memory["available"] = kNodeMemory - used;
  return Data({{"cpu", 0.05},
               {"idle", 0},
               {"wait", 0},
               {"uptime", kUptime},
               {"loadavg", {"0.17", "0.09", "0.14"}},
               {"ksm", {{"shared", 0}}},
               {"swap", {{"total", 0}, {"used", 0}, {"free", 0}}},
               {"memory", std::move(memory)},
               {"rootfs",
                {{"total", kNodeDisk},
                 {"used", disk_used},
                 {"free", kNodeDisk - disk_used},
                 {"avail", kNodeDisk - disk_used}}},
               {"cpuinfo", {{"cpus", 2}, {"cores", 2}, {"sockets", 1}, {"model", "Emulated"}}}});
}

Reply GetNetwork(Cluster& cluster, const Call& call) {
  Json rows = Json::array();
  int priority = 3;
  for (const std::string& bridge : cluster.settings.bridges) {
    const Node& node = *cluster.FindNode(call.Get("node"));
    rows.push_back({{"iface", bridge},
                    {"type", "bridge"},
                    {"method", "static"},
                    {"method6", "manual"},
                    {"address", node.ip},
                    {"netmask", "24"},
                    {"cidr", node.ip + "/24"},
                    {"families", {"inet"}},
                    {"bridge_ports", ""},
                    {"bridge_stp", "off"},
                    {"bridge_fd", "0"},
                    {"autostart", 1},
                    {"active", 1},
                    {"priority", priority++}});
  }
  return Data(std::move(rows));
}

}  // namespace

std::vector<Route> NodeRoutes() {
  return {
      {"GET", "/nodes", "", "", ListNodes},
      {"GET", "/nodes/{node}/status", "", "/nodes/{node} Sys.Audit", GetStatus},
      {"GET", "/nodes/{node}/network",
       "type^ enum:bridge|bond|eth|alias|vlan|fabric|OVSBridge|OVSBond|OVSPort|OVSIntPort|vnet|any_bridge|"
       "any_local_bridge|include_sdn "
       "type% enum:bridge|bond|eth|alias|vlan|OVSBridge|OVSBond|OVSPort|OVSIntPort|vnet|any_bridge|any_local_bridge",
       "", GetNetwork},
  };
}

}  // namespace fediversity::emulators
