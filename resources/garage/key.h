#ifndef FEDIVERSITY_RESOURCES_GARAGE_KEY_H_
#define FEDIVERSITY_RESOURCES_GARAGE_KEY_H_

#include <memory>

#include "provider/backends/garage/api.h"
#include "provider/backends/slot.h"
#include "provider/base/journal.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// fediversity_garage_key. Both outlive it.
std::unique_ptr<schema::AnyResource> MakeGarageKey(const Slot<garage::Api>& garage, const Journal& journal);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_KEY_H_
