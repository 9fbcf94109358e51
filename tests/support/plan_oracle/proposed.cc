#include <utility>

#include "tests/support/plan_oracle/member.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::oracle {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using wire::Value;
using Kind = wire::Value::Kind;

bool HasNotComputed(const Row& row, const Value& value);

// Whether an attribute of `object` that the provider may not compute has a value.
bool HasNotComputed(const Table& table, const Value& object) {
  if (object.kind() != Kind::kMap) return false;
  for (const Row& row : table.rows) {
    Value const value = Member(object, row.name);
    if (value.is_null()) continue;
    if (!row.computed || HasNotComputed(row, value)) return true;
  }
  return false;
}

bool HasNotComputed(const Row& row, const Value& value) {
  if (!row.nested) return false;
  switch (value.kind()) {
    case Kind::kList:
    case Kind::kSet:
      for (const Value& element : value.elements()) {
        if (HasNotComputed(*row.nested, element)) return true;
      }
      return false;
    case Kind::kMap:
      if (row.nesting == Nesting::kSingle) return HasNotComputed(*row.nested, value);
      for (const auto& [key, element] : value.entries()) {
        if (HasNotComputed(*row.nested, element)) return true;
      }
      return false;
    default: return false;
  }
}

bool CouldComeFrom(const Row& row, const Value& prior, const Value& config);

// Whether the prior element of a set can be this configured element with only computed values added.
bool CouldComeFrom(const Table& table, const Value& prior, const Value& config) {
  if (Unrefined(prior) == Unrefined(config)) return true;
  if (prior.kind() != Kind::kMap) return true;  // null: nothing to walk through
  if (config.is_null()) return false;
  for (const Row& row : table.rows) {
    if (!CouldComeFrom(row, Member(prior, row.name), Member(config, row.name))) return false;
  }
  return true;
}

bool CouldComeFrom(const Row& row, const Value& prior, const Value& config) {
  if (Unrefined(prior) == Unrefined(config)) return true;
  if (row.type.kind() == wire::Type::Kind::kSet) return false;
  if (!row.nested) return row.computed && config.is_null();
  switch (row.nesting) {
    case Nesting::kSingle: return CouldComeFrom(*row.nested, prior, config);
    case Nesting::kList:
      if (prior.kind() != Kind::kList) return true;
      for (std::size_t i = 0; i < prior.elements().size(); ++i) {
        if (!HasIndex(config, i) || !CouldComeFrom(*row.nested, prior.elements()[i], config.elements()[i]))
          return false;
      }
      return true;
    case Nesting::kMap:
      if (prior.kind() != Kind::kMap) return true;
      for (const auto& [key, element] : prior.entries()) {
        const Value* other = config.Find(key);
        if (other == nullptr || !CouldComeFrom(*row.nested, element, *other)) return false;
      }
      return true;
    case Nesting::kNone:
    case Nesting::kSet: break;
  }
  return false;
}

Value Attributes(const Table& table, const Value& prior, const Value& config);

Value ObjectAttributes(const Table& table, const Value& prior, const Value& config) {
  return config.is_null() ? config : Attributes(table, prior, config);
}

Value NestedList(const Table& table, const Value& prior, const Value& config) {
  Value::Elements elements;
  for (std::size_t i = 0; i < config.elements().size(); ++i) {
    const Value& element = config.elements()[i];
    elements.push_back(HasIndex(prior, i) ? ObjectAttributes(table, prior.elements()[i], element) : element);
  }
  return Value::List(std::move(elements));
}

Value NestedMap(const Table& table, const Value& prior, const Value& config) {
  Value::Entries entries;
  for (const auto& [key, element] : config.entries()) {
    const Value* before = prior.Find(key);
    entries.emplace_back(key, before != nullptr ? ObjectAttributes(table, *before, element) : element);
  }
  return Value::Map(std::move(entries));
}

Value NestedSet(const Table& table, const Value& prior, const Value& config) {
  Value::Elements unused = prior.kind() == Kind::kSet ? prior.elements() : Value::Elements();
  Value::Elements elements;
  for (const Value& element : config.elements()) {
    Value before;
    for (auto it = unused.begin(); it != unused.end(); ++it) {
      if (!CouldComeFrom(table, *it, element)) continue;
      before = std::move(*it);
      unused.erase(it);
      break;
    }
    elements.push_back(ObjectAttributes(table, before, element));
  }
  return Value::Set(std::move(elements));
}

Value NestedAttribute(const Row& row, const Value& prior, const Value& config) {
  if (config.is_unknown() || config.is_null()) return config;
  switch (row.nesting) {
    case Nesting::kSingle: return ObjectAttributes(*row.nested, prior, config);
    case Nesting::kList: return NestedList(*row.nested, prior, config);
    case Nesting::kMap: return NestedMap(*row.nested, prior, config);
    case Nesting::kSet: return NestedSet(*row.nested, prior, config);
    case Nesting::kNone: break;
  }
  return config;
}

Value Attributes(const Table& table, const Value& prior, const Value& config) {
  Value::Entries entries;
  for (const Row& row : table.rows) {
    Value const before = Member(prior, row.name);
    Value const configured = Member(config, row.name);
    if (row.computed && configured.is_null()) {
      // A value that holds more than what the provider computes must have been configured once.
      bool const was_configured = row.optional && HasNotComputed(row, before);
      entries.emplace_back(row.name, was_configured ? configured : before);
    } else if (row.nested) {
      entries.emplace_back(row.name, NestedAttribute(row, before, configured));
    } else {
      entries.emplace_back(row.name, configured);
    }
  }
  return Value::Map(std::move(entries));
}

}  // namespace

Value ProposedNew(const Table& table, const Value& prior, const Value& config) {
  if (config.is_null() || config.is_unknown()) return prior;
  return Attributes(table, prior, config);
}

}  // namespace fediversity::oracle
