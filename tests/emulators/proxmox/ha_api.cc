#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/storage_files.h"

namespace fediversity::emulators {
namespace {

// "100" is short for "vm:100".
std::string Sid(const Call& call) {
  std::string const sid = call.Get("sid");
  return sid.find(':') == std::string::npos ? "vm:" + sid : sid;
}

std::string Digest(const Cluster& cluster) {
  std::string file;
  for (const auto& [sid, resource] : cluster.ha) file += Cat({sid, "\n\tstate ", resource.state, "\n"});
  return HexDigest("sha1", file);
}

Json Describe(const Cluster& cluster, const std::string& sid, const HaResource& resource) {
  Json data = {{"sid", sid}, {"type", "vm"}, {"state", resource.state}, {"digest", Digest(cluster)}};
  if (!resource.group.empty()) data["group"] = resource.group;
  if (!resource.comment.empty()) data["comment"] = resource.comment;
  if (resource.max_restart != 1) data["max_restart"] = resource.max_restart;
  if (resource.max_relocate != 1) data["max_relocate"] = resource.max_relocate;
  return data;
}

// Version 9 still describes the parameter.
std::optional<Reply> RefuseGroup(const Cluster& cluster, const Call& call) {
  if (!cluster.IsNine() || !call.Has("group")) return std::nullopt;
  return Died("invalid parameter 'group': ha groups have been migrated to rules");
}

void Change(const Cluster& cluster, const Call& call, HaResource& resource) {
  resource.changed = cluster.Now();
  if (call.Has("state")) resource.state = call.Get("state") == "enabled" ? "started" : call.Get("state");
  if (call.Has("group")) resource.group = call.Get("group");
  if (call.Has("comment")) resource.comment = call.Get("comment");
  if (auto const most = ParseInteger(call.Get("max_restart"))) resource.max_restart = static_cast<int>(*most);
  if (auto const most = ParseInteger(call.Get("max_relocate")))
    resource.max_relocate = static_cast<int>(*most);
  for (const std::string& option : SplitList(call.Get("delete"))) {
    if (option == "group") resource.group.clear();
    if (option == "comment") resource.comment.clear();
    if (option == "max_restart") resource.max_restart = 1;
    if (option == "max_relocate") resource.max_relocate = 1;
    if (option == "state") resource.state = "started";
  }
}

Reply List(Cluster& cluster, const Call&) {
  Json rows = Json::array();
  for (const auto& [sid, resource] : cluster.ha) rows.push_back(Describe(cluster, sid, resource));
  return Data(std::move(rows));
}

Reply Create(Cluster& cluster, const Call& call) {
  std::string const sid = Sid(call);
  if (auto refused = RefuseGroup(cluster, call)) return *refused;
  if (auto refused = RefuseFileLock(cluster, "create resource failed", "domain-ha")) return *refused;
  if (cluster.ha.contains(sid)) return Died(Cat({"resource ID '", sid, "' already defined"}));
  int const vmid = static_cast<int>(ParseInteger(sid.substr(sid.find(':') + 1)).value_or(0));
  if (cluster.FindVm(vmid) == nullptr)
    return Died(Cat({"unable to find configuration of '", sid, "' on any node"}));
  HaResource resource;
  Change(cluster, call, resource);
  cluster.ha[sid] = resource;
  return Data(nullptr);
}

Reply Get(Cluster& cluster, const Call& call) {
  auto const found = cluster.ha.find(Sid(call));
  if (found == cluster.ha.end()) return Died(Cat({"no such resource '", Sid(call), "'"}));
  return Data(Describe(cluster, found->first, found->second));
}

Reply Update(Cluster& cluster, const Call& call) {
  if (auto refused = RefuseGroup(cluster, call)) return *refused;
  if (auto refused = RefuseFileLock(cluster, "update resource failed", "domain-ha")) return *refused;
  auto const found = cluster.ha.find(Sid(call));
  if (found == cluster.ha.end()) return Died(Cat({"no such resource '", Sid(call), "'"}));
  if (call.Has("digest") && call.Get("digest") != Digest(cluster)) {
    return Died("detected modified configuration - file changed by other user? Try again.");
  }
  Change(cluster, call, found->second);
  return Data(nullptr);
}

Reply Delete(Cluster& cluster, const Call& call) {
  if (auto refused = RefuseFileLock(cluster, "delete resource failed", "domain-ha")) return *refused;
  if (cluster.ha.erase(Sid(call)) == 0) {
    return Died(Cat({"cannot delete service '", Sid(call), "', not HA managed!"}));
  }
  return Data(nullptr);
}

// The manager moves the VM later, online if it runs.
Reply Migrate(Cluster& cluster, const Call& call) {
  auto const found = cluster.ha.find(Sid(call));
  if (found == cluster.ha.end()) return Died(Cat({"no such resource '", Sid(call), "'"}));
  const Node* const node = cluster.FindNode(call.Get("node"));
  if (node == nullptr) return Died(Cat({"no such cluster node '", call.Get("node"), "'"}));
  found->second.move_to = node->name;
  found->second.changed = cluster.Now();
  return Data({{"sid", found->first}, {"requested-node", node->name}});
}

}  // namespace

std::vector<Route> HaRoutes() {
  const std::string options =
      "comment str:4096 group fmt:pve-configid max_relocate int:0.. max_restart int:0.. failback bool "
      "state enum:started|stopped|enabled|disabled|ignored";
  const std::string one = "/cluster/ha/resources/{sid}";
  return {
      {"GET", "/cluster/ha/resources", "type enum:ct|vm", "/ Sys.Audit", List},
      {"POST", "/cluster/ha/resources", options + " sid! str type enum:ct|vm", "/ Sys.Console", Create},
      {"GET", one, "", "/ Sys.Audit", Get},
      {"PUT", one, options + " delete str digest str:64", "/ Sys.Console", Update},
      {"DELETE", one, "purge bool", "/ Sys.Console", Delete},
      {"POST", one + "/migrate", "node! fmt:pve-node", "/ Sys.Console", Migrate},
  };
}

}  // namespace fediversity::emulators
