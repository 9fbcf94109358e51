// RPCs of the provider as a whole.

#include <exception>
#include <string>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/rpc/convert.h"
#include "provider/rpc/handle.h"
#include "provider/rpc/provider_service.h"
#include "provider/rpc/schema_proto.h"
#include "provider/schema/engine.h"

namespace fediversity::rpc {

grpc::Status ProviderService::GetMetadata(grpc::ServerContext*,
                                          const tfplugin6::GetProviderMetadata::Request*,
                                          tfplugin6::GetProviderMetadata::Response* response) {
  return Handle(logger_, {"GetMetadata"}, *response, [&] {
    *response = ListProvider(provider_);
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::GetProviderSchema(grpc::ServerContext*,
                                                const tfplugin6::GetProviderSchema::Request*,
                                                tfplugin6::GetProviderSchema::Response* response) {
  return Handle(logger_, {"GetProviderSchema"}, *response, [&] {
    std::call_once(schema_made_, [this] { schema_ = DescribeProvider(provider_); });
    *response = schema_;
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::GetResourceIdentitySchemas(
    grpc::ServerContext*, const tfplugin6::GetResourceIdentitySchemas::Request*,
    tfplugin6::GetResourceIdentitySchemas::Response* response) {
  return Handle(logger_, {"GetResourceIdentitySchemas"}, *response, [&] {
    *response = DescribeIdentities(provider_);
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::ValidateProviderConfig(
    grpc::ServerContext*, const tfplugin6::ValidateProviderConfig::Request* request,
    tfplugin6::ValidateProviderConfig::Response* response) {
  return Handle(logger_, {"ValidateProviderConfig"}, *response, [&]() -> absl::Status {
    const schema::Table& table = provider_.block->table();
    ASSIGN_OR_RETURN(wire::Value const config,
                     FromProto(request->config(), table.type, "the provider block"));
    schema::Diagnostics diagnostics;
    schema::ValidateTable(table, config, diagnostics);
    if (!diagnostics.has_errors() && !config.is_null()) provider_.block->Validate(config, diagnostics);
    ToProto(diagnostics, *response->mutable_diagnostics());
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::ConfigureProvider(grpc::ServerContext*,
                                                const tfplugin6::ConfigureProvider::Request* request,
                                                tfplugin6::ConfigureProvider::Response* response) {
  return Handle(logger_, {"ConfigureProvider"}, *response, [&]() -> absl::Status {
    logger_.Debug("configuring", {{"host_version", request->terraform_version()}});
    ForgetStop();
    const schema::Table& table = provider_.block->table();
    ASSIGN_OR_RETURN(wire::Value config, FromProto(request->config(), table.type, "the provider block"));
    if (config.is_null()) config = schema::NullObject(table);
    schema::Diagnostics diagnostics;
    provider_.block->Configure(config, diagnostics);
    ToProto(diagnostics, *response->mutable_diagnostics());
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::StopProvider(grpc::ServerContext*, const tfplugin6::StopProvider::Request*,
                                           tfplugin6::StopProvider::Response*) {
  logger_.Info("the host asks to stop; running operations come to an end");
  Stop();
  return grpc::Status::OK;
}

grpc::Status ProviderService::GetFunctions(grpc::ServerContext*, const tfplugin6::GetFunctions::Request*,
                                           tfplugin6::GetFunctions::Response*) {
  return grpc::Status::OK;
}

grpc::Status ProviderService::CallFunction(grpc::ServerContext*,
                                           const tfplugin6::CallFunction::Request* request,
                                           tfplugin6::CallFunction::Response* response) {
  // Functions report errors in a field of their own, never as diagnostics.
  response->mutable_error()->set_text(
      ValidUtf8(Cat({"This provider has no function ", request->name(), "."})));
  return grpc::Status::OK;
}

}  // namespace fediversity::rpc
