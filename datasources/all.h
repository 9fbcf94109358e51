#ifndef FEDIVERSITY_DATASOURCES_ALL_H_
#define FEDIVERSITY_DATASOURCES_ALL_H_

#include <memory>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/base/log.h"
#include "provider/schema/resource.h"

namespace fediversity::datasources {

// Every data source there is. `backends` outlives them; `logger` gets the progress of what takes long.
std::vector<std::unique_ptr<schema::AnyDataSource>> All(const Backends& backends,
                                                        const Logger& logger = Logger());

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_ALL_H_
