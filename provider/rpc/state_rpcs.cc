// RPCs by which objects enter the state, or stay in it, without being created.

#include <string_view>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/rpc/answer_check.h"
#include "provider/rpc/convert.h"
#include "provider/rpc/handle.h"
#include "provider/rpc/identity.h"
#include "provider/rpc/provider_service.h"
#include "provider/schema/engine.h"
#include "provider/wire/json.h"

namespace fediversity::rpc {
namespace {

using wire::Value;

// Hosts before 0.12 stored states as flat maps.
absl::StatusOr<std::string_view> StoredJson(const tfplugin6::RawState& state, std::string_view type_name) {
  if (!state.json().empty()) return std::string_view(state.json());
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"The stored state of ", type_name, " cannot be read\nIt is ",
                  state.flatmap().empty() ? "empty" : "in the form of Terraform before 0.12",
                  ". Remove the object from the state and import it again."})));
}

}  // namespace

grpc::Status ProviderService::ImportResourceState(grpc::ServerContext*,
                                                  const tfplugin6::ImportResourceState::Request* request,
                                                  tfplugin6::ImportResourceState::Response* response) {
  return Handle(logger_, {"ImportResourceState", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(schema::AnyResource* const resource, FindResource(request->type_name()));
    const schema::Table& table = resource->table();
    schema::ImportRequest import{.id = request->id(), .identity = {}};
    if (request->has_identity() && table.is_identified()) {
      ASSIGN_OR_RETURN(import.identity,
                       FromProto(request->identity().identity_data(), table.IdentityType(), "the identity"));
    }
    auto const cancel = CurrentCancel();
    schema::ImportResponse const imported = schema::ImportResource(*resource, import, {.cancel = *cancel});
    ToProto(imported.diagnostics, *response->mutable_diagnostics());
    if (imported.diagnostics.has_errors()) return absl::OkStatus();
    tfplugin6::ImportResourceState::ImportedResource object;
    object.set_type_name(table.name);
    object.set_private_(imported.private_bytes);
    RETURN_IF_ERROR(
        EncodeAnswer(imported.state, table, Unknowns::kRefused, "import", *object.mutable_state()));
    if (imported.identity)
      RETURN_IF_ERROR(EncodeIdentity(*imported.identity, table, *object.mutable_identity()));
    *response->add_imported_resources() = std::move(object);
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::UpgradeResourceState(grpc::ServerContext*,
                                                   const tfplugin6::UpgradeResourceState::Request* request,
                                                   tfplugin6::UpgradeResourceState::Response* response) {
  return Handle(logger_, {"UpgradeResourceState", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const schema::AnyResource* const resource, FindResource(request->type_name()));
    ASSIGN_OR_RETURN(std::string_view const json, StoredJson(request->raw_state(), request->type_name()));
    schema::StateResponse const upgraded = schema::UpgradeState(*resource, request->version(), json);
    ToProto(upgraded.diagnostics, *response->mutable_diagnostics());
    if (upgraded.diagnostics.has_errors()) return absl::OkStatus();
    return EncodeAnswer(upgraded.state, resource->table(), Unknowns::kRefused, "upgraded state",
                        *response->mutable_upgraded_state());
  });
}

grpc::Status ProviderService::UpgradeResourceIdentity(
    grpc::ServerContext*, const tfplugin6::UpgradeResourceIdentity::Request* request,
    tfplugin6::UpgradeResourceIdentity::Response* response) {
  return Handle(logger_, {"UpgradeResourceIdentity", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const schema::AnyResource* const resource, FindResource(request->type_name()));
    const schema::Table& table = resource->table();
    ASSIGN_OR_RETURN(std::string_view const json, StoredJson(request->raw_identity(), request->type_name()));
    absl::StatusOr<Value> const identity = wire::DecodeJson(json, table.IdentityType());
    if (!identity.ok()) {
      return absl::InvalidArgumentError(
          ToAbsl(Cat({"The stored identity of ", table.name, " does not fit this version of the provider\n",
                      ToStd(identity.status().message()), "."})));
    }
    return EncodeIdentity(*identity, table, *response->mutable_upgraded_identity());
  });
}

grpc::Status ProviderService::MoveResourceState(grpc::ServerContext*,
                                                const tfplugin6::MoveResourceState::Request* request,
                                                tfplugin6::MoveResourceState::Response* response) {
  return Handle(
      logger_, {"MoveResourceState", request->target_type_name()}, *response, [&]() -> absl::Status {
        ASSIGN_OR_RETURN(const schema::AnyResource* const resource,
                         FindResource(request->target_type_name()));
        const schema::Table& table = resource->table();
        ASSIGN_OR_RETURN(std::string_view const json,
                         StoredJson(request->source_state(), request->source_type_name()));
        schema::StateResponse const moved =
            schema::MoveState(*resource,
                              {.provider_address = request->source_provider_address(),
                               .type_name = request->source_type_name(),
                               .schema_version = request->source_schema_version(),
                               .state = {}},
                              json);
        ToProto(moved.diagnostics, *response->mutable_diagnostics());
        if (moved.diagnostics.has_errors()) return absl::OkStatus();
        RETURN_IF_ERROR(EncodeAnswer(moved.state, table, Unknowns::kRefused, "moved state",
                                     *response->mutable_target_state()));
        response->set_target_private(moved.private_bytes);
        if (moved.identity)
          RETURN_IF_ERROR(EncodeIdentity(*moved.identity, table, *response->mutable_target_identity()));
        return absl::OkStatus();
      });
}

}  // namespace fediversity::rpc
