#include "provider/schema/ephemeral_resource.h"

#include <utility>

#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"

namespace fediversity::schema {
namespace {

constexpr absl::Duration kOpenTimeout = absl::Minutes(20);
constexpr absl::Duration kRenewTimeout = absl::Minutes(5);
// No host waits longer.
constexpr absl::Duration kCloseTimeout = absl::Seconds(10);

Operation MakeOperation(Diagnostics& diagnostics, PrivateState& private_state, const CallContext& call,
                        absl::Duration timeout) {
  return {.diagnostics = diagnostics,
          .private_state = private_state,
          .cancel = call.cancel,
          .deadline = absl::Now() + timeout};
}

}  // namespace

void AnyEphemeralResource::Validate(const wire::Value&, Diagnostics&) const {}

absl::Status AnyEphemeralResource::Renew(Operation&) { return absl::OkStatus(); }

absl::Status AnyEphemeralResource::Close(Operation&) { return absl::OkStatus(); }

Diagnostics ValidateConfig(const AnyEphemeralResource& resource, const wire::Value& config) {
  Diagnostics diagnostics;
  ValidateTable(resource.table(), config, diagnostics);
  if (!diagnostics.has_errors()) resource.Validate(config, diagnostics);
  return diagnostics;
}

OpenResponse OpenEphemeral(AnyEphemeralResource& resource, const wire::Value& config,
                           const CallContext& call) {
  OpenResponse response;
  PrivateState private_state;
  Operation operation = MakeOperation(response.diagnostics, private_state, call, kOpenTimeout);
  operation.config = config;
  wire::Value filled = config;
  ApplyDefaults(resource.table(), wire::Value::Null(), config, filled);
  auto opened = WithoutExceptions([&] { return resource.Open(operation, filled); });
  if (!opened.ok()) {
    response.diagnostics.AddStatus(opened.status());
    return response;
  }
  if (!opened->is_wholly_known()) {
    response.diagnostics.AddError(
        Cat({resource.table().name, " was opened incompletely"}),
        "The ephemeral resource left an attribute unknown. That is a defect of this provider; please report it.");
    // The host closes only what it takes for open.
    response.diagnostics.AddStatus(WithoutExceptions([&] { return resource.Close(operation); }));
    return response;
  }
  response.result = *std::move(opened);
  response.renew_at = operation.renew_at;
  response.private_bytes = EncodePrivate(private_state);
  return response;
}

RenewResponse RenewEphemeral(AnyEphemeralResource& resource, std::string_view private_bytes,
                             const CallContext& call) {
  RenewResponse response{.private_bytes = std::string(private_bytes)};
  auto private_state = DecodePrivate(private_bytes);
  if (!private_state.ok()) {
    response.diagnostics.AddStatus(private_state.status());
    return response;
  }
  Operation operation = MakeOperation(response.diagnostics, *private_state, call, kRenewTimeout);
  response.diagnostics.AddStatus(WithoutExceptions([&] { return resource.Renew(operation); }));
  response.renew_at = operation.renew_at;
  response.private_bytes = EncodePrivate(*private_state);
  return response;
}

Diagnostics CloseEphemeral(AnyEphemeralResource& resource, std::string_view private_bytes,
                           const CallContext& call) {
  Diagnostics diagnostics;
  auto private_state = DecodePrivate(private_bytes);
  if (!private_state.ok()) {
    diagnostics.AddStatus(private_state.status());
    return diagnostics;
  }
  Operation operation = MakeOperation(diagnostics, *private_state, call, kCloseTimeout);
  diagnostics.AddStatus(WithoutExceptions([&] { return resource.Close(operation); }));
  return diagnostics;
}

}  // namespace fediversity::schema
