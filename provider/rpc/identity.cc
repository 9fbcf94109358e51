#include "provider/rpc/identity.h"

#include "provider/base/text.h"
#include "provider/rpc/convert.h"

namespace fediversity::rpc {

absl::Status EncodeIdentity(const wire::Value& identity, const schema::Table& table,
                            tfplugin6::ResourceIdentityData& out) {
  absl::Status const encoded = ToProto(identity, table.IdentityType(), *out.mutable_identity_data());
  if (encoded.ok() && identity.is_wholly_known()) return absl::OkStatus();
  out.Clear();
  return absl::InternalError(
      ToAbsl(Cat({"The provider made an invalid identity of ", table.name, "\n",
                  encoded.ok() ? std::string_view("A part of it is unknown") : ToStd(encoded.message()),
                  ". This is a defect of the provider; please report it."})));
}

}  // namespace fediversity::rpc
