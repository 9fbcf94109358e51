#include <cstdint>
#include <string_view>

#include "provider/base/text.h"
#include "tests/support/plan_oracle/member.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::oracle {
namespace {

using schema::Row;
using schema::Table;
using wire::Path;
using wire::Type;
using wire::Value;
using Kind = wire::Value::Kind;

std::int64_t LengthOf(const Value& value) {
  return static_cast<std::int64_t>(value.kind() == Kind::kMap ? value.entries().size()
                                                              : value.elements().size());
}

class Checker {
 public:
  explicit Checker(Faults& faults) : faults_(faults) {}

  void Check(const Type& type, const Value& planned, const Value& actual, const Path& path) {
    if (type.kind() == Type::Kind::kDynamic) return Dynamic(planned, actual, path);
    if (planned.is_unknown()) {
      if (!actual.is_unknown() && !Includes(planned.refinement(), actual)) {
        Fault(path, "does not fit what the plan said of the unknown value");
      }
      return;
    }
    if (actual.is_null() && planned.is_null()) return;
    if (actual.is_null()) return Fault(path, "was known, but is now null");
    if (planned.is_null()) return Fault(path, "was null, but now has a value");
    if (actual.is_unknown()) return Fault(path, "was known, but is now unknown");
    if (actual.kind() != planned.kind()) return Fault(path, "changed its kind");
    switch (type.kind()) {
      case Type::Kind::kList: return List(type.element(), planned, actual, path);
      case Type::Kind::kMap: return Map(type.element(), planned, actual, path);
      case Type::Kind::kSet: return Set(type.element(), planned, actual, path);
      case Type::Kind::kObject:
        for (const Type::Attribute& attribute : type.attributes()) {
          Check(attribute.type, Member(planned, attribute.name), Member(actual, attribute.name),
                path.Child(attribute.name));
        }
        return;
      case Type::Kind::kTuple:
        if (LengthOf(planned) != LengthOf(actual)) return Fault(path, "another type than planned");
        for (std::size_t i = 0; i < type.elements().size(); ++i) {
          Check(type.elements()[i], planned.elements()[i], actual.elements()[i],
                path.AtIndex(static_cast<std::int64_t>(i)));
        }
        return;
      default:
        if (!(planned == actual)) Fault(path, "another value than planned");
    }
  }

 private:
  void Dynamic(const Value& planned, const Value& actual, const Path& path) {
    if (planned.kind() != Kind::kDynamic) return;  // a null or an unknown without a type: anything goes
    if (actual.is_null() && planned.dynamic_value().is_null()) return;
    if (actual.kind() != Kind::kDynamic || !(actual.dynamic_type() == planned.dynamic_type())) {
      if (!planned.dynamic_type().has_dynamic()) Fault(path, "another type than planned");
      return;
    }
    Check(planned.dynamic_type(), planned.dynamic_value(), actual.dynamic_value(), path);
  }

  void List(const Type& element, const Value& planned, const Value& actual, const Path& path) {
    if (LengthOf(planned) != LengthOf(actual)) return Fault(path, "elements have appeared or vanished");
    for (std::size_t i = 0; i < planned.elements().size(); ++i) {
      Check(element, planned.elements()[i], actual.elements()[i], path.AtIndex(static_cast<std::int64_t>(i)));
    }
  }

  void Map(const Type& element, const Value& planned, const Value& actual, const Path& path) {
    for (const auto& [key, value] : planned.entries()) {
      const Value* other = actual.Find(key);
      if (other == nullptr) {
        Fault(path.AtKey(key), "has vanished");
      } else {
        Check(element, value, *other, path.AtKey(key));
      }
    }
    for (const auto& [key, value] : actual.entries()) {
      if (planned.Find(key) == nullptr) Fault(path.AtKey(key), "has appeared");
    }
  }

  void Set(const Type& element, const Value& planned, const Value& actual, const Path& path) {
    auto corresponds = [&](const Value& a, const Value& b) {
      Faults differences;
      Checker(differences).Check(element, a, b, path);
      return differences.empty();
    };
    auto any = [&](const Value::Elements& elements, auto matches) {
      for (const Value& candidate : elements) {
        if (matches(candidate)) return true;
      }
      return false;
    };
    for (const Value& wanted : planned.elements()) {
      if (!any(actual.elements(), [&](const Value& found) { return corresponds(wanted, found); })) {
        Fault(path, "a planned element is not there");
      }
    }
    for (const Value& found : actual.elements()) {
      if (!any(planned.elements(), [&](const Value& wanted) { return corresponds(wanted, found); })) {
        Fault(path, "an element was not planned");
      }
    }
    if (LengthOf(actual) > LengthOf(planned)) Fault(path, "more elements than planned");
  }

  void Fault(const Path& path, std::string_view what) {
    faults_.push_back(Cat({path.ToString(), ": ", what}));
  }

  Faults& faults_;
};

}  // namespace

Faults AssertObjectCompatible(const Table& table, const Value& planned, const Value& actual) {
  Faults faults;
  if (planned.is_null() != actual.is_null()) {
    faults.emplace_back(planned.is_null() ? "was absent, but is now present"
                                          : "was present, but is now absent");
  } else if (!planned.is_null()) {
    Checker checker(faults);
    for (const Row& row : table.rows) {
      checker.Check(row.type, Member(planned, row.name), Member(actual, row.name), Path(row.name));
    }
  }
  return faults;
}

bool Includes(const wire::Refinement& unknown, const Value& value) {
  if (value.is_null()) return !unknown.not_null;
  switch (value.kind()) {
    case Kind::kString: return value.string().starts_with(unknown.prefix);
    case Kind::kNumber: {
      auto const& number = value.number();
      if (unknown.min.has_value()) {
        if (number < unknown.min->value || (!unknown.min->inclusive && number == unknown.min->value))
          return false;
      }
      if (unknown.max.has_value()) {
        if (number > unknown.max->value || (!unknown.max->inclusive && number == unknown.max->value))
          return false;
      }
      return true;
    }
    case Kind::kList:
    case Kind::kSet:
    case Kind::kMap: {
      std::int64_t const length = LengthOf(value);
      return length >= unknown.min_length.value_or(0) && length <= unknown.max_length.value_or(INT64_MAX);
    }
    default: return true;
  }
}

}  // namespace fediversity::oracle
