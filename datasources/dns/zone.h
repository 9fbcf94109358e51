#ifndef FEDIVERSITY_DATASOURCES_DNS_ZONE_H_
#define FEDIVERSITY_DATASOURCES_DNS_ZONE_H_

#include <memory>

#include "provider/backends/dns/record_store.h"
#include "provider/backends/slot.h"
#include "provider/schema/resource.h"

namespace fediversity::datasources {

// fediversity_dns_zone, the data source. `store` outlives it.
std::unique_ptr<schema::AnyDataSource> MakeDnsZone(const Slot<dns::RecordStore>& store);

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_DNS_ZONE_H_
