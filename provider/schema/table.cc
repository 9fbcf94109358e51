#include "provider/schema/table.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/template_id.h"
#include "provider/wire/msgpack.h"

namespace fediversity::schema {
namespace {

// Names that OpenTofu keeps for itself in every block.
constexpr std::array<std::string_view, 7> kMetaArguments = {
    "count", "for_each", "depends_on", "provider", "lifecycle", "connection", "provisioner"};

bool IsAttributeName(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

wire::Type NestedType(Nesting nesting, const Table& nested) {
  switch (nesting) {
    case Nesting::kList: return wire::Type::List(nested.type);
    case Nesting::kSet: return wire::Type::Set(nested.type);
    case Nesting::kMap: return wire::Type::Map(nested.type);
    case Nesting::kNone:
    case Nesting::kSingle: break;
  }
  return nested.type;
}

bool HasComputedRow(const Table& table) {
  return std::ranges::any_of(table.rows, [](const Row& row) {
    return (row.computed && !row.fallback.has_value()) || (row.nested && HasComputedRow(*row.nested));
  });
}

bool IsWholeValue(const wire::Value& value, const wire::Type& type) {
  return !value.is_null() && value.is_wholly_known() && wire::EncodeMsgpack(value, type).ok();
}

// The first rule of the contract that `row` breaks; empty where it keeps them all.
std::string_view FaultOf(const Row& row, bool top_level) {
  if (!IsAttributeName(row.name)) return "its name is not made of a-z, 0-9 and _";
  if (top_level && std::ranges::find(kMetaArguments, row.name) != kMetaArguments.end()) {
    return "its name is one of the host's meta-arguments";
  }
  if (row.doc.empty()) return "it has no documentation";
  if (!row.required && !row.optional && !row.computed) return "it is neither required, optional nor computed";
  if (row.required && (row.optional || row.computed)) return "it is required and also optional or computed";
  bool const has_default = row.fallback.has_value() || row.initial.has_value();
  if (has_default && !(row.optional && row.computed))
    return "it has a default but is not optional and computed";
  if (row.keep_state && !row.computed) return "it keeps state but is not computed";
  if (row.write_only && row.computed) return "it is write-only and computed";
  if (row.write_only && row.replace) return "it is write-only and replaces; its version attribute should";
  if ((row.nesting == Nesting::kNone) != (row.nested == nullptr))
    return "its nesting and its nested table disagree";
  if (row.nested && row.nested->type.kind() != wire::Type::Kind::kObject)
    return "its nested table is not finished";
  if (row.nesting == Nesting::kSet && HasComputedRow(*row.nested)) {
    return "elements of a set have no identity, so nothing in them can be computed";
  }
  if (row.nesting == Nesting::kSet && row.nested->has_write_only)
    return "a write-only attribute is inside a set";
  if (row.type.kind() == wire::Type::Kind::kSet && row.type.has_dynamic())
    return "a set has dynamic elements";
  for (const auto* value : {&row.fallback, &row.initial}) {
    if (value->has_value() && !IsWholeValue(**value, row.type)) return "its default is not of its type";
  }
  return {};
}

}  // namespace

absl::Status Table::Finish() {
  auto fault = [this](std::string_view attribute, std::string_view what) {
    return absl::FailedPreconditionError(
        Cat({"Schema of ", name.empty() ? "a nested object" : std::string_view(name), ": attribute \"",
             attribute, "\": ", what}));
  };
  if (version < 0)
    return absl::FailedPreconditionError(Cat({"Schema of ", name, ": its version is negative"}));
  std::vector<wire::Type::Attribute> attributes;
  std::set<std::string_view> names;
  for (Row& row : rows) {
    if (row.nested && row.nesting != Nesting::kNone) row.type = NestedType(row.nesting, *row.nested);
    if (std::string_view const what = FaultOf(row, !name.empty()); !what.empty())
      return fault(row.name, what);
    if (!names.insert(row.name).second) return fault(row.name, "it is declared twice");
    attributes.push_back({row.name, row.type});
    has_replacing = has_replacing || row.replace || (row.nested && row.nested->has_replacing);
    has_write_only = has_write_only || row.write_only || (row.nested && row.nested->has_write_only);
  }
  for (const Row& row : rows) {
    if (row.write_only && (row.version_attribute.empty() || !Find(row.version_attribute))) {
      return fault(row.name, "it is write-only without a version attribute that says when it has changed");
    }
  }
  for (const std::string& part : identity) {
    const Row* row = Find(part);
    if (row == nullptr) return fault(part, "the identity names it, but it does not exist");
    if (!row->type.is_primitive())
      return fault(part, "the identity names it, but it is not a string, number or bool");
  }
  if (!import_id.empty()) {
    ASSIGN_OR_RETURN(TemplateId const id, TemplateId::Parse(import_id));
    for (const std::string& part : id.names()) {
      const Row* row = Find(part);
      if (row == nullptr) return fault(part, "the import id names it, but it does not exist");
      if (!row->type.is_primitive())
        return fault(part, "the import id names it, but it is not a string, number or bool");
    }
  }
  for (const Together& condition : together) {
    for (const std::string& part : condition.attributes) {
      if (Find(part) == nullptr) return fault(part, "a condition names it, but it does not exist");
    }
  }
  type = wire::Type::Object(std::move(attributes));
  return absl::OkStatus();
}

const Row* Table::Find(std::string_view wanted) const {
  auto const it = std::ranges::find(rows, wanted, &Row::name);
  return it == rows.end() ? nullptr : &*it;
}

wire::Type Table::IdentityType() const {
  std::vector<wire::Type::Attribute> attributes;
  for (const std::string& part : identity) {
    if (const Row* row = Find(part)) attributes.push_back({part, row->type});
  }
  return wire::Type::Object(std::move(attributes));
}

wire::Value NullObject(const Table& table) {
  wire::Value::Entries entries;
  entries.reserve(table.rows.size());
  for (const Row& row : table.rows) entries.emplace_back(row.name, wire::Value::Null());
  return wire::Value::Map(std::move(entries));
}

}  // namespace fediversity::schema
