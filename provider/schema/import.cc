#include <utility>

#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"

namespace fediversity::schema {
namespace {

absl::StatusOr<wire::Value> FromIdentity(const Table& table, const wire::Value& identity) {
  wire::Value state = NullObject(table);
  for (const std::string& name : table.identity) {
    const wire::Value* part = identity.kind() == wire::Value::Kind::kMap ? identity.Find(name) : nullptr;
    if (part == nullptr || part->is_null() || part->is_unknown()) {
      return absl::InvalidArgumentError(
          Cat({"Identity is incomplete\nThe identity of ", table.name, " needs ", Join(table.identity, ", "),
               "; `", name, "` is missing."}));
    }
    state.Set(name, *part);
  }
  return state;
}

}  // namespace

ImportResponse ImportResource(AnyResource& resource, const ImportRequest& request, const CallContext& call) {
  ImportResponse response;
  absl::StatusOr<wire::Value> state = request.identity.has_value() && !request.identity->is_null()
                                          ? FromIdentity(resource.table(), *request.identity)
                                          : resource.ParseImportId(request.id);
  if (!state.ok()) {
    response.diagnostics.AddStatus(state.status());
    return response;
  }
  CheckRules(resource.table(), *state, response.diagnostics);
  if (response.diagnostics.has_errors()) return response;
  PrivateState private_state;
  Operation operation{.diagnostics = response.diagnostics,
                      .private_state = private_state,
                      .cancel = call.cancel,
                      .deadline = DeadlineOf(resource, "read", *state)};
  absl::Status const completed = resource.Import(operation, *state);
  response.diagnostics.AddStatus(completed);
  if (!completed.ok()) return response;
  response.identity = IdentityOf(resource.table(), *state);
  response.state = *std::move(state);
  response.private_bytes = EncodePrivate(private_state);
  return response;
}

}  // namespace fediversity::schema
