#include "tests/support/plan_oracle/property.h"

#include <utility>
#include <vector>

#include "provider/base/text.h"
#include "provider/schema/template_id.h"
#include "tests/support/plan_oracle/host.h"
#include "tests/support/plan_oracle/member.h"
#include "tests/support/plan_oracle/random_value.h"
#include "tests/support/plan_oracle/shown.h"

namespace fediversity::oracle {
namespace {

using wire::Value;

// The attributes in which two objects differ, with both values.
std::string Differing(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() == b.is_null() ? "" : "(the object as a whole)";
  std::string text;
  for (const auto& [name, value] : a.entries()) {
    Value const other = Member(b, name);
    if (!(value == other))
      text += Cat({text.empty() ? "" : "; ", name, ": ", Shown(value), " -> ", Shown(other)});
  }
  return text;
}

// What a person would type as the import id of `state`.
std::string ImportId(const schema::Table& table, const Value& state) {
  std::string id = table.import_id;
  for (const schema::Row& row : table.rows) {
    std::string const name = Cat({"{", row.name, "}"});
    std::size_t const at = id.find(name);
    if (at == std::string::npos) continue;
    Value const part = Member(state, row.name);
    std::string const text = part.kind() == Value::Kind::kString   ? part.string()
                             : part.kind() == Value::Kind::kNumber ? part.number().ToPlain()
                             : part.kind() == Value::Kind::kBool   ? (part.bool_value() ? "true" : "false")
                                                                   : "";
    id.replace(at, name.size(), text);
  }
  return id;
}

class Life {
 public:
  Life(const Subject& subject, std::uint64_t seed, const Effort& effort)
      : subject_(subject),
        effort_(effort),
        random_(seed),
        host_(subject.resource) {}

  Faults Run() {
    config_ = subject_.config(random_);
    bool alive = Turn("create");
    for (int i = 0; alive && i < effort_.changes; ++i) {
      config_ = subject_.change ? subject_.change(random_, config_) : subject_.config(random_);
      alive = Turn("change");
      if (alive && subject_.disturb && random_.Percent(40)) {
        subject_.disturb(random_);
        ++tally_.disturbances;
        alive = Refresh("after a disturbance") && Turn("repair");
      }
    }
    if (alive) ImportAndCompare();
    if (alive && host_.exists()) End();
    if (effort_.tally != nullptr) Count(*effort_.tally);
    Faults faults = host_.faults();
    faults.insert(faults.end(), faults_.begin(), faults_.end());
    return faults;
  }

 private:
  void Fault(std::string_view where, std::string_view what) { faults_.push_back(Cat({where, ": ", what})); }

  void Count(Tally& total) const {
    total.creates += tally_.creates;
    total.updates += tally_.updates;
    total.replacements += tally_.replacements;
    total.failures += tally_.failures;
    total.disturbances += tally_.disturbances;
    total.imports += tally_.imports;
  }

  bool Refresh(std::string_view where) {
    if (host_.Refresh()) return true;
    Fault(where, Cat({"refresh failed: ", host_.Errors()}));
    return false;
  }

  void Count(std::string_view where) {
    if (!subject_.count) return;
    std::size_t const held = subject_.count();
    std::size_t const known = host_.exists() ? 1 : 0;
    if (held != known) {
      Fault(where, Cat({"the service holds ", std::to_string(held), " objects, state knows of ",
                        std::to_string(known)}));
    }
  }

  // Plans and applies the present configuration until the object is as configured; then nothing is left to do.
  bool Turn(std::string_view where) {
    bool const failing = subject_.fail && random_.Percent(30);
    if (failing) subject_.fail(random_);
    auto const applied = PlanAndApply(where);
    bool const struck = failing && subject_.struck();
    if (!applied.has_value()) return false;
    if (*applied && struck) Fault(where, "the service failed, but apply succeeded");
    if (!*applied) {
      if (!struck) {
        Fault(where, Cat({"apply failed: ", host_.Errors()}));
        return false;
      }
      ++tally_.failures;
      Count(Cat({where, ", failed"}));
      if (!Refresh(Cat({where, ", failed"}))) return false;
      auto const repeated = PlanAndApply(Cat({where, ", once more"}));
      if (!repeated.has_value()) return false;
      if (!*repeated) {
        Fault(where, Cat({"apply failed again: ", host_.Errors()}));
        return false;
      }
    }
    Count(where);
    return Settled(where);
  }

