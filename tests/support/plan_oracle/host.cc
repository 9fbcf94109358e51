#include "tests/support/plan_oracle/host.h"

#include <algorithm>
#include <utility>

#include "provider/base/text.h"
#include "provider/wire/json.h"
#include "provider/wire/msgpack.h"
#include "tests/support/plan_oracle/shown.h"

namespace fediversity::oracle {

using schema::Diagnostic;
using wire::Value;

std::string_view ToString(Host::Action action) {
  switch (action) {
    case Host::Action::kNoOp: return "no-op";
    case Host::Action::kCreate: return "create";
    case Host::Action::kUpdate: return "update";
    case Host::Action::kReplace: return "replace";
    case Host::Action::kDelete: return "delete";
  }
  return "";
}

void Host::Note(std::string_view what, const Faults& faults) {
  for (const std::string& fault : faults) faults_.push_back(Cat({what, ": ", fault}));
}

bool Host::Take(const schema::Diagnostics& diagnostics) {
  diagnostics_ = diagnostics.list();
  for (const Diagnostic& diagnostic : diagnostics_) {
    if (diagnostic.summary.empty()) Note("diagnostics", {"one has no summary"});
    if (ValidUtf8(diagnostic.summary) != diagnostic.summary ||
        ValidUtf8(diagnostic.detail) != diagnostic.detail) {
      Note("diagnostics", {"one is not UTF-8"});
    }
  }
  return !diagnostics.has_errors();
}

std::string Host::Errors() const {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics_) {
    if (diagnostic.severity != Diagnostic::Severity::kError) continue;
    text += Cat({diagnostic.summary, " [", diagnostic.path.ToString(), "]: ", diagnostic.detail, "\n"});
  }
  return text;
}

Value Host::Sent(const Value& value, std::string_view what) {
  auto const bytes = wire::EncodeMsgpack(value, table().type);
  if (!bytes.ok()) {
    Note(what, {Cat({"cannot be sent: ", ToStd(bytes.status().message())})});
    return Value::Null();
  }
  auto const arrived = wire::DecodeMsgpack(*bytes, table().type);
  if (!arrived.ok()) {
    Note(what, {Cat({"cannot be received: ", ToStd(arrived.status().message())})});
    return Value::Null();
  }
  if (!(*arrived == value)) Note(what, {Cat({Shown(value), " arrives as ", Shown(*arrived)})});
  return *arrived;
}

void Host::CheckIdentity(std::string_view what, const std::optional<Value>& identity, const Value& object) {
  if (!identity.has_value()) return;
  if (!table().is_identified()) return Note(what, {"an identity is answered, but the type has none"});
  if (!identity->is_wholly_known()) return Note(what, {"the identity is not wholly known"});
  auto const bytes = wire::EncodeMsgpack(*identity, table().IdentityType());
  if (!bytes.ok()) return Note(what, {"the identity is not of its type"});
  if (object.is_null()) return;
  for (const auto& [name, part] : identity->entries()) {
    const Value* held = object.Find(name);
    if (held == nullptr || !(*held == part)) Note(what, {Cat({name, ": identity and object differ"})});
  }
}

bool Host::Refresh() {
  if (!exists()) return true;
  auto const json = wire::EncodeJson(state_, table().type);
  if (!json.ok()) {
    Note("state", {Cat({"cannot be stored: ", ToStd(json.status().message())})});
    return false;
  }
  schema::StateResponse const stored = schema::UpgradeState(resource_, table().version, *json);
  if (!Take(stored.diagnostics)) return false;
  if (!(stored.state == state_)) Note("upgrade", {"a state of the current version changed"});
  schema::ReadResponse const read =
      schema::ReadResource(resource_, {Sent(stored.state, "upgrade"), private_bytes_}, call());
  if (!Take(read.diagnostics)) return false;
  Value state = Sent(read.state, "read");
  if (!state.is_wholly_known()) Note("read", {"an unknown value in the state"});
  Note("read", AssertWriteOnlyNull(table(), state));
  CheckIdentity("read", read.identity, state);
  state_ = std::move(state);
  private_bytes_ = read.private_bytes;
  if (!exists()) tainted_ = false;
  return true;
}

std::optional<schema::PlanResponse> Host::PlanOnce(const Value& prior, const Value& config,
                                                   const std::string& prior_private) {
  if (!Take(schema::ValidateConfig(resource_, Sent(config, "config"), call()))) return std::nullopt;
  Value const proposed = ProposedNew(table(), prior, config);
  schema::PlanRequest const request{.prior = Sent(prior, "prior"),
                                    .proposed = Sent(proposed, "proposed"),
                                    .config = Sent(config, "config"),
                                    .prior_private = prior_private};
  schema::PlanResponse response = schema::PlanResource(resource_, request, call());
  if (!Take(response.diagnostics)) return std::nullopt;
  response.planned = Sent(response.planned, "plan");
  Note("plan", AssertPlanValid(table(), prior, config, response.planned));
  Note("plan", AssertWriteOnlyNull(table(), response.planned));
  Note("plan", AssertReplacements(prior, response.planned, response.requires_replace));
  CheckIdentity("plan", response.identity, response.planned);

  schema::PlanResponse const again = schema::PlanResource(resource_, request, call());
  if (!(again.planned == response.planned)) Note("plan", {"the same request gave another plan"});
  return response;
}

