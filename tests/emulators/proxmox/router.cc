#include "tests/emulators/proxmox/router.h"

#include <algorithm>
#include <iterator>

#include "provider/base/text.h"

namespace fediversity::emulators {
namespace {

// "/vms/{vmid}" with the parameters filled in.
std::string Fill(std::string_view pattern, const Params& params) {
  std::string filled;
  while (!pattern.empty()) {
    auto const open = pattern.find('{');
    filled += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    auto const close = pattern.find('}', open);
    auto const found = params.find(pattern.substr(open + 1, close - open - 1));
    if (found != params.end()) filled += found->second;
    pattern.remove_prefix(close + 1);
  }
  return filled;
}

// The type of a parameter in a path.
std::string PathParameter(const std::string& name) {
  if (name == "node") return "node! fmt:pve-node ";
  if (name == "vmid") return "vmid! fmt:pve-vmid ";
  if (name == "storage") return "storage! fmt:pve-storage-id ";
  return name + "! str ";
}

}  // namespace

bool Allowed(const Cluster& cluster, const Identity& who, std::string_view path,
             std::string_view privileges) {
  std::string pool;
  if (path.starts_with("/vms/")) {
    pool = cluster.PoolOf(static_cast<int>(ParseInteger(path.substr(5)).value_or(0)));
  } else if (path.starts_with("/storage/")) {
    for (const auto& [name, members] : cluster.pools) {
      if (members.storages.contains(std::string(path.substr(9)))) pool = name;
    }
  }
  Privileges const held = cluster.access.At(who, path, pool);
  auto const wanted = Split(privileges, '|');
  return std::ranges::any_of(wanted, [&](const std::string& one) { return held.contains(one); });
}

Router::Router(Version version) {
  for (const auto& routes :
       {AccessRoutes(), ClusterRoutes(), NodeRoutes(), TaskRoutes(), PoolRoutes(), HaRoutes(),
        StorageRoutes(), VmRoutes(), VmConfigRoutes(), VmDiskRoutes(), VmPowerRoutes(), VmCloneRoutes(),
        VmMigrateRoutes(), VmSnapshotRoutes(), AgentRoutes(version), CloudInitRoutes(), FirewallRoutes()}) {
    Add(version, routes);
  }
}

void Router::Add(Version version, const std::vector<Route>& routes) {
  for (const Route& route : routes) {
    Entry entry{.route = route, .segments = Split(route.pattern.substr(1), '/')};
    std::string text = route.parameters + " ";
    for (const std::string& segment : entry.segments) {
      if (segment.starts_with('{')) text += PathParameter(segment.substr(1, segment.size() - 2));
    }
    entry.schema = ParseSchema(text, version);
    if (route.vm_options) {
      const auto& options = VmOptions(version).properties;
      std::ranges::copy(options, std::back_inserter(entry.schema.properties));
    }
    entries_.push_back(std::move(entry));
  }
}

const Router::Entry* Router::Find(Call& call) const {
  if (!call.path.starts_with('/')) return nullptr;
  auto const asked = Split(std::string_view(call.path).substr(1), '/');
  for (const Entry& entry : entries_) {
    bool const open_ended = entry.segments.back() == "{volume}";
    if (entry.route.method != call.method) continue;
    if (open_ended ? asked.size() < entry.segments.size() : asked.size() != entry.segments.size()) continue;
    Params named;
    bool fits = true;
    for (std::size_t at = 0; at < entry.segments.size() && fits; ++at) {
      const std::string& segment = entry.segments[at];
      if (segment == "{volume}") {
        named["volume"] =
            Join(std::vector(asked.begin() + static_cast<std::ptrdiff_t>(at), asked.end()), "/");
      } else if (segment.starts_with('{')) {
        named[segment.substr(1, segment.size() - 2)] = asked[at];
        fits = !asked[at].empty();
      } else {
        fits = segment == asked[at];
      }
    }
    if (!fits) continue;
    for (auto& [name, value] : named) call.params[name] = value;
    return &entry;
  }
  return nullptr;
}

Reply Router::Handle(Cluster& cluster, Call call, const Waiter& wait) const {
  const Entry* const entry = Find(call);
  if (entry == nullptr)
    return Error(501, Cat({"Method '", call.method, " ", call.path, "' not implemented"}));
  if (!entry->route.permission.empty()) {
    auto const blank = entry->route.permission.find(' ');
    std::string const path = Fill(entry->route.permission.substr(0, blank), call.params);
    std::string const privileges = entry->route.permission.substr(blank + 1);
    if (!Allowed(cluster, call.who, path, privileges)) return Denied(path, privileges);
  }
  if (entry->route.pattern.find("{node}") != std::string::npos) {
    std::string const name = call.Get("node");
    const Node* const node = cluster.FindNode(name);
    if (node == nullptr) {
      return Died(Cat({"hostname lookup '", name, "' failed - failed to get address info for: ", name,
                       ": Temporary failure in name resolution"}));
    }
    if (!node->online) return Bare(node->proxy_status, node->proxy_error);
  }
  Json errors = Verify(entry->schema, call.params);
  if (!errors.empty()) return BadParameters(std::move(errors));
  if (entry->route.waits_for_vm && !wait(call.Vmid())) {
    return Died(
        Cat({"can't lock file '/var/lock/qemu-server/lock-", call.Get("vmid"), ".conf' - got timeout"}));
  }
  return entry->route.handler(cluster, call);
}

}  // namespace fediversity::emulators
