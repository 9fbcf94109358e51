#ifndef FEDIVERSITY_PROVIDER_RPC_IDENTITY_H_
#define FEDIVERSITY_PROVIDER_RPC_IDENTITY_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tfplugin6.pb.h"
#include "provider/schema/table.h"
#include "provider/wire/value.h"

namespace fediversity::rpc {

// Encodes the identity of an object of `table`. Answers Internal, made for the user, for one that the schema does
// not allow: hosts take nothing but a wholly known one.
absl::Status EncodeIdentity(const wire::Value& identity, const schema::Table& table,
                            tfplugin6::ResourceIdentityData& out);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_IDENTITY_H_
