#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"

namespace fediversity::schema {
namespace {

constexpr absl::Duration kReadTimeout = absl::Minutes(20);

}  // namespace

Diagnostics ValidateConfig(const AnyDataSource& source, const wire::Value& config) {
  Diagnostics diagnostics;
  ValidateTable(source.table(), config, diagnostics);
  if (!diagnostics.has_errors()) source.Validate(config, diagnostics);
  return diagnostics;
}

DataResponse ReadDataSource(AnyDataSource& source, const wire::Value& config, const CallContext& call) {
  DataResponse response;
  PrivateState unused;
  Operation operation{.diagnostics = response.diagnostics,
                      .private_state = unused,
                      .cancel = call.cancel,
                      .deadline = DeadlineOf(kReadTimeout, "read", config),
                      .config = config};
  wire::Value filled = config;
  ApplyDefaults(source.table(), wire::Value::Null(), config, filled);
  auto state = source.Read(operation, filled);
  if (!state.ok()) {
    response.diagnostics.AddStatus(state.status());
    return response;
  }
  if (!state->is_wholly_known()) {
    response.diagnostics.AddError(
        Cat({source.table().name, " was read incompletely"}),
        "The data source left an attribute unknown. That is a defect of this provider; please report it.");
    return response;
  }
  response.state = *std::move(state);
  return response;
}

}  // namespace fediversity::schema
