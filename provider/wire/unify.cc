#include "provider/wire/unify.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace fediversity::wire {
namespace {

Type WithElement(Type::Kind kind, Type element) {
  if (kind == Type::Kind::kList) return Type::List(std::move(element));
  if (kind == Type::Kind::kSet) return Type::Set(std::move(element));
  return Type::Map(std::move(element));
}

const Value& ValueOf(const Value& element) { return element; }
const Value& ValueOf(const Value::Entry& entry) { return entry.second; }
Value& ValueOf(Value& element) { return element; }
Value& ValueOf(Value::Entry& entry) { return entry.second; }

// nullopt where two elements have different types; `dynamic` where none says anything.
template <typename Items>
std::optional<Type> CommonType(const Items& items, const Type& element) {
  Type common = Type::Dynamic();
  for (const auto& item : items) {
    Type type = ConcreteType(ValueOf(item), element);
    if (common.kind() == Type::Kind::kDynamic) {
      common = std::move(type);
    } else if (type.kind() != Type::Kind::kDynamic && !(common == type)) {
      return std::nullopt;
    }
  }
  return common;
}

template <typename Items>
bool Unify(Items* items, const Type& element) {
  if (!element.has_dynamic()) return true;
  std::optional<Type> const common = CommonType(*items, element);
  if (!common.has_value()) return false;
  if (element.kind() != Type::Kind::kDynamic || common->kind() == Type::Kind::kDynamic) return true;
  for (auto& item : *items) ValueOf(item) = Value::Dynamic(*common, std::move(ValueOf(item)));
  return true;
}

// `value` conforms to `type`; the answer conforms to `concrete`, which is its ConcreteType().
Value Unwrap(Value value, const Type& type, const Type& concrete) {
  if (!type.has_dynamic() || value.is_null() || value.is_unknown()) return value;
  switch (type.kind()) {
    case Type::Kind::kDynamic: {
      if (value.kind() != Value::Kind::kDynamic || concrete.kind() == Type::Kind::kDynamic) return value;
      return value.dynamic_value();
    }
    case Type::Kind::kList:
    case Type::Kind::kSet:
    case Type::Kind::kTuple: {
      Value::Elements elements = value.elements();
      for (std::size_t i = 0; i < elements.size(); ++i) {
        bool const tuple = type.kind() == Type::Kind::kTuple;
        elements[i] = Unwrap(std::move(elements[i]), tuple ? type.elements()[i] : type.element(),
                             tuple ? concrete.elements()[i] : concrete.element());
      }
      return type.kind() == Type::Kind::kSet ? Value::Set(std::move(elements))
                                             : Value::List(std::move(elements));
    }
    case Type::Kind::kMap:
    case Type::Kind::kObject: {
      Value::Entries entries = value.entries();
      for (std::size_t i = 0; i < entries.size(); ++i) {
        bool const object = type.kind() == Type::Kind::kObject;
        Value& member = entries[i].second;
        member = Unwrap(std::move(member), object ? type.attributes()[i].type : type.element(),
                        object ? concrete.attributes()[i].type : concrete.element());
      }
      return Value::Map(std::move(entries));
    }
    default: return value;
  }
}

}  // namespace

Type ConcreteType(const Value& value, const Type& type) {
  if (!type.has_dynamic()) return type;
  if (type.kind() == Type::Kind::kDynamic) {
    return value.kind() == Value::Kind::kDynamic ? value.dynamic_type() : type;
  }
  if (value.is_null() || value.is_unknown()) return type;
  switch (type.kind()) {
    case Type::Kind::kList:
    case Type::Kind::kSet: {
      if (value.elements().empty()) return type;
      return WithElement(type.kind(), CommonType(value.elements(), type.element()).value_or(type.element()));
    }
    case Type::Kind::kMap: {
      if (value.entries().empty()) return type;
      return WithElement(type.kind(), CommonType(value.entries(), type.element()).value_or(type.element()));
    }
    case Type::Kind::kObject: {
      std::vector<Type::Attribute> attributes = type.attributes();
      for (std::size_t i = 0; i < attributes.size(); ++i) {
        attributes[i].type = ConcreteType(value.entries()[i].second, attributes[i].type);
        attributes[i].optional = false;
      }
      return Type::Object(std::move(attributes));
    }
    case Type::Kind::kTuple: {
      std::vector<Type> elements = type.elements();
      for (std::size_t i = 0; i < elements.size(); ++i) {
        elements[i] = ConcreteType(value.elements()[i], elements[i]);
      }
      return Type::Tuple(std::move(elements));
    }
    default: return type;
  }
}

bool UnifyElements(Value::Elements* elements, const Type& element) { return Unify(elements, element); }
bool UnifyElements(Value::Entries* entries, const Type& element) { return Unify(entries, element); }

bool ElementTypesAgree(const Value& collection, const Type& element) {
  return collection.kind() == Value::Kind::kMap ? CommonType(collection.entries(), element).has_value()
                                                : CommonType(collection.elements(), element).has_value();
}

Value MakeDynamic(Type type, Value value) {
  if (!type.has_dynamic()) return Value::Dynamic(std::move(type), std::move(value));
  Type concrete = ConcreteType(value, type);
  Value unwrapped = Unwrap(std::move(value), type, concrete);
  return Value::Dynamic(std::move(concrete), std::move(unwrapped));
}

}  // namespace fediversity::wire