  // nullopt where planning failed; otherwise whether apply succeeded.
  std::optional<bool> PlanAndApply(std::string_view where) {
    bool const unknowns = effort_.unknowns && random_.Percent(50);
    Value planned_with = unknowns ? WithUnknowns(random_, subject_.resource.table(), config_) : config_;
    for (const std::string& name : subject_.known_at_plan) planned_with.Set(name, *config_.Find(name));
    auto const plan = host_.MakePlan(planned_with);
    if (!plan.has_value()) {
      Fault(where, Cat({"planning failed: ", host_.Errors()}));
      return std::nullopt;
    }
    tally_.creates += plan->action == Host::Action::kCreate ? 1 : 0;
    tally_.updates += plan->action == Host::Action::kUpdate ? 1 : 0;
    tally_.replacements += plan->action == Host::Action::kReplace ? 1 : 0;
    return host_.Apply(*plan, config_);
  }

  bool Settled(std::string_view where) {
    Value const before = host_.state();
    if (!Refresh(where)) return false;
    if (!(host_.state() == before)) {
      Fault(where, Cat({"reads back differently after apply: ", Differing(before, host_.state())}));
    }
    return Unchanged(where, host_, config_);
  }

  bool Unchanged(std::string_view where, Host& host, const Value& config) {
    auto const plan = host.MakePlan(config);
    if (!plan.has_value()) {
      Fault(where, Cat({"planning again failed: ", host.Errors()}));
      return false;
    }
    if (plan->action == Host::Action::kNoOp) return true;
    Fault(where, Cat({"the plan is not empty but says ", ToString(plan->action), ": ",
                      Differing(plan->before, plan->after)}));
    return false;
  }

  void ImportAndCompare() {
    if (!host_.exists()) return;
    const schema::Table& table = subject_.resource.table();
    schema::ImportRequest request;
    auto const identity = schema::IdentityOf(table, host_.state());
    if (subject_.import) {
      request = subject_.import(host_.state());
    } else if (!table.import_id.empty() && (!identity.has_value() || random_.Percent(50))) {
      request.id = ImportId(table, host_.state());
    } else if (identity.has_value()) {
      request.identity = *identity;
    } else {
      return Fault("import", "the type can be imported neither by id nor by identity");
    }
    Host importer(subject_.resource);
    if (!importer.Import(request)) {
      Fault("import", Cat({"failed: ", importer.Errors()}));
    } else {
      ++tally_.imports;
      Unchanged("import", importer, subject_.imported_config ? subject_.imported_config(config_) : config_);
    }
    for (const std::string& fault : importer.faults()) Fault("import", fault);
  }

  void End() {
    if (!host_.Destroy()) return Fault("destroy", Cat({"failed: ", host_.Errors()}));
    if (host_.exists()) Fault("destroy", "state still holds the object");
    Count("destroy");
  }

  const Subject& subject_;
  Effort effort_;
  Random random_;
  Host host_;
  Value config_;
  Tally tally_;
  Faults faults_;
};

}  // namespace

Faults Exercise(const Subject& subject, std::uint64_t seed, const Effort& effort) {
  return Life(subject, seed, effort).Run();
}

Faults ExerciseProvider(const schema::Provider& provider,
                        const std::function<std::optional<Subject>(schema::AnyResource&)>& subject_of,
                        std::uint64_t first_seed, std::uint64_t seeds, const Effort& effort) {
  Faults faults;
  for (const auto& resource : provider.resources) {
    std::optional<Subject> const subject = subject_of(*resource);
    if (!subject.has_value()) {
      faults.push_back(Cat({resource->table().name, ": nothing exercises this type"}));
      continue;
    }
    for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
      for (const std::string& fault : Exercise(*subject, seed, effort)) {
        faults.push_back(Cat({resource->table().name, ", seed ", std::to_string(seed), ": ", fault}));
      }
    }
  }
  return faults;
}

}  // namespace fediversity::oracle
