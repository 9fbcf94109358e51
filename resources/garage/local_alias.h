#ifndef FEDIVERSITY_RESOURCES_GARAGE_LOCAL_ALIAS_H_
#define FEDIVERSITY_RESOURCES_GARAGE_LOCAL_ALIAS_H_

#include <memory>

#include "provider/backends/garage/api.h"
#include "provider/backends/slot.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// fediversity_garage_local_alias. `garage` outlives it.
std::unique_ptr<schema::AnyResource> MakeGarageLocalAlias(const Slot<garage::Api>& garage);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_LOCAL_ALIAS_H_
