#include "tests/emulators/proxmox/storage_status.h"

#include "provider/base/text.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/status.h"

namespace fediversity::emulators {
namespace {

constexpr std::int64_t kUsedAtFirst = 29'283'000'000;
constexpr std::int64_t kNodeUptime = 4'680;
constexpr int kProcessors = 2;

std::int64_t Used(const Cluster& cluster, const Storage& storage, const std::string& node) {
  std::int64_t used = kUsedAtFirst;
  for (const auto& [key, volume] : cluster.volumes()) {
    if (volume.storage == storage.name && (volume.node.empty() || volume.node == node)) {
      used += static_cast<std::int64_t>(volume.used);
    }
  }
  return used;
}

}  // namespace

bool IsOn(const Storage& storage, const std::string& node) {
  return storage.nodes.empty() || storage.nodes.contains(node);
}

bool MaySee(const Cluster& cluster, const Identity& who, const std::string& storage) {
  return Allowed(cluster, who, "/storage/" + storage, "Datastore.Audit|Datastore.AllocateSpace");
}

Json NodeRow(const Cluster& cluster, const Identity& who, const Node& node) {
  Json row = {{"id", "node/" + node.name},
              {"type", "node"},
              {"node", node.name},
              {"level", ""},
              {"status", !node.online   ? "offline"
                         : node.reports ? "online"
                                        : "unknown"}};
  if (node.online && node.reports && Allowed(cluster, who, "/nodes/" + node.name, "Sys.Audit")) {
    row["cpu"] = 0.05;
    row["maxcpu"] = kProcessors;
    row["mem"] = kNodeMemory / 12;
    row["maxmem"] = kNodeMemory;
    row["disk"] = kUsedAtFirst;
    row["maxdisk"] = kNodeDisk;
    row["uptime"] = kNodeUptime;
  }
  return row;
}

void AddStorageRows(const Cluster& cluster, const Identity& who, Json& rows) {
  for (const Node& node : cluster.nodes) {
    for (const auto& [name, storage] : cluster.storages) {
      if (!IsOn(storage, node.name) || !MaySee(cluster, who, name)) continue;
      Json row = {{"id", Cat({"storage/", node.name, "/", name})},
                  {"type", "storage"},
                  {"storage", name},
                  {"node", node.name},
                  {"plugintype", storage.type},
                  {"content", Join(storage.content, ",")},
                  {"shared", storage.shared ? 1 : 0},
                  {"status", node.online ? "available" : "unknown"}};
      if (node.online) {
        row["disk"] = Used(cluster, storage, node.name);
        row["maxdisk"] = kNodeDisk;
      }
      rows.push_back(std::move(row));
    }
  }
}

Json StorageUsage(const Cluster& cluster, const Storage& storage, const std::string& node) {
  std::int64_t const used = Used(cluster, storage, node);
  return {{"type", storage.type},
          {"content", Join(storage.content, ",")},
          {"shared", storage.shared ? 1 : 0},
          {"enabled", 1},
          {"active", 1},
          {"total", kNodeDisk},
          {"used", used},
          {"avail", kNodeDisk - used}};
}

}  // namespace fediversity::emulators
