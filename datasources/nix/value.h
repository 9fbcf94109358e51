#ifndef FEDIVERSITY_DATASOURCES_NIX_VALUE_H_
#define FEDIVERSITY_DATASOURCES_NIX_VALUE_H_

#include <memory>

#include "provider/backends/nix/resource_rules.h"
#include "provider/backends/slot.h"
#include "provider/base/log.h"
#include "provider/schema/resource.h"

namespace fediversity::datasources {

// fediversity_nix_value. `rules`, which has the evaluator, outlives it.
std::unique_ptr<schema::AnyDataSource> MakeNixValue(const Slot<nix::ResourceRules>& rules,
                                                    const Logger& logger);

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_DATASOURCES_NIX_VALUE_H_
