#ifndef FEDIVERSITY_RESOURCES_ALL_H_
#define FEDIVERSITY_RESOURCES_ALL_H_

#include <memory>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/base/log.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// Every resource type there is. `backends` outlives them; `logger` gets the progress of what takes long.
std::vector<std::unique_ptr<schema::AnyResource>> All(const Backends& backends,
                                                      const Logger& logger = Logger());

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_ALL_H_
