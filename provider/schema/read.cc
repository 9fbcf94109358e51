#include <utility>

#include "provider/base/unknown_setting.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"

namespace fediversity::schema {

ReadResponse ReadResource(AnyResource& resource, const ReadRequest& request, const CallContext& call) {
  ReadResponse response{.state = request.state, .private_bytes = request.private_bytes};
  response.identity = IdentityOf(resource.table(), request.state);
  auto private_state = DecodePrivate(request.private_bytes);
  if (!private_state.ok()) {
    response.diagnostics.AddStatus(private_state.status());
    return response;
  }
  Operation operation{.diagnostics = response.diagnostics,
                      .private_state = *private_state,
                      .cancel = call.cancel,
                      .deadline = DeadlineOf(resource, "read", request.state)};
  auto fresh = resource.Read(operation, request.state);
  if (absl::IsNotFound(fresh.status())) {
    response.state = wire::Value::Null();
    response.identity.reset();
    response.private_bytes.clear();
    return response;
  }
  if (IsUnknownSetting(fresh.status())) {
    // During a plan that also creates what the setting comes from, nothing better than the old state exists.
    if (IsFirstReport(fresh.status())) {
      response.diagnostics.AddStatus(fresh.status(), Diagnostic::Severity::kWarning);
    }
    return response;
  }
  if (!fresh.ok()) {
    response.diagnostics.AddStatus(fresh.status());
    return response;
  }
  // Of what reads as before nothing is spelled otherwise.
  if (*fresh != request.state) resource.KeepSpelling(request.state, *fresh);
  DropWriteOnly(resource.table(), *fresh);
  response.state = WithoutUnknowns(*std::move(fresh));
  response.identity = IdentityOf(resource.table(), response.state);
  response.private_bytes = EncodePrivate(*private_state);
  return response;
}

}  // namespace fediversity::schema
