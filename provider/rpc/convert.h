#ifndef FEDIVERSITY_PROVIDER_RPC_CONVERT_H_
#define FEDIVERSITY_PROVIDER_RPC_CONVERT_H_

// Between the protocol's messages and the types of the layers below.

#include <google/protobuf/repeated_field.h>

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tfplugin6.pb.h"
#include "provider/schema/diagnostics.h"
#include "provider/wire/path.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"

namespace fediversity::rpc {

// Reads msgpack where there is some, else JSON, else null. `what` names the value in the error, an
// InvalidArgument whose message reads well as a diagnostic.
absl::StatusOr<wire::Value> FromProto(const tfplugin6::DynamicValue& value, const wire::Type& type,
                                      std::string_view what);

// Always msgpack.
absl::Status ToProto(const wire::Value& value, const wire::Type& type, tfplugin6::DynamicValue& out);

// Ends before the first element of a set, which the protocol cannot address.
tfplugin6::AttributePath ToProto(const wire::Path& path);

using ProtoDiagnostics = google::protobuf::RepeatedPtrField<tfplugin6::Diagnostic>;
// Appends. Bytes that are not UTF-8 are replaced, since they would fail the whole call.
void ToProto(const schema::Diagnostics& diagnostics, ProtoDiagnostics& out);
void ToProto(const absl::Status& error, ProtoDiagnostics& out);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_CONVERT_H_
