#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_ACCESS_CHECK_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_ACCESS_CHECK_H_

#include <string>
#include <vector>

#include "provider/backends/proxmox/cluster.h"

namespace fediversity::proxmox {

// Whether credentials have what one kind of work takes.
struct AccessFinding {
  std::string work;                  // "read VMs"
  bool needed = false;               // for planning; the rest is for applying, and only for what is used
  std::vector<std::string> missing;  // privileges; empty where all are there
  std::string path;                  // where they are wanted: "/vms"
  std::vector<std::string> only_on;  // paths below, where `path` itself lacks them: "/pool/tenants"

  bool ok() const { return missing.empty(); }
};

// What the privileges on each path, as ReadPermissions() answers them, suffice for.
std::vector<AccessFinding> CheckAccess(const Permissions& permissions);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_ACCESS_CHECK_H_
