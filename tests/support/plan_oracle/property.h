#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_PROPERTY_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_PROPERTY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/schema/engine.h"
#include "provider/schema/provider.h"
#include "tests/support/plan_oracle/oracle.h"
#include "tests/support/plan_oracle/random.h"

namespace fediversity::oracle {

// A resource type whose service works, and what to try with it.
struct Subject {
  schema::AnyResource& resource;
  // A valid configuration, wholly known; each call may describe another object.
  std::function<wire::Value(Random&)> config;
  // Another valid configuration of the object that `config` describes. Absent: `config` is called again.
  std::function<wire::Value(Random&, const wire::Value& config)> change;
  // Somebody else changes or removes the object at the service. Absent: nobody does.
  std::function<void(Random&)> disturb;
  // Makes the next create or update fail. Absent: none does.
  std::function<void(Random&)> fail;
  // Whether that failure has struck; in any case nothing fails from here on.
  std::function<bool()> struck;
  // How many objects the service holds, of those that this life may have made. Absent: not asked.
  std::function<std::size_t()> count;
  // How to import the object with this state. Absent: by identity, else by id where the table has a template.
  std::function<schema::ImportRequest(const wire::Value& state)> import;
  // The configuration that a person would write for the imported object. Absent: the one that it was made with.
  std::function<wire::Value(const wire::Value& config)> imported_config;
  // Attributes that a plan refuses while they are not known.
  std::vector<std::string> known_at_plan = {};
};

// What a life has seen, for tests of the test.
struct Tally {
  int creates = 0, updates = 0, replacements = 0, failures = 0, disturbances = 0, imports = 0;
};

struct Effort {
  int changes = 3;         // how often the configuration is changed
  bool unknowns = true;    // plan with values that are known only at apply
  Tally* tally = nullptr;  // counted up
};

// Takes one object through its life: create, refresh, plan again, change, replace, drift, failures, import,
// destroy. Answers everything by which the provider broke the protocol or a promise of ours: a plan that is not
// empty right after an apply or an import, an error where there was no reason, an object lost or left behind.
// The same seed gives the same life.
Faults Exercise(const Subject& subject, std::uint64_t seed, const Effort& effort = {});

// Exercises every resource type of `provider`, each with seeds first_seed ... first_seed + seeds - 1. `subject_of`
// answers nullopt for a type that it knows nothing of, which is a fault: no type goes untested unnoticed.
Faults ExerciseProvider(const schema::Provider& provider,
                        const std::function<std::optional<Subject>(schema::AnyResource&)>& subject_of,
                        std::uint64_t first_seed, std::uint64_t seeds, const Effort& effort = {});

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_PROPERTY_H_
