#include <cstdint>
#include <utility>
#include <variant>

#include "provider/base/text.h"
#include "tests/support/plan_oracle/member.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::oracle {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using wire::Path;
using wire::Value;
using Kind = wire::Value::Kind;

// How many elements a collection has: a range where that is not decided, since the host counts a set with unknown
// elements as one in which they may yet turn out equal.
struct Count {
  std::size_t least = 0, most = SIZE_MAX;
  bool known() const { return least == most; }
};

Count CountOf(const Value& collection) {
  if (collection.is_unknown()) return {};
  if (collection.kind() == Kind::kMap) return {collection.entries().size(), collection.entries().size()};
  std::size_t const size = collection.elements().size();
  bool const decided = collection.kind() == Kind::kList || size <= 1 || collection.is_wholly_known();
  return {decided ? size : 1, size};
}

class PlanChecker {
 public:
  explicit PlanChecker(Faults& faults) : faults_(faults) {}

  void Attributes(const Table& table, const Value& prior, const Value& config, const Value& planned,
                  const Path& path) {
    if (planned.is_null() || config.is_null()) {
      return Fault(path, "the host crashes: it looks for an attribute in a null object");
    }
    for (const Row& row : table.rows) {
      Attribute(row, Member(prior, row.name), Member(config, row.name), Member(planned, row.name),
                path.Child(row.name));
    }
  }

 private:
  void Attribute(const Row& row, const Value& prior, const Value& config, const Value& planned,
                 const Path& path) {
    Value const plain = Unrefined(planned);
    if (plain == Unrefined(config)) return;
    if (plain == Unrefined(prior) && !prior.is_null() && !config.is_null()) return;
    if (row.computed && (!row.optional || config.is_null())) return;
    if (config.is_null() && !planned.is_null()) {
      return Fault(path, "a value is planned for an attribute that is neither configured nor computed");
    }
    if (row.write_only && !config.is_null() && planned.is_null()) return;
    if (row.nested) return Nested(row, prior, config, planned, path);
    Fault(path, "the planned value is neither the configured nor the prior one");
  }

  void Nested(const Row& row, const Value& prior, const Value& config, const Value& planned,
              const Path& path) {
    if (planned.is_null() != config.is_null())
      return Fault(path, "planned for absence, or configured for it");
    if (planned.is_unknown()) return Fault(path, "planned unknown where something is configured");
    if (planned.is_null()) return;
    if (row.nesting == Nesting::kSingle) return Attributes(*row.nested, prior, config, planned, path);
    Count const wanted = CountOf(config);
    Count const got = CountOf(planned);
    if (row.nesting == Nesting::kSet) {
      // Where a count is not decided, the ranges have to overlap.
      bool const disjoint = wanted.most < got.least || wanted.least > got.most;
      if (disjoint) Fault(path, "other count than configured");
      return;
    }
    if (!wanted.known() || wanted.most != got.most) return Fault(path, "other count than configured");
    if (row.nesting == Nesting::kList) {
      for (std::size_t i = 0; i < planned.elements().size(); ++i) {
        Value const before = HasIndex(prior, i) ? prior.elements()[i] : Value::Null();
        Attributes(*row.nested, before, config.elements()[i], planned.elements()[i],
                   path.AtIndex(static_cast<std::int64_t>(i)));
      }
      return;
    }
    for (const auto& [key, element] : planned.entries()) {
      const Value* configured = config.Find(key);
      if (configured == nullptr) {
        Fault(path.AtKey(key), "the plan adds a key");
        continue;
      }
      Attributes(*row.nested, Member(prior, key), *configured, element, path.AtKey(key));
    }
  }

  void Fault(const Path& path, std::string_view what) {
    faults_.push_back(Cat({path.ToString(), ": ", what}));
  }

  Faults& faults_;
};

class WriteOnlyChecker {
 public:
  explicit WriteOnlyChecker(Faults& faults) : faults_(faults) {}

  void Object(const Table& table, const Value& object, const Path& path) {
    for (const Row& row : table.rows) {
      Value const value = Member(object, row.name);
      Path const at = path.Child(row.name);
      if (row.write_only && !value.is_null())
        faults_.push_back(Cat({at.ToString(), ": a write-only value is answered"}));
      if (row.nested) Nested(row, value, at);
    }
  }

 private:
  static bool HasWriteOnly(const Table& table) {
    for (const Row& row : table.rows) {
      if (row.write_only || (row.nested && HasWriteOnly(*row.nested))) return true;
    }
    return false;
  }

  // An element that is unknown as a whole counts as one with a value in each write-only attribute.
  void Nested(const Row& row, const Value& value, const Path& path) {
    if (value.is_null() || value.is_unknown() || !HasWriteOnly(*row.nested)) return;
    if (row.nesting == Nesting::kSingle) return Object(*row.nested, value, path);
    if (value.kind() == Kind::kMap) {
      for (const auto& [key, element] : value.entries()) Element(*row.nested, element, path.AtKey(key));
      return;
    }
    for (const Value& element : value.elements()) Element(*row.nested, element, path.AtIndex(0));
  }

  void Element(const Table& table, const Value& element, const Path& path) {
    if (element.is_null()) {
      faults_.push_back(
          Cat({path.ToString(), ": the host crashes: it looks for write-only attributes in null"}));
    } else {
      Object(table, element, path);
    }
  }

  Faults& faults_;
};

}  // namespace

Faults AssertPlanValid(const Table& table, const Value& prior, const Value& config, const Value& planned) {
  Faults faults;
  if (planned.is_null() != config.is_null()) {
    faults.emplace_back("existence is planned where absence is configured, or the reverse");
  } else if (!planned.is_null()) {
    PlanChecker(faults).Attributes(table, prior, config, planned, {});
  }
  return faults;
}

Faults AssertWriteOnlyNull(const Table& table, const Value& answer) {
  Faults faults;
  if (!answer.is_null() && !answer.is_unknown()) WriteOnlyChecker(faults).Object(table, answer, {});
  return faults;
}

Faults AssertReplacements(const Value& prior, const Value& planned, const std::vector<Path>& replace) {
  Faults faults;
  for (const Path& path : replace) {
    for (const Path::Step& step : path.steps()) {
      if (std::holds_alternative<Path::SetElement>(step)) {
        faults.push_back(Cat({path.ToString(), ": the host cannot follow a path through a set"}));
      }
    }
    if (path.empty()) faults.emplace_back("an empty path asks for replacement");
    if (prior.is_null()) {
      faults.push_back(Cat({path.ToString(), ": what does not exist cannot be replaced"}));
    } else if (path.Resolve(prior) == nullptr && path.Resolve(planned) == nullptr) {
      faults.push_back(Cat({path.ToString(), ": exists neither before nor after"}));
    }
  }
  return faults;
}

Value Unrefined(const Value& value) {
  switch (value.kind()) {
    case Kind::kUnknown: return Value::Unknown();
    case Kind::kList:
    case Kind::kSet: {
      Value::Elements elements;
      for (const Value& element : value.elements()) elements.push_back(Unrefined(element));
      return value.kind() == Kind::kSet ? Value::Set(std::move(elements)) : Value::List(std::move(elements));
    }
    case Kind::kMap: {
      Value::Entries entries;
      for (const auto& [key, element] : value.entries()) entries.emplace_back(key, Unrefined(element));
      return Value::Map(std::move(entries));
    }
    case Kind::kDynamic: return Value::Dynamic(value.dynamic_type(), Unrefined(value.dynamic_value()));
    default: return value;
  }
}

}  // namespace fediversity::oracle
