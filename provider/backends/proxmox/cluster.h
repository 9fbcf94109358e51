#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CLUSTER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CLUSTER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "provider/backends/proxmox/vm.h"

namespace fediversity::proxmox {

struct Version {
  std::string version;  // "9.2.11"
  std::string release;  // "9.2"
  std::string repoid;
};

// Numbers are nullopt for credentials that may not see them (Sys.Audit), and of nodes that are offline.
struct Node {
  std::string name;
  bool online = false;
  bool offline = false;  // neither is so while the cluster says "unknown": a request may get through
  std::optional<double> cpu = {};               // share of all cores in use, 0 to 1
  std::optional<std::int64_t> max_cpu = {};     // cores
  std::optional<std::int64_t> memory = {};      // bytes in use
  std::optional<std::int64_t> max_memory = {};  // bytes
  std::optional<std::int64_t> disk = {};        // bytes of the root file system in use
  std::optional<std::int64_t> max_disk = {};
  std::optional<std::int64_t> uptime = {};  // seconds
};

// A network device of a node.
struct NodeInterface {
  std::string name;  // "vmbr0"
  std::string type;  // "bridge", "bond", "eth", "OVSBridge", ...
  bool active = false;
  std::string cidr;  // empty for none
  std::string cidr6;
  std::string comments;
};

struct ClusterStatus {
  std::string name;     // empty on a node that is in no cluster
  bool quorate = true;  // a node that is in no cluster always is
  std::vector<std::string> nodes;
};

// What is in the cluster, as far as the credentials may see it. Never changes once it is made.
struct Resources {
  std::vector<VmSummary> vms;
  std::unordered_set<std::int64_t> containers;  // VMIDs that no VM can have
  std::vector<Node> nodes;
  std::unordered_map<std::int64_t, std::size_t> by_vmid;  // index into `vms`

  // nullptr where it is not listed, which does not mean that there is no such VM.
  const VmSummary* Find(std::int64_t vmid) const;
  const Node* FindNode(std::string_view name) const;
};

// Privileges by path, as they hold for the credentials: {"/vms", {"VM.Audit", ...}}. A privilege that is not passed
// on to what lies below has the value false.
using Permissions = std::map<std::string, std::map<std::string, bool, std::less<>>, std::less<>>;

// A VM under high availability.
struct HaResource {
  std::int64_t vmid = 0;
  std::string state;  // wanted: "started", "stopped", "disabled", "ignored"
  std::string group;  // up to version 8; rules since then
  std::string comment;
  std::optional<std::int64_t> max_restart = {};
  std::optional<std::int64_t> max_relocate = {};
  std::string digest;
};

// What is to be; what is not set is left as it is, or to the server's default where the VM is new to HA.
struct HaRequest {
  std::string state = "started";
  std::optional<std::string> group = {};
  std::optional<std::string> comment = {};
  std::optional<std::int64_t> max_restart = {};
  std::optional<std::int64_t> max_relocate = {};
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CLUSTER_H_
