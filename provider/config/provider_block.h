#ifndef FEDIVERSITY_PROVIDER_CONFIG_PROVIDER_BLOCK_H_
#define FEDIVERSITY_PROVIDER_CONFIG_PROVIDER_BLOCK_H_

#include <memory>

#include "provider/backends/backends.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"
#include "provider/schema/provider.h"

namespace fediversity::config {

// The provider block of this provider. Configure() fills the slots of `backends`, which outlives it. What the backends
// ask of their services goes to `logger`.
std::unique_ptr<schema::ProviderBlock> MakeProviderBlock(Backends& backends, Environment environment,
                                                         Logger logger = {});

}  // namespace fediversity::config

#endif  // FEDIVERSITY_PROVIDER_CONFIG_PROVIDER_BLOCK_H_
