#ifndef FEDIVERSITY_DATASOURCES_ALL_H_
#define FEDIVERSITY_DATASOURCES_ALL_H_

#include <memory>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/schema/resource.h"

namespace fediversity::datasources {

// Every data source there is. `backends` outlives them.
std::vector<std::unique_ptr<schema::AnyDataSource>> All(const Backends& backends);

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_ALL_H_
