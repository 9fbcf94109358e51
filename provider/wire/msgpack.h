#ifndef FEDIVERSITY_PROVIDER_WIRE_MSGPACK_H_
#define FEDIVERSITY_PROVIDER_WIRE_MSGPACK_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"

namespace fediversity::wire {

// MessagePack as go-cty writes and reads it. `value` must conform to `type`: an object has every attribute.
// Answers InvalidArgument, with the attribute path in the message, where it does not.
absl::StatusOr<std::string> EncodeMsgpack(const Value& value, const Type& type);

// Reads what the host sent. As lenient as go-cty: any key order, any order in sets, non-compact integers,
// unknown refinements, bytes after the value. Answers InvalidArgument, with the path in the message, for
// anything that does not conform to `type`, for truncated input and for nesting beyond 256 levels.
absl::StatusOr<Value> DecodeMsgpack(std::string_view bytes, const Type& type);

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_MSGPACK_H_
