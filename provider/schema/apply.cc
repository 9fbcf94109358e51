#include <string_view>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"

namespace fediversity::schema {
namespace {

using wire::Path;
using wire::Value;

// Names each attribute in which the object differs from what was planned: a promise to the user was broken,
// and the host would only call it a bug.
void ReportDifferences(const AnyResource& resource, const Value& planned, const Value& state,
                       Diagnostics& diagnostics) {
  for (const Row& row : resource.table().rows) {
    const Value* wanted = planned.Find(row.name);
    const Value* held = state.Find(row.name);
    if (wanted == nullptr || held == nullptr || !wanted->is_wholly_known() || *wanted == *held) continue;
    diagnostics.AddError(
        Cat({"`", row.name, "` is not as planned"}),
        Cat({"The service accepted the change, but `", row.name,
             "` reads back differently from the plan. State holds what the service has now. Something else may have "
             "changed it at the same moment, or the service stores the value in another form: run plan again to see "
             "the difference."}),
        Path(row.name));
  }
}

// A result with unknown attributes is read back, since the object exists but is not wholly described yet.
absl::StatusOr<Value> Complete(AnyResource& resource, Operation& operation, absl::StatusOr<Value> made) {
  if (!made.ok() || made->is_wholly_known()) return made;
  if (operation.checkpoint) operation.checkpoint(*made);
  Value const partial = WithoutUnknowns(*made);
  auto read = resource.Read(operation, partial);
  if (absl::IsNotFound(read.status())) {
    return absl::DataLossError(Cat({"The object was written, but cannot be found any more\n", ToStd(read.status().message())}));
  }
  return read;
}

void Destroy(AnyResource& resource, const ApplyRequest& request, Operation& operation, ApplyResponse& response) {
  operation.deadline = DeadlineOf(resource, "delete", request.prior);
  absl::Status const deleted = resource.Delete(operation, request.prior);
  if (deleted.ok() || absl::IsNotFound(deleted)) {
    response.state = Value::Null();
    response.identity.reset();
    response.private_bytes.clear();
    return;
  }
  response.diagnostics.AddStatus(deleted);
}

}  // namespace

ApplyResponse ApplyResource(AnyResource& resource, const ApplyRequest& request, const CallContext& call) {
  const Table& table = resource.table();
  ApplyResponse response{.state = request.prior, .private_bytes = request.planned_private};
  response.identity = IdentityOf(table, request.prior);
  auto private_state = DecodePrivate(request.planned_private);
  if (!private_state.ok()) {
    response.diagnostics.AddStatus(private_state.status());
    return response;
  }
  Operation operation{.diagnostics = response.diagnostics, .private_state = *private_state, .cancel = call.cancel,
                      .config = request.config};
  if (request.planned.is_null()) {
    Destroy(resource, request, operation, response);
    return response;
  }

  operation.checkpoint = [&response, &table](Value partial) {
    DropWriteOnly(table, partial);
    response.state = WithoutUnknowns(partial);
  };
  bool const creating = request.prior.is_null();
  operation.deadline = DeadlineOf(resource, creating ? "create" : "update", request.planned);
  auto made = Complete(resource, operation,
                       creating ? resource.Create(operation, request.planned)
                                : resource.Update(operation, request.prior, request.planned));
  if (made.ok()) {
    resource.KeepSpelling(request.planned, *made);
    DropWriteOnly(table, *made);
    response.state = WithoutUnknowns(*made);
    if (!response.diagnostics.has_errors()) {
      ReportDifferences(resource, request.planned, response.state, response.diagnostics);
    }
  } else {
    if (!response.state.is_null()) resource.KeepSpelling(request.planned, response.state);
    response.diagnostics.AddStatus(made.status());
  }
  response.identity = IdentityOf(table, response.state);
  response.private_bytes = response.state.is_null() ? "" : EncodePrivate(*private_state);
  return response;
}

}  // namespace fediversity::schema
