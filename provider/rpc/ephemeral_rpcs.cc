// RPCs of ephemeral resources.

#include <cstdint>

#include "absl/time/time.h"
#include "provider/base/status_macros.h"
#include "provider/rpc/answer_check.h"
#include "provider/rpc/convert.h"
#include "provider/rpc/handle.h"
#include "provider/rpc/provider_service.h"
#include "provider/schema/engine.h"

namespace fediversity::rpc {
namespace {

using wire::Value;

// Nothing is set where nothing has to be renewed.
template <typename Response>
void SetRenewAt(absl::Time time, Response& response) {
  if (time == absl::InfiniteFuture()) return;
  std::int64_t const seconds = absl::ToUnixSeconds(time);
  response.mutable_renew_at()->set_seconds(seconds);
  response.mutable_renew_at()->set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace

grpc::Status ProviderService::ValidateEphemeralResourceConfig(
    grpc::ServerContext*, const tfplugin6::ValidateEphemeralResourceConfig::Request* request,
    tfplugin6::ValidateEphemeralResourceConfig::Response* response) {
  return Handle(logger_, {"ValidateEphemeralResourceConfig", request->type_name()}, *response,
                [&]() -> absl::Status {
                  ASSIGN_OR_RETURN(const schema::AnyEphemeralResource* const resource,
                                   FindEphemeralResource(request->type_name()));
                  ASSIGN_OR_RETURN(Value const config,
                                   FromProto(request->config(), resource->table().type, "the configuration"));
                  ToProto(schema::ValidateConfig(*resource, config), *response->mutable_diagnostics());
                  return absl::OkStatus();
                });
}

grpc::Status ProviderService::OpenEphemeralResource(grpc::ServerContext*,
                                                    const tfplugin6::OpenEphemeralResource::Request* request,
                                                    tfplugin6::OpenEphemeralResource::Response* response) {
  return Handle(logger_, {"OpenEphemeralResource", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(schema::AnyEphemeralResource* const resource,
                     FindEphemeralResource(request->type_name()));
    const schema::Table& table = resource->table();
    ASSIGN_OR_RETURN(Value const config, FromProto(request->config(), table.type, "the configuration"));
    auto const cancel = CurrentCancel();
    schema::OpenResponse const opened = schema::OpenEphemeral(*resource, config, {.cancel = *cancel});
    ToProto(opened.diagnostics, *response->mutable_diagnostics());
    if (opened.diagnostics.has_errors()) return absl::OkStatus();
    SetRenewAt(opened.renew_at, *response);
    response->set_private_(opened.private_bytes);
    return EncodeAnswer(opened.result, table, Unknowns::kRefused, "result", *response->mutable_result());
  });
}

grpc::Status ProviderService::RenewEphemeralResource(
    grpc::ServerContext*, const tfplugin6::RenewEphemeralResource::Request* request,
    tfplugin6::RenewEphemeralResource::Response* response) {
  return Handle(logger_, {"RenewEphemeralResource", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(schema::AnyEphemeralResource* const resource,
                     FindEphemeralResource(request->type_name()));
    auto const cancel = CurrentCancel();
    schema::RenewResponse const renewed =
        schema::RenewEphemeral(*resource, request->private_(), {.cancel = *cancel});
    ToProto(renewed.diagnostics, *response->mutable_diagnostics());
    SetRenewAt(renewed.renew_at, *response);
    response->set_private_(renewed.private_bytes);
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::CloseEphemeralResource(
    grpc::ServerContext*, const tfplugin6::CloseEphemeralResource::Request* request,
    tfplugin6::CloseEphemeralResource::Response* response) {
  return Handle(logger_, {"CloseEphemeralResource", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(schema::AnyEphemeralResource* const resource,
                     FindEphemeralResource(request->type_name()));
    // What was opened is given back even when the run was interrupted.
    CancelToken const never;
    ToProto(schema::CloseEphemeral(*resource, request->private_(), {.cancel = never}),
            *response->mutable_diagnostics());
    return absl::OkStatus();
  });
}

}  // namespace fediversity::rpc
