#ifndef FEDIVERSITY_DATASOURCES_GARAGE_CLUSTER_H_
#define FEDIVERSITY_DATASOURCES_GARAGE_CLUSTER_H_

#include <memory>

#include "provider/backends/garage/api.h"
#include "provider/backends/slot.h"
#include "provider/schema/resource.h"

namespace fediversity::datasources {

// fediversity_garage_cluster. `garage` outlives it.
std::unique_ptr<schema::AnyDataSource> MakeGarageCluster(const Slot<garage::Api>& garage);

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_GARAGE_CLUSTER_H_
