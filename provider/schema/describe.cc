#include "provider/schema/describe.h"

#include <memory>

#include "provider/base/status_macros.h"

namespace fediversity::schema {
namespace internal {

void DecodeStruct(const Rows& rows, const wire::Value& object, void* model) {
  if (object.kind() != wire::Value::Kind::kMap) return;
  auto entry = object.entries().begin();
  for (std::size_t i = 0; i < rows.count; ++i) {
    const RowSpec& row = rows.rows[rows.by_name[i]];
    int order = -1;
    while (entry != object.entries().end() && (order = entry->first.compare(row.name)) < 0) ++entry;
    if (entry == object.entries().end()) return;
    if (order > 0) continue;
    Rows const nested = row.nested != nullptr ? row.nested() : Rows{};
    row.decode(entry->second, model, &nested);
  }
}

wire::Value EncodeStruct(const Rows& rows, const void* model) {
  wire::Value::Entries entries;
  entries.reserve(rows.count);
  for (std::size_t i = 0; i < rows.count; ++i) {
    const RowSpec& row = rows.rows[rows.by_name[i]];
    Rows const nested = row.nested != nullptr ? row.nested() : Rows{};
    entries.emplace_back(row.name, row.encode(model, &nested));
  }
  return wire::Value::Map(std::move(entries));
}

}  // namespace internal

namespace {

std::optional<wire::Value> MakeDefault(const internal::DefaultSpec& spec) {
  switch (spec.kind) {
    case internal::DefaultSpec::Kind::kNone: return std::nullopt;
    case internal::DefaultSpec::Kind::kBool: return wire::Value::Bool(spec.boolean);
    case internal::DefaultSpec::Kind::kInt: return wire::Value::Int(spec.integer);
    case internal::DefaultSpec::Kind::kText: return wire::Value::String(spec.text);
  }
  return std::nullopt;
}

bool IsInt64(const wire::Value& value) { return value.number().ToInt64().has_value(); }

absl::StatusOr<Row> MakeRow(const internal::RowSpec& spec) {
  Row row;
  row.name = spec.name;
  row.doc = spec.doc;
  row.deprecation = spec.deprecation;
  row.version_attribute = spec.version_attribute;
  row.required = spec.required;
  row.optional = spec.optional;
  row.computed = spec.computed;
  row.sensitive = spec.sensitive;
  row.write_only = spec.write_only;
  row.keep_state = spec.keep_state;
  row.replace = spec.replace;
  row.fallback = MakeDefault(spec.fallback);
  row.initial = MakeDefault(spec.initial);
  row.type = spec.type();
  row.nesting = spec.nesting;
  if (spec.whole_number || spec.whole_elements) {
    row.rules.push_back({"must be a whole number of at most 64 bits.", &IsInt64, spec.whole_elements});
  }
  for (std::size_t i = 0; i < spec.rule_count; ++i) {
    const RuleSpec& rule = spec.rules[i].rule;
    row.rules.push_back({rule.sentence, rule.accepts, spec.rules[i].each_element, rule.advise});
  }
  if (spec.nested != nullptr) {
    ASSIGN_OR_RETURN(Table nested, MakeTable(spec.nested()));
    row.nested = std::make_shared<const Table>(std::move(nested));
  }
  return row;
}

}  // namespace

absl::StatusOr<Table> MakeTable(const internal::Rows& rows) {
  Table table;
  table.name = rows.spec->name;
  table.doc = rows.spec->doc;
  table.import_id = rows.spec->import_id;
  table.version = rows.spec->version;
  for (const char* part : rows.spec->identity) {
    if (part != nullptr) table.identity.emplace_back(part);
  }
  for (const TogetherSpec& spec : rows.spec->together) {
    Together condition{.kind = spec.kind, .attributes = {}};
    for (const char* part : spec.attributes) {
      if (part != nullptr) condition.attributes.emplace_back(part);
    }
    if (!condition.attributes.empty()) table.together.push_back(std::move(condition));
  }
  for (std::size_t i = 0; i < rows.count; ++i) {
    ASSIGN_OR_RETURN(Row row, MakeRow(rows.rows[i]));
    table.rows.push_back(std::move(row));
  }
  RETURN_IF_ERROR(table.Finish());
  return table;
}

}  // namespace fediversity::schema
