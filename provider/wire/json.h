#ifndef FEDIVERSITY_PROVIDER_WIRE_JSON_H_
#define FEDIVERSITY_PROVIDER_WIRE_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"

namespace fediversity::wire {

// JSON as state files hold it. A dynamic is {"value":...,"type":...}; numbers keep their digits. JSON has no
// unknowns: answers InvalidArgument for a value that is not wholly known or does not conform to `type`.
absl::StatusOr<std::string> EncodeJson(const Value& value, const Type& type);

// Reads JSON of `type`. As lenient as go-cty: quoted numbers and booleans, a number where a string is asked
// for, missing attributes are null; an attribute that the type lacks is an error.
absl::StatusOr<Value> DecodeJson(std::string_view json, const Type& type);

// Reads any JSON without a type: objects become maps, arrays lists. For raw state of older versions and of
// other providers. Answers InvalidArgument for malformed JSON and for nesting beyond 256 levels.
absl::StatusOr<Value> ParseJson(std::string_view json);

// The same as a value of dynamic type, as HCL's jsondecode() gives it: objects, and tuples for arrays.
absl::StatusOr<Value> ParseDynamicJson(std::string_view json);

// Writes a wholly known value as JSON without type wrappers (a dynamic is written as its value): the form
// that people and Nix read. `indent` 0 writes one line.
absl::StatusOr<std::string> WriteJson(const Value& value, int indent = 0);

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_JSON_H_
