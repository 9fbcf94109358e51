#ifndef FEDIVERSITY_PROVIDER_DOCS_SCHEMA_JSON_H_
#define FEDIVERSITY_PROVIDER_DOCS_SCHEMA_JSON_H_

#include <string>

#include "provider/schema/provider.h"

namespace fediversity::docs {

// What `tofu providers schema -json` says of this provider (format 1.0, where it is installed from OpenTofu's
// registry), indented, ended by a newline. The keys have the order that OpenTofu gives them, so the same
// tables always give the same text.
std::string RenderSchemaJson(const schema::Provider& provider);

}  // namespace fediversity::docs

#endif  // FEDIVERSITY_PROVIDER_DOCS_SCHEMA_JSON_H_
