#include "provider/schema/plan_steps.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace fediversity::schema {
namespace {

using wire::Path;
using wire::Value;

bool IsKnownObject(const Value* value) { return value != nullptr && value->kind() == Value::Kind::kMap; }

// What stands at `key` of a map or object, null where there is nothing.
const Value& Get(const Value& object, std::string_view key, const Value& null) {
  const Value* found = object.kind() == Value::Kind::kMap ? object.Find(key) : nullptr;
  return found == nullptr ? null : *found;
}

const Value& At(const Value& list, std::size_t index, const Value& null) {
  return list.kind() == Value::Kind::kList && index < list.elements().size() ? list.elements()[index] : null;
}

// Calls step(nested object, its counterpart in each of `others`...) for each known nested object of `row` in
// `walked`: lists correlate by index, maps by key; null stands where there is no counterpart. Elements of sets
// have no identity, so they are left to the caller.
template <typename Step, typename... Other>
void ForEachNested(const Row& row, Value& walked, Step step, const Other&... others) {
  Value const null;
  switch (row.nesting) {
    case Nesting::kNone:
    case Nesting::kSet: return;
    case Nesting::kSingle:
      if (IsKnownObject(&walked)) step(walked, others...);
      return;
    case Nesting::kList:
      if (walked.kind() != Value::Kind::kList) return;
      for (std::size_t i = 0; i < walked.elements().size(); ++i) {
        Value& element = walked.mutable_elements()[i];
        if (IsKnownObject(&element)) step(element, At(others, i, null)...);
      }
      return;
    case Nesting::kMap:
      if (walked.kind() != Value::Kind::kMap) return;
      for (const auto& [key, unused] : walked.entries()) {
        Value* element = walked.FindMutable(key);
        if (IsKnownObject(element)) step(*element, Get(others, key, null)...);
      }
      return;
  }
}

}  // namespace

Value SetWithDefaults(const Table& nested, const Value& config) {
  Value::Elements elements = config.elements();
  for (Value& element : elements) {
    if (!IsKnownObject(&element)) continue;
    Value const configured = element;
    ApplyDefaults(nested, Value::Null(), configured, element);
  }
  return Value::Set(std::move(elements));
}

void ApplyDefaults(const Table& table, const Value& prior, const Value& config, Value& planned) {
  Value const null;
  for (const Row& row : table.rows) {
    const Value& configured = Get(config, row.name, null);
    const Value& before = Get(prior, row.name, null);
    if (row.write_only) {
      planned.Set(row.name, null);
    } else if (!configured.is_null()) {
      if (row.nesting == Nesting::kSet && configured.kind() == Value::Kind::kSet) {
        planned.Set(row.name, SetWithDefaults(*row.nested, configured));
      } else if (Value* target = planned.FindMutable(row.name); row.nested && target != nullptr) {
        ForEachNested(
            row, *target,
            [&row](Value& t, const Value& p, const Value& c) {
              if (IsKnownObject(&c)) ApplyDefaults(*row.nested, p, c, t);
            },
            before, configured);
      }
    } else if (row.fallback.has_value()) {
      planned.Set(row.name, *row.fallback);
    } else if (row.initial.has_value() && prior.is_null()) {
      planned.Set(row.name, *row.initial);
    } else if (row.nested && row.computed && !before.is_null()) {
      // The host proposes null where the prior object holds anything that is not computed, taking it for former
      // configuration. The service may have chosen it as well; left out means "as it is".
      planned.Set(row.name, before);
    }
  }
}

void TakePriorSpelling(const Table& table, const Value& prior, const Value& config, const Value& respelled,
                       Value& planned) {
  Value const null;
  for (const Row& row : table.rows) {
    Value* target = planned.FindMutable(row.name);
    const Value& before = Get(prior, row.name, null);
    if (target == nullptr || target->is_unknown() || before.is_null() || *target == before) continue;
    const Value& configured = Get(config, row.name, null);
    const Value& candidate = Get(respelled, row.name, null);
    // What is not known yet may come to be anything.
    bool const means_the_same = candidate == before && target->is_wholly_known();
    if (means_the_same && (row.computed || !configured.is_null())) {
      *target = before;
    } else if (row.nested) {
      ForEachNested(
          row, *target,
          [&row](Value& t, const Value& p, const Value& c, const Value& r) {
            if (IsKnownObject(&c)) TakePriorSpelling(*row.nested, p, c, r, t);
          },
          before, configured, candidate);
    }
  }
}

