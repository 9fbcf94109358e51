#ifndef FEDIVERSITY_PROVIDER_DOCS_HCL_H_
#define FEDIVERSITY_PROVIDER_DOCS_HCL_H_

// Values as HCL, in the layout that `tofu fmt` leaves as it is. What is written evaluates to the value it was
// written from. Thread-safe.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/schema/table.h"
#include "provider/wire/value.h"

namespace fediversity::docs {

// `value` as an expression. Lines after the first are indented by `indent` spaces, and more within brackets.
// Lists are written on one line while they are short and hold nothing but primitives; so are objects.
// InvalidArgument, naming the place, where something is unknown or an infinite number: HCL has no words for
// it.
absl::StatusOr<std::string> WriteExpression(const wire::Value& value, int indent = 0);

// A resource block that configures `object`, an object of the table's type, as it is. Left out is what need
// not or cannot be configured: nulls, attributes that are only computed, write-only ones, and those that
// equal their default. Sensitive values are not written either; a comment stands in their place, as it does
// for a write-only attribute that is required. Required attributes come first, each group in the table's
// order. InvalidArgument as above.
absl::StatusOr<std::string> WriteResourceBlock(const schema::Table& table, std::string_view local_name,
                                               const wire::Value& object);

// An import block by id.
std::string WriteImportBlock(std::string_view type_name, std::string_view local_name, std::string_view id);
// An import block by identity, an object of Table::IdentityType(). InvalidArgument as above.
absl::StatusOr<std::string> WriteImportBlock(std::string_view type_name, std::string_view local_name,
                                             const wire::Value& identity);

}  // namespace fediversity::docs

#endif  // FEDIVERSITY_PROVIDER_DOCS_HCL_H_
