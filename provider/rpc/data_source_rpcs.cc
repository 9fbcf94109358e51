// RPCs of data sources.

#include "provider/base/status_macros.h"
#include "provider/rpc/answer_check.h"
#include "provider/rpc/convert.h"
#include "provider/rpc/handle.h"
#include "provider/rpc/provider_service.h"
#include "provider/schema/engine.h"

namespace fediversity::rpc {

using wire::Value;

grpc::Status ProviderService::ValidateDataResourceConfig(
    grpc::ServerContext*, const tfplugin6::ValidateDataResourceConfig::Request* request,
    tfplugin6::ValidateDataResourceConfig::Response* response) {
  return Handle(
      logger_, {"ValidateDataResourceConfig", request->type_name()}, *response, [&]() -> absl::Status {
        ASSIGN_OR_RETURN(const schema::AnyDataSource* const source, FindDataSource(request->type_name()));
        ASSIGN_OR_RETURN(Value const config,
                         FromProto(request->config(), source->table().type, "the configuration"));
        ToProto(schema::ValidateConfig(*source, config), *response->mutable_diagnostics());
        return absl::OkStatus();
      });
}

grpc::Status ProviderService::ReadDataSource(grpc::ServerContext*,
                                             const tfplugin6::ReadDataSource::Request* request,
                                             tfplugin6::ReadDataSource::Response* response) {
  return Handle(logger_, {"ReadDataSource", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(schema::AnyDataSource* const source, FindDataSource(request->type_name()));
    const schema::Table& table = source->table();
    ASSIGN_OR_RETURN(Value const config, FromProto(request->config(), table.type, "the configuration"));
    auto const cancel = CurrentCancel();
    schema::DataResponse const read = schema::ReadDataSource(*source, config, {.cancel = *cancel});
    ToProto(read.diagnostics, *response->mutable_diagnostics());
    if (read.diagnostics.has_errors()) return absl::OkStatus();
    return EncodeAnswer(read.state, table, Unknowns::kRefused, "result", *response->mutable_state());
  });
}

}  // namespace fediversity::rpc
