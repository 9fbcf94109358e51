#ifndef FEDIVERSITY_PROVIDER_DOCS_MARKDOWN_SCHEMA_H_
#define FEDIVERSITY_PROVIDER_DOCS_MARKDOWN_SCHEMA_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/schema/table.h"

namespace fediversity::docs {

// How long an operation may take where `timeouts` is silent.
using TimeoutOf = std::function<absl::Duration(std::string_view operation)>;

// The section "Schema" of a page: attributes under Required, Optional and Read-Only, each group in the
// table's order, then one section for each nested object. `timeout` is empty for what has no timeouts.
// InvalidArgument for a default that HCL cannot express.
absl::StatusOr<std::string> RenderSchema(const schema::Table& table, const TimeoutOf& timeout);

// The attributes that an import block gives as `identity`; empty where the table has none.
std::string RenderIdentity(const schema::Table& table);

}  // namespace fediversity::docs

#endif  // FEDIVERSITY_PROVIDER_DOCS_MARKDOWN_SCHEMA_H_
