#include "datasources/all.h"

#include "datasources/dns/record_set.h"
#include "datasources/dns/zone.h"
#include "datasources/garage/bucket.h"
#include "datasources/garage/buckets.h"
#include "datasources/garage/cluster.h"
#include "datasources/garage/key.h"
#include "datasources/garage/keys.h"
#include "datasources/nix/value.h"
#include "datasources/proxmox/images.h"
#include "datasources/proxmox/nodes.h"
#include "datasources/proxmox/storages.h"
#include "datasources/proxmox/version.h"
#include "datasources/proxmox/vms.h"

namespace fediversity::datasources {

std::vector<std::unique_ptr<schema::AnyDataSource>> All(const Backends& backends, const Logger& logger) {
  std::vector<std::unique_ptr<schema::AnyDataSource>> all;
  all.push_back(MakeDnsRecordSet(backends.dns));
  all.push_back(MakeDnsZone(backends.dns));
  all.push_back(MakeGarageBucket(backends.garage));
  all.push_back(MakeGarageBuckets(backends.garage));
  all.push_back(MakeGarageCluster(backends.garage));
  all.push_back(MakeGarageKey(backends.garage));
  all.push_back(MakeGarageKeys(backends.garage));
  all.push_back(MakeNixValue(backends.nix, logger));
  all.push_back(MakeProxmoxImages(backends.proxmox));
  all.push_back(MakeProxmoxNodes(backends.proxmox));
  all.push_back(MakeProxmoxStorages(backends.proxmox));
  all.push_back(MakeProxmoxVersion(backends.proxmox));
  all.push_back(MakeProxmoxVms(backends.proxmox));
  return all;
}

}  // namespace fediversity::datasources
