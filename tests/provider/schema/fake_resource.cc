#include "tests/provider/schema/fake_resource.h"

#include <cstdio>
#include <cstdlib>

#include "provider/base/text.h"
#include "tests/support/plan_oracle/shown.h"

namespace fediversity::wire {

void PrintTo(const Value& value, std::ostream* out) { *out << oracle::Shown(value); }
void PrintTo(const Path& path, std::ostream* out) { *out << path.ToString(); }

}  // namespace fediversity::wire

namespace fediversity::schema {

Table MakeFakeTable(std::vector<Row> rows, std::string_view name) {
  Table table;
  table.name = name;
  table.doc = "A resource for tests.";
  for (Row& row : rows) {
    if (row.doc.empty()) row.doc = "An attribute.";
    table.rows.push_back(std::move(row));
  }
  absl::Status const finished = table.Finish();
  if (!finished.ok()) {
    std::fprintf(stderr, "%s\n", finished.ToString().c_str());
    std::abort();
  }
  return table;
}

Row NestedRow(Row row, Nesting nesting, std::vector<Row> rows) {
  row.nesting = nesting;
  row.nested = std::make_shared<const Table>(MakeFakeTable(std::move(rows), ""));
  return row;
}

std::string Text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.list()) {
    bool const error = diagnostic.severity == Diagnostic::Severity::kError;
    text += Cat({error ? "error " : "warning ", diagnostic.path.ToString(), ": ", diagnostic.summary, ": ",
                 diagnostic.detail, "\n"});
  }
  return text;
}

}  // namespace fediversity::schema