namespace {

Value FittingBoth(const Value& prior, const Value& unknown) {
  wire::Refinement known = unknown.refinement();
  switch (prior.kind()) {
    case Value::Kind::kString:
      if (!prior.string().starts_with(known.prefix)) known.prefix.clear();
      break;
    case Value::Kind::kList:
    case Value::Kind::kSet:
    case Value::Kind::kMap:
      known.min_length.reset();
      known.max_length.reset();
      break;
    default: break;
  }
  return Value::Unknown(std::move(known));
}

}  // namespace

void ForgetOtherSpelling(const Value& prior, Value& planned) {
  Value const null;
  if (prior.is_null() || planned.is_wholly_known()) return;
  switch (planned.kind()) {
    case Value::Kind::kUnknown: planned = FittingBoth(prior, planned); return;
    case Value::Kind::kMap:
      for (const auto& [key, unused] : planned.entries()) {
        ForgetOtherSpelling(Get(prior, key, null), *planned.FindMutable(key));
      }
      return;
    case Value::Kind::kList:
      for (std::size_t i = 0; i < planned.elements().size(); ++i) {
        ForgetOtherSpelling(At(prior, i, null), planned.mutable_elements()[i]);
      }
      return;
    case Value::Kind::kSet: {
      if (prior.kind() != Value::Kind::kSet) return;
      Value::Elements elements = planned.elements();
      for (Value& element : elements) {
        for (const Value& any : prior.elements()) ForgetOtherSpelling(any, element);
      }
      planned = Value::Set(std::move(elements));
      return;
    }
    default: return;
  }
}

void MarkComputedUnknown(const Table& table, const Value& config, Value& planned) {
  Value const null;
  for (const Row& row : table.rows) {
    Value* target = planned.FindMutable(row.name);
    if (target == nullptr) continue;
    const Value& configured = Get(config, row.name, null);
    if (configured.is_null()) {
      bool const defaulted = row.fallback.has_value() || (row.initial.has_value() && !target->is_null());
      if (row.computed && !defaulted) *target = Value::Unknown();
    } else if (row.nested) {
      ForEachNested(
          row, *target,
          [&row](Value& t, const Value& c) {
            if (IsKnownObject(&c)) MarkComputedUnknown(*row.nested, c, t);
          },
          configured);
    }
  }
}

void KeepState(const Table& table, const Value& prior, const Value& config, Value& planned) {
  if (prior.is_null()) return;
  Value const null;
  for (const Row& row : table.rows) {
    if (!row.keep_state && !row.nested) continue;
    Value* target = planned.FindMutable(row.name);
    if (target == nullptr) continue;
    const Value& configured = Get(config, row.name, null);
    if (configured.is_null()) {
      if (row.keep_state && target->is_unknown()) *target = Get(prior, row.name, null);
    } else if (row.nested) {
      ForEachNested(
          row, *target,
          [&row](Value& t, const Value& p, const Value& c) {
            if (IsKnownObject(&c)) KeepState(*row.nested, p, c, t);
          },
          Get(prior, row.name, null), configured);
    }
  }
}

namespace {

class Replacements {
 public:
  explicit Replacements(std::vector<Path>& paths) : paths_(paths) {}

  void Object(const Table& table, const Value& before, const Value& after, const Path& path) {
    for (const Row& row : table.rows) {
      if (!row.replace && !(row.nested && row.nested->has_replacing)) continue;
      const Value& old = Get(before, row.name, null_);
      const Value& now = Get(after, row.name, null_);
      if (!(old == now)) Attribute(row, old, now, path.Child(row.name));
    }
  }

