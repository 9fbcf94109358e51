#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_HOST_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_HOST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/base/cancel.h"
#include "provider/schema/engine.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::oracle {

// Plays OpenTofu for one resource instance: keeps its state, calls the engine in the order that `tofu plan`,
// `apply`, `import` and `destroy` do, and holds every answer against what OpenTofu checks. Every value passes
// through msgpack, and state through JSON, as it does between real processes. Used by one thread.
class Host {
 public:
  enum class Action : std::uint8_t { kNoOp, kCreate, kUpdate, kReplace, kDelete };

  struct Plan {
    Action action = Action::kNoOp;
    wire::Value config;
    wire::Value before, after;
    std::vector<wire::Path> replace;
    std::string private_bytes;
  };

  explicit Host(schema::AnyResource& resource) : resource_(resource) {}

  bool exists() const { return !state_.is_null(); }
  const wire::Value& state() const { return state_; }
  bool tainted() const { return tainted_; }

  // Reads the state from its file and refreshes it. False where the provider reported an error.
  bool Refresh();
  // Validates and plans; `config` may hold unknowns. nullopt where the provider reported an error.
  std::optional<Plan> MakePlan(const wire::Value& config);
  // Plans again with `config`, now known, and applies. False where the provider reported an error; state then holds
  // what the host would keep.
  bool Apply(const Plan& plan, const wire::Value& config);
  bool Apply(const Plan& plan) { return Apply(plan, plan.config); }
  bool Destroy();
  // Tells the call that is going on, and all that follow, to give up, as the end of the host does. Thread-safe.
  void Interrupt() { cancel_.Cancel(); }
  // Imports and reads.
  bool Import(const schema::ImportRequest& request);

  // Everything by which the provider broke the protocol so far.
  const Faults& faults() const { return faults_; }
  // Of the last call, errors and warnings.
  const std::vector<schema::Diagnostic>& diagnostics() const { return diagnostics_; }
  // The errors among them, for messages.
  std::string Errors() const;

 private:
  schema::CallContext call() const { return {.cancel = cancel_, .write_only_allowed = true}; }
  const schema::Table& table() const { return resource_.table(); }

  // What arrives when `value` is sent.
  wire::Value Sent(const wire::Value& value, std::string_view what);
  void Note(std::string_view what, const Faults& faults);
  bool Take(const schema::Diagnostics& diagnostics);
  void CheckIdentity(std::string_view what, const std::optional<wire::Value>& identity,
                     const wire::Value& object);

  std::optional<schema::PlanResponse> PlanOnce(const wire::Value& prior, const wire::Value& config,
                                               const std::string& prior_private);
  bool ApplyOnce(const wire::Value& prior, const wire::Value& planned, const wire::Value& config,
                 const std::string& planned_private);

  schema::AnyResource& resource_;
  CancelToken cancel_;
  wire::Value state_;
  std::string private_bytes_;
  bool tainted_ = false;
  Faults faults_;
  std::vector<schema::Diagnostic> diagnostics_;
};

std::string_view ToString(Host::Action action);

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_HOST_H_
