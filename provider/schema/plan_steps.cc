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
    if (candidate == before && (row.computed || !configured.is_null())) {
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

void CollectReplacements(const Table& table, const Value& prior, const Value& planned, std::vector<Path>& replace) {
  // The host takes no path through a set, so a replacing attribute in there names the set.
  struct Walk {
    std::vector<Path>& replace;
    Value null;

    static bool HasReplacing(const Table& nested) {
      for (const Row& row : nested.rows) {
        if (row.replace || (row.nested && HasReplacing(*row.nested))) return true;
      }
      return false;
    }

    void Object(const Table& nested, const Value& before, const Value& after, const Path& path) {
      for (const Row& row : nested.rows) {
        Attribute(row, Get(before, row.name, null), Get(after, row.name, null), path.Child(row.name));
      }
    }

    void Attribute(const Row& row, const Value& before, const Value& after, const Path& path) {
      if (before == after) return;
      bool const set_replaces = row.nesting == Nesting::kSet && HasReplacing(*row.nested);
      if (row.replace || set_replaces) {
        replace.push_back(path);
        return;
      }
      if (row.nesting == Nesting::kSingle && IsKnownObject(&before) && IsKnownObject(&after)) {
        Object(*row.nested, before, after, path);
      } else if (row.nesting == Nesting::kMap && IsKnownObject(&before) && IsKnownObject(&after)) {
        for (const auto& [key, element] : after.entries()) {
          if (const Value* old = before.Find(key)) Object(*row.nested, *old, element, path.AtKey(key));
        }
      } else if (row.nesting == Nesting::kList && before.kind() == Value::Kind::kList &&
                 after.kind() == Value::Kind::kList) {
        std::size_t const shared = std::min(before.elements().size(), after.elements().size());
        for (std::size_t i = 0; i < shared; ++i) {
          Object(*row.nested, before.elements()[i], after.elements()[i], path.AtIndex(static_cast<std::int64_t>(i)));
        }
      }
    }
  };
  Walk{replace, {}}.Object(table, prior, planned, {});
}

void DropWriteOnly(const Table& table, Value& object) {
  if (object.kind() != Value::Kind::kMap) return;
  for (const Row& row : table.rows) {
    Value* value = object.FindMutable(row.name);
    if (value == nullptr) continue;
    if (row.write_only) {
      *value = Value::Null();
    } else if (row.nested) {
      ForEachNested(row, *value, [&row](Value& nested) { DropWriteOnly(*row.nested, nested); });
    }
  }
}

Value WithoutUnknowns(const Value& object) {
  switch (object.kind()) {
    case Value::Kind::kUnknown: return Value::Null();
    case Value::Kind::kList:
    case Value::Kind::kSet: {
      Value::Elements elements;
      for (const Value& element : object.elements()) {
        if (element.is_known()) elements.push_back(WithoutUnknowns(element));
      }
      return object.kind() == Value::Kind::kSet ? Value::Set(std::move(elements)) : Value::List(std::move(elements));
    }
    case Value::Kind::kMap: {
      Value::Entries entries;
      for (const auto& [key, element] : object.entries()) entries.emplace_back(key, WithoutUnknowns(element));
      return Value::Map(std::move(entries));
    }
    case Value::Kind::kDynamic:
      return object.dynamic_value().is_wholly_known() ? object : Value::Null();
    default: return object;
  }
}

}  // namespace fediversity::schema
