#ifndef FEDIVERSITY_TESTS_PROVIDER_DOCS_SAMPLE_PROVIDER_H_
#define FEDIVERSITY_TESTS_PROVIDER_DOCS_SAMPLE_PROVIDER_H_

#include "provider/schema/provider.h"
#include "provider/schema/table.h"

namespace fediversity::docs {

// A resource with something of everything that a table can say. Finished.
schema::Table ServerTable();
// A data source with a list of nested objects.
schema::Table RoomTable();

// A provider that serves both, for whatever only looks at tables. Its operations answer Unimplemented.
schema::Provider SampleProvider();

}  // namespace fediversity::docs

#endif  // FEDIVERSITY_TESTS_PROVIDER_DOCS_SAMPLE_PROVIDER_H_
