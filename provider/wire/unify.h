#ifndef FEDIVERSITY_PROVIDER_WIRE_UNIFY_H_
#define FEDIVERSITY_PROVIDER_WIRE_UNIFY_H_

#include "provider/wire/type.h"
#include "provider/wire/value.h"

namespace fediversity::wire {

// In go-cty a known value has a type of its own, in which no `dynamic` is left but for what is null or unknown.
// Our values carry a type only where the schema says `dynamic`; these functions bridge the two views.

// The type that go-cty would give `value`, which conforms to `type`.
Type ConcreteType(const Value& value, const Type& type);

// Makes the elements of one list, set or map agree on a type, where `element` has a `dynamic` in it: an
// untyped null or unknown takes the type of the others. False where they disagree, which crashes the host.
bool UnifyElements(Value::Elements* elements, const Type& element);
bool UnifyElements(Value::Entries* entries, const Type& element);

// Whether the elements of a list, set or map, which conform to `element`, have one type in common.
bool ElementTypesAgree(const Value& collection, const Type& element);

// A value of dynamic type as go-cty would hold it: `value` conforms to `type`, and every `dynamic` in the type is
// replaced by what was found there.
Value MakeDynamic(Type type, Value value);

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_UNIFY_H_
