#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_TABLE_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_TABLE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "provider/schema/table.h"
#include "tests/support/plan_oracle/random.h"

namespace fediversity::oracle {

// Strings under names that begin with this mean the same in upper and lower case.
inline constexpr std::string_view kFoldPrefix = "fold_";

// A finished table with attributes of every mode, type and nesting that Table::Finish() accepts. Its "id" is
// computed, kept, the identity and the import id.
absl::StatusOr<schema::Table> RandomTable(Random& random);

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_TABLE_H_
