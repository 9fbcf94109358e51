// RPCs in the life of a managed resource.

#include <optional>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/rpc/answer_check.h"
#include "provider/rpc/convert.h"
#include "provider/rpc/handle.h"
#include "provider/rpc/identity.h"
#include "provider/rpc/provider_service.h"
#include "provider/schema/engine.h"

namespace fediversity::rpc {

using wire::Value;

grpc::Status ProviderService::ValidateResourceConfig(
    grpc::ServerContext*, const tfplugin6::ValidateResourceConfig::Request* request,
    tfplugin6::ValidateResourceConfig::Response* response) {
  return Handle(logger_, {"ValidateResourceConfig", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const schema::AnyResource* const resource, FindResource(request->type_name()));
    ASSIGN_OR_RETURN(Value const config,
                     FromProto(request->config(), resource->table().type, "the configuration"));
    auto const cancel = CurrentCancel();
    schema::CallContext const call{
        .cancel = *cancel,
        .write_only_allowed = request->client_capabilities().write_only_attributes_allowed(),
        .policy = provider_.policy.get()};
    ToProto(schema::ValidateConfig(*resource, config, call), *response->mutable_diagnostics());
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::ReadResource(grpc::ServerContext*,
                                           const tfplugin6::ReadResource::Request* request,
                                           tfplugin6::ReadResource::Response* response) {
  return Handle(logger_, {"ReadResource", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(schema::AnyResource* const resource, FindResource(request->type_name()));
    const schema::Table& table = resource->table();
    ASSIGN_OR_RETURN(Value state, FromProto(request->current_state(), table.type, "the state"));
    auto const cancel = CurrentCancel();
    schema::ReadResponse const read = schema::ReadResource(
        *resource, {.state = std::move(state), .private_bytes = request->private_()}, {.cancel = *cancel});
    ToProto(read.diagnostics, *response->mutable_diagnostics());
    RETURN_IF_ERROR(
        EncodeAnswer(read.state, table, Unknowns::kRefused, "new state", *response->mutable_new_state()));
    response->set_private_(read.private_bytes);
    if (read.identity)
      RETURN_IF_ERROR(EncodeIdentity(*read.identity, table, *response->mutable_new_identity()));
    return absl::OkStatus();
  });
}

grpc::Status ProviderService::PlanResourceChange(grpc::ServerContext*,
                                                 const tfplugin6::PlanResourceChange::Request* request,
                                                 tfplugin6::PlanResourceChange::Response* response) {
  return Handle(logger_, {"PlanResourceChange", request->type_name()}, *response, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(schema::AnyResource* const resource, FindResource(request->type_name()));
    const schema::Table& table = resource->table();
    schema::PlanRequest plan;
    ASSIGN_OR_RETURN(plan.prior, FromProto(request->prior_state(), table.type, "the prior state"));
    ASSIGN_OR_RETURN(plan.proposed,
                     FromProto(request->proposed_new_state(), table.type, "the proposed state"));
    ASSIGN_OR_RETURN(plan.config, FromProto(request->config(), table.type, "the configuration"));
    plan.prior_private = request->prior_private();
    auto const cancel = CurrentCancel();
    schema::PlanResponse const planned =
        schema::PlanResource(*resource, plan, {.cancel = *cancel, .policy = provider_.policy.get()});
    ToProto(planned.diagnostics, *response->mutable_diagnostics());
    RETURN_IF_ERROR(
        EncodeAnswer(planned.planned, table, Unknowns::kAllowed, "plan", *response->mutable_planned_state()));
    for (const wire::Path& path : planned.requires_replace) *response->add_requires_replace() = ToProto(path);
    response->set_planned_private(planned.planned_private);
    if (planned.identity) {
      RETURN_IF_ERROR(EncodeIdentity(*planned.identity, table, *response->mutable_planned_identity()));
    }
    return absl::OkStatus();
  });
}

namespace {

// The state that holds where a call did not get as far as to say anything better.
void KeepPriorState(const tfplugin6::ApplyResourceChange::Request& request,
                    tfplugin6::ApplyResourceChange::Response& response) {
  *response.mutable_new_state() = request.prior_state();
  response.set_private_(request.planned_private());
  if (request.has_planned_identity()) *response.mutable_new_identity() = request.planned_identity();
}

// Whatever is wrong with an answer, the object exists: as much of it as possible goes into state.
absl::Status AnswerApply(const schema::ApplyResponse& applied, const schema::Table& table,
                         tfplugin6::ApplyResourceChange::Response& response) {
  response.set_private_(applied.private_bytes);
  response.clear_new_identity();
  absl::Status fault =
      EncodeAnswer(applied.state, table, Unknowns::kRefused, "new state", *response.mutable_new_state());
  if (!fault.ok()) {
    Value const mended = WithoutFaults(applied.state, table, Unknowns::kRefused);
    RETURN_IF_ERROR(
        EncodeAnswer(mended, table, Unknowns::kRefused, "new state", *response.mutable_new_state()));
  }
  if (applied.identity)
    RETURN_IF_ERROR(EncodeIdentity(*applied.identity, table, *response.mutable_new_identity()));
  return fault;
}

}  // namespace

grpc::Status ProviderService::ApplyResourceChange(grpc::ServerContext*,
                                                  const tfplugin6::ApplyResourceChange::Request* request,
                                                  tfplugin6::ApplyResourceChange::Response* response) {
  return Handle(logger_, {"ApplyResourceChange", request->type_name()}, *response, [&]() -> absl::Status {
    KeepPriorState(*request, *response);
    ASSIGN_OR_RETURN(schema::AnyResource* const resource, FindResource(request->type_name()));
    const schema::Table& table = resource->table();
    schema::ApplyRequest apply;
    ASSIGN_OR_RETURN(apply.prior, FromProto(request->prior_state(), table.type, "the prior state"));
    ASSIGN_OR_RETURN(apply.planned, FromProto(request->planned_state(), table.type, "the planned state"));
    ASSIGN_OR_RETURN(apply.config, FromProto(request->config(), table.type, "the configuration"));
    apply.planned_private = request->planned_private();
    auto const cancel = CurrentCancel();
    schema::ApplyResponse const applied = schema::ApplyResource(*resource, apply, {.cancel = *cancel});
    ToProto(applied.diagnostics, *response->mutable_diagnostics());
    return AnswerApply(applied, table, *response);
  });
}

}  // namespace fediversity::rpc
