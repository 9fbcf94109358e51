#ifndef FEDIVERSITY_PROVIDER_WIRE_MSGPACK_UNKNOWN_H_
#define FEDIVERSITY_PROVIDER_WIRE_MSGPACK_UNKNOWN_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "provider/wire/msgpack_reader.h"
#include "provider/wire/msgpack_writer.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"

namespace fediversity::wire {

// Unknown values in MessagePack, as go-cty has them: an extension with one byte of any content where nothing is
// known, extension 12 with a map of refinements otherwise.

// Writes an unknown value of `type`. Answers InvalidArgument for a refinement that does not suit the type or
// that nothing can meet: the host would crash on it.
absl::Status WriteUnknown(const Refinement& refinement, const Type& type, MsgpackWriter* writer);

// Reads the extension that comes next. The answer is a known value where the refinements leave only one, for
// example null, or a list of so many unknown elements. InvalidArgument for what go-cty refuses too: other
// extensions with a body, bodies over 1024 bytes, refinements of the wrong type, contradictions.
absl::StatusOr<Value> ReadUnknown(MsgpackReader* reader, const Type& type);

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_MSGPACK_UNKNOWN_H_
