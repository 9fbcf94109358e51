#include "resources/all.h"

#include "resources/dns/record_set.h"
#include "resources/garage/bucket.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/key.h"
#include "resources/garage/local_alias.h"
#include "resources/proxmox/image.h"
#include "resources/proxmox/vm.h"

namespace fediversity::resources {

std::vector<std::unique_ptr<schema::AnyResource>> All(const Backends& backends, const Logger& logger) {
  std::vector<std::unique_ptr<schema::AnyResource>> all;
  all.push_back(MakeDnsRecordSet(backends.dns, backends.journal));
  all.push_back(MakeGarageBucket(backends.garage, backends.journal));
  all.push_back(MakeGarageBucketAccess(backends.garage));
  all.push_back(MakeGarageKey(backends.garage, backends.journal));
  all.push_back(MakeGarageLocalAlias(backends.garage));
  all.push_back(MakeProxmoxImage(backends.proxmox, backends.journal, logger));
  all.push_back(MakeProxmoxVm(backends.proxmox, backends.journal));
  return all;
}

}  // namespace fediversity::resources
