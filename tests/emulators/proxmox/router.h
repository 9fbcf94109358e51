#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_ROUTER_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_ROUTER_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/proxmox/cluster.h"
#include "tests/emulators/proxmox/parameters.h"

namespace fediversity::emulators {

// A method of the API.
struct Route {
  std::string method;
  std::string pattern;  // "/nodes/{node}/qemu/{vmid}/config"; a last "{volume}" takes the rest of the path
  std::string parameters{};  // besides those of the path, as ParseSchema reads them
  std::string permission{};  // "/vms/{vmid} VM.Audit|VM.Console": one of these at that path; "": anybody
  Reply (*handler)(Cluster&, const Call&) = nullptr;
  bool vm_options = false;    // takes all options of a VM, too
  bool waits_for_vm = false;  // needs the configuration that a task may hold
};

// Finds the method for a request and does what pveproxy does before it calls it: permission, proxying, verification.
class Router {
 public:
  // Waits until no task holds the VM; false if it takes longer than a request may.
  using Waiter = std::function<bool(int vmid)>;

  explicit Router(Version version);

  Reply Handle(Cluster& cluster, Call call, const Waiter& wait) const;

  struct Entry {
    Route route;
    std::vector<std::string> segments;
    Schema schema;
  };
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  void Add(Version version, const std::vector<Route>& routes);
  // The entry that fits; what its path names is put into the parameters.
  const Entry* Find(Call& call) const;

  std::vector<Entry> entries_;
};

// Whether someone has one of the privileges ("A|B") at a path; a VM or storage in a pool is reached through that, too.
bool Allowed(const Cluster& cluster, const Identity& who, std::string_view path, std::string_view privileges);

// The methods, by area.
std::vector<Route> AccessRoutes();
std::vector<Route> ClusterRoutes();
std::vector<Route> NodeRoutes();
std::vector<Route> TaskRoutes();
std::vector<Route> PoolRoutes();
std::vector<Route> HaRoutes();
std::vector<Route> StorageRoutes();
std::vector<Route> VmRoutes();
std::vector<Route> VmConfigRoutes();
std::vector<Route> VmDiskRoutes();
std::vector<Route> VmPowerRoutes();
std::vector<Route> VmCloneRoutes();
std::vector<Route> VmMigrateRoutes();
std::vector<Route> VmSnapshotRoutes();
std::vector<Route> AgentRoutes(Version version);
std::vector<Route> CloudInitRoutes();
std::vector<Route> FirewallRoutes();

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_ROUTER_H_
