#ifndef FEDIVERSITY_EPHEMERAL_ALL_H_
#define FEDIVERSITY_EPHEMERAL_ALL_H_

#include <memory>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/schema/ephemeral_resource.h"

namespace fediversity::ephemeral {

// Every ephemeral resource there is. `backends` outlives them.
std::vector<std::unique_ptr<schema::AnyEphemeralResource>> All(const Backends& backends);

}  // namespace fediversity::ephemeral

#endif  // FEDIVERSITY_EPHEMERAL_ALL_H_
