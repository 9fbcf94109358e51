#ifndef FEDIVERSITY_EPHEMERAL_GARAGE_KEY_SECRET_H_
#define FEDIVERSITY_EPHEMERAL_GARAGE_KEY_SECRET_H_

#include <memory>

#include "provider/backends/garage/api.h"
#include "provider/backends/slot.h"
#include "provider/schema/ephemeral_resource.h"

namespace fediversity::ephemeral {

// fediversity_garage_key_secret. `garage` outlives it.
std::unique_ptr<schema::AnyEphemeralResource> MakeGarageKeySecret(const Slot<garage::Api>& garage);

}  // namespace fediversity::ephemeral

#endif  // FEDIVERSITY_EPHEMERAL_GARAGE_KEY_SECRET_H_