 private:
  void Attribute(const Row& row, const Value& before, const Value& after, const Path& path) {
    // The host takes no path through a set, so a replacing attribute in there names the set.
    if (row.replace || row.nesting == Nesting::kSet) {
      paths_.push_back(path);
    } else if (row.nesting == Nesting::kSingle) {
      Element(*row.nested, before, after, path);
    } else if (after.is_unknown()) {
      bool const had_elements = before.kind() == Value::Kind::kList  ? !before.elements().empty()
                                : before.kind() == Value::Kind::kMap ? !before.entries().empty()
                                                                     : false;
      if (had_elements) paths_.push_back(path);
    } else if (row.nesting == Nesting::kMap && after.kind() == Value::Kind::kMap) {
      for (const auto& [key, element] : after.entries()) {
        Element(*row.nested, Get(before, key, null_), element, path.AtKey(key));
      }
    } else if (row.nesting == Nesting::kList && after.kind() == Value::Kind::kList) {
      for (std::size_t i = 0; i < after.elements().size(); ++i) {
        Element(*row.nested, At(before, i, null_), after.elements()[i],
                path.AtIndex(static_cast<std::int64_t>(i)));
      }
    }
  }

  // What is new or goes away replaces nothing. What is unknown may come to differ in a replacing attribute; the
  // host takes no replacement during apply that it was not told of while planning.
  void Element(const Table& nested, const Value& before, const Value& after, const Path& path) {
    if (!IsKnownObject(&before)) return;
    if (after.is_unknown()) {
      paths_.push_back(path);
    } else if (IsKnownObject(&after)) {
      Object(nested, before, after, path);
    }
  }

  std::vector<Path>& paths_;
  Value const null_;
};

}  // namespace

void CollectReplacements(const Table& table, const Value& prior, const Value& planned,
                         std::vector<Path>& replace) {
  Replacements(replace).Object(table, prior, planned, {});
}

namespace {

// An object of which every attribute is unknown says the same as an unknown object, and leaves room for null.
void SpellOut(const Table& table, Value& value) {
  if (!value.is_unknown()) return;
  value = NullObject(table);
  for (const Row& row : table.rows) value.Set(row.name, Value::Unknown());
}

// The host looks for write-only attributes in each element of a list or map, and takes the ones of an unknown
// element for set.
void SpellOutUnknowns(const Row& row, Value& value) {
  if (row.nesting == Nesting::kList && value.kind() == Value::Kind::kList) {
    for (Value& element : value.mutable_elements()) SpellOut(*row.nested, element);
  } else if (row.nesting == Nesting::kMap && value.kind() == Value::Kind::kMap) {
    for (const auto& [key, unused] : value.entries()) SpellOut(*row.nested, *value.FindMutable(key));
  }
}

}  // namespace

void DropWriteOnly(const Table& table, Value& object) {
  if (!table.has_write_only || object.kind() != Value::Kind::kMap) return;
  for (const Row& row : table.rows) {
    Value* value = object.FindMutable(row.name);
    if (value == nullptr) continue;
    if (row.write_only) {
      *value = Value::Null();
    } else if (row.nested && row.nested->has_write_only) {
      SpellOutUnknowns(row, *value);
      ForEachNested(row, *value, [&row](Value& nested) { DropWriteOnly(*row.nested, nested); });
    }
  }
}

Value WithoutUnknowns(Value object) {
  if (object.is_wholly_known()) return object;
  switch (object.kind()) {
    case Value::Kind::kList:
    case Value::Kind::kSet: {
      Value::Elements elements;
      for (const Value& element : object.elements()) {
        if (element.is_known()) elements.push_back(WithoutUnknowns(element));
      }
      return object.kind() == Value::Kind::kSet ? Value::Set(std::move(elements))
                                                : Value::List(std::move(elements));
    }
    case Value::Kind::kMap: {
      Value::Entries entries;
      for (const auto& [key, element] : object.entries()) entries.emplace_back(key, WithoutUnknowns(element));
      return Value::Map(std::move(entries));
    }
    default: return Value::Null();
  }
}

}  // namespace fediversity::schema
