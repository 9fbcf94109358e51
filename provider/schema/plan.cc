#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"
#include "provider/schema/policy_steps.h"

namespace fediversity::schema {
namespace {

using wire::Path;
using wire::Value;

// The host follows attribute names, keys and indices. Where a path enters a set, it has to name the set.
Path Addressable(const Path& path) {
  Path addressable;
  for (const Path::Step& step : path.steps()) {
    if (const auto* attribute = std::get_if<Path::Attribute>(&step)) {
      addressable = addressable.Child(attribute->name);
    } else if (const auto* key = std::get_if<Path::Key>(&step)) {
      addressable = addressable.AtKey(key->key);
    } else if (const auto* index = std::get_if<Path::Index>(&step)) {
      addressable = addressable.AtIndex(index->index);
    } else {
      break;
    }
  }
  return addressable;
}

// Whether `path` names a write-only attribute, which is null before and after.
bool IsWriteOnly(const Table& table, const Path& path) {
  if (path.steps().size() != 1) return false;
  const auto* attribute = std::get_if<Path::Attribute>(&path.steps().front());
  const Row* row = attribute == nullptr ? nullptr : table.Find(attribute->name);
  return row != nullptr && row->write_only;
}

// Replacement means nothing for what did not exist or did not change; the host wants each path once.
void TidyReplacements(const Table& table, const Value& prior, const Value& planned,
                      std::vector<Path>& replace) {
  std::vector<Path> tidy;
  for (const Path& asked : replace) {
    Path path = Addressable(asked);
    const Value* before = path.Resolve(prior);
    const Value* after = path.Resolve(planned);
    bool const absent = before == nullptr && after == nullptr;
    bool const same = before != nullptr && after != nullptr && *before == *after && !IsWriteOnly(table, path);
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
  const Table& table = resource.table();
  bool const creating = request.prior.is_null();
  // In a replacement the host hands over what belongs to the object that goes.
  auto private_state = DecodePrivate(creating ? std::string_view() : request.prior_private);
  if (!private_state.ok()) {
    response.diagnostics.AddStatus(private_state.status());
    return response;
  }

  Value planned = request.proposed;
  Value config = request.config;
  if (!PlanAgainstPolicy(resource, request.prior, config, planned, *private_state, call,
                         response.diagnostics)) {
    return response;
  }
  ApplyDefaults(table, request.prior, config, planned);
  if (!creating && planned != request.prior) {
    Value respelled = planned;
    resource.KeepSpelling(request.prior, respelled);
    TakePriorSpelling(table, request.prior, config, respelled, planned);
    ForgetOtherSpelling(request.prior, planned);
  }
  if (creating || planned != request.prior) {
    MarkComputedUnknown(table, config, planned);
    KeepState(table, request.prior, config, planned);
  }

  Operation operation{.diagnostics = response.diagnostics,
                      .private_state = *private_state,
                      .cancel = call.cancel,
                      .config = config};
  absl::Status const hook =
      resource.Plan(operation, request.prior, config, planned, response.requires_replace);
  response.diagnostics.AddStatus(hook);
  DropWriteOnly(table, planned);

  if (creating) {
    response.requires_replace.clear();
  } else {
    CollectReplacements(table, request.prior, planned, response.requires_replace);
    TidyReplacements(table, request.prior, planned, response.requires_replace);
  }
  response.identity = IdentityOf(table, planned);
  response.planned = std::move(planned);
  response.planned_private = EncodePrivate(*private_state);
  return response;
}

}  // namespace fediversity::schema