std::optional<Host::Plan> Host::MakePlan(const Value& config) {
  Value const prior = tainted_ ? Value::Null() : state_;
  auto const response = PlanOnce(prior, config, tainted_ ? "" : private_bytes_);
  if (!response.has_value()) return std::nullopt;
  Plan plan{.config = config,
            .before = state_,
            .after = response->planned,
            .replace = response->requires_replace,
            .private_bytes = response->planned_private};
  if (!exists()) {
    plan.action = Action::kCreate;
  } else if (tainted_) {
    plan.action = Action::kReplace;
  } else if (plan.after == prior) {
    plan.action = Action::kNoOp;
    if (!plan.replace.empty()) Note("plan", {"replacement is asked for where nothing changes"});
  } else if (plan.replace.empty()) {
    plan.action = Action::kUpdate;
  } else {
    plan.action = Action::kReplace;
    auto const created = PlanOnce(Value::Null(), config, plan.private_bytes);
    if (!created.has_value()) return std::nullopt;
    plan.after = created->planned;
    plan.private_bytes = created->planned_private;
  }
  return plan;
}

bool Host::ApplyOnce(const Value& prior, const Value& planned, const Value& config,
                     const std::string& planned_private) {
  schema::ApplyResponse const response = schema::ApplyResource(resource_,
                                                               {.prior = Sent(prior, "prior"),
                                                                .planned = Sent(planned, "plan"),
                                                                .config = Sent(config, "config"),
                                                                .planned_private = planned_private},
                                                               call());
  bool const ok = Take(response.diagnostics);
  Value result = Sent(response.state, "apply");
  if (!result.is_wholly_known()) Note("apply", {"an unknown value is left"});
  Note("apply", AssertWriteOnlyNull(table(), result));
  CheckIdentity("apply", response.identity, result);
  if (ok) Note("apply", AssertObjectCompatible(table(), planned, result));
  if (!ok && result.is_null()) return false;  // the host keeps what it had
  tainted_ = !ok && (prior.is_null() || tainted_);
  state_ = std::move(result);
  private_bytes_ = exists() ? response.private_bytes : "";
  return ok;
}

bool Host::Apply(const Plan& plan, const Value& config) {
  if (plan.action == Action::kNoOp) return true;
  if (plan.action == Action::kDelete) return Destroy();
  Value prior = state_;
  if (plan.action == Action::kReplace) {
    if (!Destroy()) return false;
    prior = Value::Null();
  }
  auto const final_plan = PlanOnce(prior, config, private_bytes_);
  if (!final_plan.has_value()) return false;
  Note("final plan", AssertObjectCompatible(table(), plan.after, final_plan->planned));
  if (!prior.is_null()) {
    if (!final_plan->requires_replace.empty()) Note("final plan", {"an update became a replacement"});
    if (final_plan->planned == prior) return true;
  }
  return ApplyOnce(prior, final_plan->planned, config, final_plan->planned_private);
}

bool Host::Destroy() {
  if (!exists()) return true;
  schema::PlanResponse const plan = schema::PlanResource(resource_,
                                                         {.prior = Sent(state_, "prior"),
                                                          .proposed = Value::Null(),
                                                          .config = Value::Null(),
                                                          .prior_private = private_bytes_},
                                                         call());
  if (!Take(plan.diagnostics)) return false;
  Note("destroy plan", AssertPlanValid(table(), state_, Value::Null(), plan.planned));
  bool const deleted = ApplyOnce(state_, Value::Null(), Value::Null(), plan.planned_private);
  if (deleted && exists()) Note("destroy", {"an object is left"});
  return deleted;
}

bool Host::Import(const schema::ImportRequest& request) {
  schema::ImportResponse const imported = schema::ImportResource(resource_, request, call());
  if (!Take(imported.diagnostics)) return false;
  CheckIdentity("import", imported.identity, imported.state);
  Value const partial = Sent(imported.state, "import");
  Note("import", AssertWriteOnlyNull(table(), partial));
  schema::ReadResponse const read =
      schema::ReadResource(resource_, {partial, imported.private_bytes}, call());
  if (!Take(read.diagnostics)) return false;
  state_ = Sent(read.state, "read");
  private_bytes_ = read.private_bytes;
  tainted_ = false;
  if (!exists()) Note("import", {"the object does not exist"});
  return exists();
}

}  // namespace fediversity::oracle
