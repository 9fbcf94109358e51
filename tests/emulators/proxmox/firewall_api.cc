#include "provider/base/text.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/storage_files.h"

namespace fediversity::emulators {
namespace {

// Numbers stay numbers: "enable", "pos".
Json FirewallValue(const std::string& text) {
  auto const number = ParseInteger(text);
  return number.has_value() ? Json(*number) : Json(text);
}

Reply GetFirewallRules(Cluster& cluster, const Call& call) {
  if (cluster.FindVm(call) == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  const auto& rules = cluster.firewalls[call.Vmid()].rules;
  Json rows = Json::array();
  for (const Json& rule : rules) {
    Json row = rule;
    row["pos"] = rows.size();
    row["digest"] = HexDigest("sha1", Json(rules).dump());
    rows.push_back(std::move(row));
  }
  return Data(std::move(rows));
}

Reply AddFirewallRule(Cluster& cluster, const Call& call) {
  if (cluster.FindVm(call) == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json rule = Json::object();
  for (const auto& [name, value] : call.params) {
    if (name == "node" || name == "vmid") continue;
    rule[name] = name == "enable" ? FirewallValue(value) : Json(value);
  }
  auto& rules = cluster.firewalls[call.Vmid()].rules;
  rules.insert(rules.begin(), std::move(rule));
  return Data(nullptr);
}

Reply GetFirewallOptions(Cluster& cluster, const Call& call) {
  if (cluster.FindVm(call) == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json data = cluster.firewalls[call.Vmid()].options;
  data["digest"] = HexDigest("sha1", data.dump());
  return Data(std::move(data));
}

Reply PutFirewallOptions(Cluster& cluster, const Call& call) {
  if (cluster.FindVm(call) == nullptr) return Died(Cluster::NoSuchVm(call.Get("node"), call.Vmid()));
  Json& options = cluster.firewalls[call.Vmid()].options;
  for (const auto& [name, value] : call.params) {
    if (name != "node" && name != "vmid") options[name] = FirewallValue(value);
  }
  return Data(nullptr);
}

}  // namespace

// The captured methods only; their parameters are a guess beyond those that were captured.
std::vector<Route> FirewallRoutes() {
  const std::string firewall = "/nodes/{node}/qemu/{vmid}/firewall/";
  const std::string see = "/vms/{vmid} VM.Audit";
  const std::string change = "/vms/{vmid} VM.Config.Network";
  return {
      {"GET", firewall + "rules", "", see, GetFirewallRules},
      {"POST", firewall + "rules",
       "action! str type! enum:in|out|forward|group comment str dest str dport str enable int:0.. iface str log str "
       "macro str proto str source str sport str",
       change, AddFirewallRule},
      {"GET", firewall + "options", "", see, GetFirewallOptions},
      {"PUT", firewall + "options",
       "dhcp bool enable bool ipfilter bool macfilter bool ndp bool policy_in enum:ACCEPT|REJECT|DROP "
       "policy_out enum:ACCEPT|REJECT|DROP radv bool",
       change, PutFirewallOptions},
  };
}

}  // namespace fediversity::emulators
