#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_MEMBER_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_MEMBER_H_

#include <cstddef>
#include <string_view>

#include "provider/wire/value.h"

namespace fediversity::oracle {

// Attribute `name` of an object. As in go-cty, everything in an unknown object is unknown; here everything in a
// null one is null, where go-cty panics: callers look first.
inline wire::Value Member(const wire::Value& object, std::string_view name) {
  if (object.is_unknown()) return wire::Value::Unknown();
  const wire::Value* found = object.Find(name);
  return found == nullptr ? wire::Value::Null() : *found;
}

// Whether a list has an element at `index`.
inline bool HasIndex(const wire::Value& list, std::size_t index) {
  return list.kind() == wire::Value::Kind::kList && index < list.elements().size();
}

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_MEMBER_H_
