#include "datasources/all.h"

#include "datasources/dns/record_set.h"
#include "datasources/dns/zone.h"

namespace fediversity::datasources {

std::vector<std::unique_ptr<schema::AnyDataSource>> All(const Backends& backends) {
  std::vector<std::unique_ptr<schema::AnyDataSource>> all;
  all.push_back(MakeDnsRecordSet(backends.dns));
  all.push_back(MakeDnsZone(backends.dns));
  return all;
}

}  // namespace fediversity::datasources
