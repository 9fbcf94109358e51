#ifndef FEDIVERSITY_PROVIDER_RPC_ANSWER_CHECK_H_
#define FEDIVERSITY_PROVIDER_RPC_ANSWER_CHECK_H_

// Hosts answer a wrong value of a provider with an error that names no attribute, or crash on it and lose what
// the run has created. So nothing wrong leaves this process.

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "proto/tfplugin6.pb.h"
#include "provider/schema/table.h"
#include "provider/wire/value.h"

namespace fediversity::rpc {

enum class Unknowns : std::uint8_t { kAllowed, kRefused };

// Encodes an object of `table`, or null, for the host. Answers Internal, made for the user and with the attribute
// at fault attached, for a value that does not conform to the schema, an unknown where none may be, a write-only
// attribute that is not null, and a null element of a nested attribute. `answer` names what was about to be sent.
absl::Status EncodeAnswer(const wire::Value& object, const schema::Table& table, Unknowns unknowns,
                          std::string_view answer, tfplugin6::DynamicValue& out);

// As much of an object as can be sent: attributes at fault become null. For results that would be lost otherwise.
wire::Value WithoutFaults(wire::Value object, const schema::Table& table, Unknowns unknowns);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_ANSWER_CHECK_H_
