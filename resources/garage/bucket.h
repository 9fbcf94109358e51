#ifndef FEDIVERSITY_RESOURCES_GARAGE_BUCKET_H_
#define FEDIVERSITY_RESOURCES_GARAGE_BUCKET_H_

#include <memory>

#include "provider/backends/garage/api.h"
#include "provider/backends/slot.h"
#include "provider/base/journal.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// fediversity_garage_bucket. Both outlive it.
std::unique_ptr<schema::AnyResource> MakeGarageBucket(const Slot<garage::Api>& garage,
                                                      const Journal& journal);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_BUCKET_H_
