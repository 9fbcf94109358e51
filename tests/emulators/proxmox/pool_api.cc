#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/status.h"
#include "tests/emulators/proxmox/storage_status.h"

namespace fediversity::emulators {
namespace {

std::string Missing(const std::string& pool) { return Cat({"pool '", pool, "' does not exist"}); }

Json Members(const Cluster& cluster, const Call& call, const Pool& pool) {
  Json members = Json::array();
  for (int const vmid : pool.vms) {
    auto const vm = cluster.vms.find(vmid);
    if (vm == cluster.vms.end()) continue;
    if (!Allowed(cluster, call.who, "/vms/" + std::to_string(vmid), "VM.Audit")) continue;
    members.push_back(ResourceRow(cluster, vm->second));
  }
  for (const std::string& storage : pool.storages) {
    if (!MaySee(cluster, call.who, storage)) continue;
    for (const Node& node : cluster.nodes) {
      members.push_back({{"id", Cat({"storage/", node.name, "/", storage})},
                         {"type", "storage"},
                         {"storage", storage},
                         {"node", node.name},
                         {"status", "available"}});
    }
  }
  return members;
}

Json Describe(const Cluster& cluster, const Call& call, const std::string& name, const Pool& pool,
              bool members) {
  Json data = {{"poolid", name}};
  if (!pool.comment.empty()) data["comment"] = pool.comment;
  if (members) data["members"] = Members(cluster, call, pool);
  return data;
}

Reply List(Cluster& cluster, const Call& call) {
  if (call.Has("poolid")) {
    auto const found = cluster.pools.find(call.Get("poolid"));
    if (!Allowed(cluster, call.who, "/pool/" + call.Get("poolid"), "Pool.Audit")) {
      return Denied("/pool/" + call.Get("poolid"), "Pool.Audit");
    }
    if (found == cluster.pools.end()) return Died(Missing(call.Get("poolid")));
    return Data(Json::array({Describe(cluster, call, found->first, found->second, true)}));
  }
  Json rows = Json::array();
  for (const auto& [name, pool] : cluster.pools) {
    if (Allowed(cluster, call.who, "/pool/" + name, "Pool.Audit")) {
      rows.push_back(Describe(cluster, call, name, pool, false));
    }
  }
  return Data(std::move(rows));
}

Reply Get(Cluster& cluster, const Call& call) {
  auto const found = cluster.pools.find(call.Get("poolid"));
  if (found == cluster.pools.end()) return Died(Missing(call.Get("poolid")));
  Json data = Describe(cluster, call, found->first, found->second, true);
  return Data(std::move(data));
}

Reply Create(Cluster& cluster, const Call& call) {
  std::string const name = call.Get("poolid");
  if (!Allowed(cluster, call.who, "/pool/" + name, "Pool.Allocate"))
    return Denied("/pool/" + name, "Pool.Allocate");
  if (auto refused = RefuseFileLock(cluster, "create pool failed", "file-user_cfg")) return *refused;
  if (cluster.pools.contains(name))
    return Died(Cat({"create pool failed: pool '", name, "' already exists"}));
  cluster.pools[name] = {.comment = call.Get("comment")};
  return Data(nullptr);
}

Failure ChangeMembers(Cluster& cluster, const Call& call, const std::string& name, Pool& pool) {
  bool const remove = call.Flag("delete");
  for (const std::string& text : SplitList(call.Get("vms"))) {
    int const vmid = static_cast<int>(ParseInteger(text).value_or(0));
    std::string const other = cluster.PoolOf(vmid);
    if (remove) {
      if (pool.vms.erase(vmid) == 0) return Cat({"update pools failed: VM ", text, " is not a pool member"});
      continue;
    }
    if (cluster.FindVm(vmid) == nullptr) return Cat({"update pools failed: VM ", text, " does not exist"});
    if (other == name) return Cat({"update pools failed: VM ", text, " is already a pool member"});
    if (!other.empty()) {
      if (!call.Flag("allow-move")) {
        return Cat({"update pools failed: VM ", text, " belongs already to pool '", other,
                    "' and allow-move is not set"});
      }
      cluster.pools[other].vms.erase(vmid);
    }
    pool.vms.insert(vmid);
  }
  for (const std::string& storage : SplitList(call.Get("storage"))) {
    if (remove) {
      pool.storages.erase(storage);
    } else {
      pool.storages.insert(storage);
    }
  }
  return std::nullopt;
}

Reply Update(Cluster& cluster, const Call& call) {
  std::string const name = call.Get("poolid");
  if (!Allowed(cluster, call.who, "/pool/" + name, "Pool.Allocate"))
    return Denied("/pool/" + name, "Pool.Allocate");
  if (auto refused = RefuseFileLock(cluster, "update pools failed", "file-user_cfg")) return *refused;
  auto const found = cluster.pools.find(name);
  if (found == cluster.pools.end()) return Died("update pools failed: " + Missing(name));
  if (call.Has("comment")) found->second.comment = call.Get("comment");
  if (auto const failure = ChangeMembers(cluster, call, name, found->second)) return Died(*failure);
  return Data(nullptr);
}

Reply Delete(Cluster& cluster, const Call& call) {
  std::string const name = call.Get("poolid");
  if (!Allowed(cluster, call.who, "/pool/" + name, "Pool.Allocate"))
    return Denied("/pool/" + name, "Pool.Allocate");
  if (auto refused = RefuseFileLock(cluster, "delete pool failed", "file-user_cfg")) return *refused;
  auto const found = cluster.pools.find(name);
  if (found == cluster.pools.end()) return Died("delete pool failed: " + Missing(name));
  if (!found->second.vms.empty()) {
    return Died(Cat({"delete pool failed: pool '", name, "' is not empty (contains VM ",
                     std::to_string(*found->second.vms.begin()), ")"}));
  }
  if (!found->second.storages.empty()) {
    return Died(Cat({"delete pool failed: pool '", name, "' is not empty (contains storage '",
                     *found->second.storages.begin(), "')"}));
  }
  cluster.pools.erase(found);
  return Data(nullptr);
}

}  // namespace

std::vector<Route> PoolRoutes() {
  const std::string change = "allow-move bool comment str delete bool storage str vms str";
  return {
      {"GET", "/pools", "poolid fmt:pve-poolid type enum:qemu|lxc|storage", "", List},
      {"POST", "/pools", "comment str poolid! fmt:pve-poolid", "", Create},
      {"PUT", "/pools", change + " poolid! fmt:pve-poolid", "", Update},
      {"DELETE", "/pools", "poolid! fmt:pve-poolid", "", Delete},
      {"GET", "/pools/{poolid}", "type enum:qemu|lxc|storage", "/pool/{poolid} Pool.Audit", Get},
      {"PUT", "/pools/{poolid}", change, "", Update},
      {"DELETE", "/pools/{poolid}", "", "", Delete},
  };
}

}  // namespace fediversity::emulators
