#include <algorithm>
#include <utility>

#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"

namespace fediversity::schema {
namespace {

using wire::Path;
using wire::Value;

// Lets the resource put prior spellings back. The host takes an attribute either as configured or as it was,
// nothing between, so an attribute of which only a part was respelled stays as planned.
void KeepPriorSpelling(const AnyResource& resource, const Value& prior, Value& planned) {
  Value respelled = planned;
  resource.KeepSpelling(prior, respelled);
  for (const Row& row : resource.table().rows) {
    const Value* candidate = respelled.Find(row.name);
    const Value* before = prior.Find(row.name);
    if (candidate != nullptr && before != nullptr && *candidate == *before) planned.Set(row.name, *before);
  }
}

// Replacement means nothing for what did not exist or did not change; the host wants each path once.
void TidyReplacements(const Value& prior, const Value& planned, std::vector<Path>& replace) {
  std::vector<Path> tidy;
  for (Path& path : replace) {
    const Value* before = path.Resolve(prior);
    const Value* after = path.Resolve(planned);
    bool const same = before != nullptr && after != nullptr && *before == *after;
    bool const absent = before == nullptr && after == nullptr;
    if (!same && !absent && std::ranges::find(tidy, path) == tidy.end()) tidy.push_back(std::move(path));
  }
  replace = std::move(tidy);
}

}  // namespace

PlanResponse PlanResource(AnyResource& resource, const PlanRequest& request, const CallContext& call) {
  PlanResponse response;
  response.planned_private = request.prior_private;
  if (request.proposed.is_null()) {  // destroy: the only valid answer is null
    response.identity = IdentityOf(resource.table(), request.prior);
    return response;
  }
  auto private_state = DecodePrivate(request.prior_private);
  if (!private_state.ok()) {
    response.diagnostics.AddStatus(private_state.status());
    return response;
  }

  const Table& table = resource.table();
  Value planned = request.proposed;
  ApplyDefaults(table, request.prior, request.config, planned);
  bool const creating = request.prior.is_null();
  if (!creating) KeepPriorSpelling(resource, request.prior, planned);
  if (creating || planned != request.prior) {
    MarkComputedUnknown(table, request.config, planned);
    KeepState(table, request.prior, request.config, planned);
  }

  Operation operation{.diagnostics = response.diagnostics, .private_state = *private_state, .cancel = call.cancel,
                      .config = request.config};
  absl::Status const hook =
      resource.Plan(operation, request.prior, request.config, planned, response.requires_replace);
  response.diagnostics.AddStatus(hook);
  DropWriteOnly(table, planned);

  if (creating) {
    response.requires_replace.clear();
  } else {
    CollectReplacements(table, request.prior, planned, response.requires_replace);
    TidyReplacements(request.prior, planned, response.requires_replace);
  }
  response.identity = IdentityOf(table, planned);
  response.planned = std::move(planned);
  response.planned_private = EncodePrivate(*private_state);
  return response;
}

}  // namespace fediversity::schema
