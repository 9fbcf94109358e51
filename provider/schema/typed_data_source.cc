#include "provider/schema/typed_data_source.h"

#include <algorithm>

#include "provider/base/text.h"

namespace fediversity::schema {
namespace {

// Nested attributes of something read only are computed all the way down.
std::shared_ptr<const Table> ComputedTable(const Table& nested);

Row ComputedRow(const Row& source) {
  Row row;
  row.name = source.name;
  row.doc = source.doc;
  row.deprecation = source.deprecation;
  row.computed = true;
  row.sensitive = source.sensitive;
  row.type = source.type;
  row.nesting = source.nesting == Nesting::kSet ? Nesting::kNone : source.nesting;
  if (source.nested && row.nesting != Nesting::kNone) row.nested = ComputedTable(*source.nested);
  return row;
}

std::shared_ptr<const Table> ComputedTable(const Table& nested) {
  auto table = std::make_shared<Table>();
  for (const Row& row : nested.rows) {
    if (!row.write_only) table->rows.push_back(ComputedRow(row));
  }
  // Only modes changed in a table that held before.
  (void)table->Finish().ok();
  return table;
}

}  // namespace

Table DeriveDataTable(const internal::Rows& rows, const char* doc, const std::vector<std::string>& keys,
                      const std::vector<std::string>& left_out, const std::vector<std::string>& selectors) {
  Table const source = TableOrUnfinished(rows);
  Table table;
  table.name = source.name;
  table.doc = doc;
  for (const Row& row : source.rows) {
    if (row.write_only || std::ranges::find(left_out, row.name) != left_out.end()) continue;
    Row derived = ComputedRow(row);
    if (std::ranges::find(keys, row.name) != keys.end()) {
      derived.required = true;
      derived.computed = false;
      derived.rules = row.rules;
    }
    if (std::ranges::find(selectors, row.name) != selectors.end()) {
      derived.optional = true;
      derived.rules = row.rules;
    }
    table.rows.push_back(std::move(derived));
  }
  if (!selectors.empty()) table.together.push_back({Together::Kind::kExactlyOne, selectors});
  if (absl::Status const finished = table.Finish(); !finished.ok()) {
    table.doc = std::string(ToStd(finished.message()));  // Provider::Check() shows it
  }
  return table;
}

}  // namespace fediversity::schema
